"""The search in the header: hits while one types, reached by the keyboard, and a page without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from agencies.roles import Role
from tests.e2e.axe import problems
from tests.factories import open_case


@pytest.fixture
def clerk(portal):
    (member,) = portal.members(("jobcenter", Role.FALLMANAGEMENT))
    with portal.prepared():
        open_case(member, family_name="Zaunkönig", given_name="Amal")
    return member


def field(page: Page):
    return page.get_by_role("banner").get_by_role("searchbox")


def not_covered(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without links that lie half under the open hits: Escape or a click brings them back."""
    kept = {
        where: [line for line in what if "partially obscured" not in line] for where, what in found.items()
    }
    return {where: what for where, what in kept.items() if what}


def test_hits_appear_while_typing_and_open_by_keyboard(visit, clerk):
    page = visit(clerk)
    page.goto("/arbeitsplatz/")
    steps = page.evaluate("() => history.length")
    page.keyboard.press("/")
    page.keyboard.type("Zaunkoenig", delay=20)
    hit = page.locator("#kr-search-hits").get_by_role("link", name="Zaunkönig").first
    expect(hit).to_be_visible()
    expect(page.locator("#kr-search-said")).to_contain_text("Treffer")
    assert not_covered(problems(page)) == {}
    field(page).focus()
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("Escape")
    expect(hit).to_be_hidden()
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("Zaunkoenig")
    assert page.evaluate("() => history.length") == steps

    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/faelle/[0-9a-f-]{36}/$"))


def test_hits_are_gone_when_the_search_is_left_or_emptied(visit, clerk):
    page = visit(clerk)
    page.goto("/arbeitsplatz/")
    field(page).fill("Zaunkönig")
    hits = page.locator("#kr-search-hits")
    expect(hits).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(hits).to_be_hidden()
    field(page).focus()
    expect(hits).to_be_visible()
    field(page).fill("")
    expect(hits).to_be_hidden()
    field(page).fill("gibtesnicht")
    expect(hits).to_contain_text("Kein Treffer")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_enter_leads_to_the_page_of_hits(visit, clerk, script):
    page = visit(clerk, java_script_enabled=script)
    page.goto("/faelle/")
    field(page).fill("Zaunkönig")
    field(page).press("Enter")
    page.wait_for_url("**/suche/?q=*")

    expect(page.locator("main").get_by_role("link", name="Zaunkönig").first).to_be_visible()


def test_search_page_says_how_many_while_typing(visit, clerk):
    page = visit(clerk)
    page.goto("/suche/")
    page.locator("main").get_by_role("searchbox").fill("Zaunkönig")

    expect(page.locator("main").get_by_role("link", name="Zaunkönig").first).to_be_visible()
    expect(page.locator("main").get_by_role("status").filter(has_text="Treffer")).to_be_visible()
