"""A new case without a mouse: how often Tab is pressed for the required fields alone."""

import re

import pytest
from playwright.sync_api import expect

from agencies.roles import Role
from tests.e2e import steps

#: Three fields, the team, the box beside it, six fields that may stay empty, and the button.
MOST_TABS = 11


@pytest.fixture
def page(portal, visit):
    (member,) = portal.members(("jobcenter", Role.EINGANG))
    return visit(member)


def test_case_with_the_required_fields_takes_few_tabs(page):
    page.goto("/faelle/neu/")
    tabs = 0
    for label, text in {"Familienname": "Eisvogel", "Vorname": "Nadia", "Geburtsdatum": "00.00.1990"}.items():
        tabs += steps.tab_to(page, label)
        page.keyboard.type(text)
    tabs += steps.tab_to(page, "Federführendes Team")
    page.keyboard.press("ArrowDown")
    tabs += steps.tab_to(page, "Fall anlegen")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/faelle/[0-9a-f-]{36}/$"))

    expect(page.get_by_role("heading", level=1)).to_contain_text("Eisvogel")
    assert tabs <= MOST_TABS


def test_start_page_leads_to_the_form_within_its_header(page):
    page.goto("/arbeitsplatz/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert steps.tab_to(page, "Fall anlegen") == 1
