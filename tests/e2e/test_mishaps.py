"""What happens at real desks: expired sessions, double clicks, two at once, "back", no JavaScript."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from agencies import access
from agencies.referrals.models import Referral, ReferralEvent
from agencies.roles import Role
from tests.e2e import steps
from tests.e2e.conftest import sign_in
from tests.factories import open_case
from tests.referrals.loop import Loop, State

TEXT = "Ein langer Text, den niemand zweimal schreiben will."


@pytest.fixture
def clerk(portal):
    return portal.members(("jobcenter", Role.FALLMANAGEMENT))[0]


@pytest.fixture
def case(portal, clerk):
    with portal.prepared():
        return open_case(clerk, family_name="Wiedehopf", given_name="Sami")


def sent_acts(portal: Any, clerk: Any, case: Any) -> list[tuple[str, int]]:
    """The state of each referral of the case and how often it was sent."""
    with portal.prepared(), access.acting(clerk):
        return [
            (referral.state, ReferralEvent.objects.filter(referral=referral, act="send").count())
            for referral in Referral.objects.filter(case_id=case.pk)
        ]


def test_text_survives_an_expired_session(portal, visit, case):
    (member,) = portal.members(("jobcenter", Role.SACHBEARBEITUNG))
    page = visit(member)
    page.goto(case.get_absolute_url())
    page.get_by_role("link", name=re.compile("^Notiz.*: Kontakt$")).click()
    page.get_by_role("dialog").locator("textarea").fill(TEXT)
    with portal.prepared():
        cookies = [cookie["value"] for cookie in page.context.cookies()]
        assert Session.objects.filter(pk__in=cookies).delete()[0] == 1
    portal.sessions.pop(member.user.username)
    page.get_by_role("dialog").locator("button:not([type=button])").first.click()
    page.wait_for_url("**/konto/login/**")
    sign_in(page, member.user.username)
    page.wait_for_url(f"**{case.get_absolute_url()}")
    page.get_by_role("link", name=re.compile("^Notiz.*: Kontakt$")).click()

    expect(page.get_by_role("dialog").locator("textarea")).to_have_value(TEXT)
    page.get_by_role("dialog").locator("button:not([type=button])").first.click()
    expect(page.get_by_text(TEXT)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_double_click_sends_once(portal, visit, clerk, case, script):
    page = visit(clerk, java_script_enabled=script)
    page.goto(case.get_absolute_url())
    steps.write_referral(page, "Jugendamt", TEXT)
    page.get_by_role("button", name="Überweisung senden").dblclick(no_wait_after=True)
    page.wait_for_url(re.compile(r"/ueberweisungen/[0-9a-f-]{36}/$"))

    assert sent_acts(portal, clerk, case) == [("sent", 1)]


def test_back_after_sending_sends_nothing_twice(portal, visit, clerk, case):
    page = visit(clerk)
    page.goto(case.get_absolute_url())
    steps.write_referral(page, "Jugendamt", TEXT)
    referral = steps.send(page)
    page.go_back()
    if button := page.get_by_role("button", name="Überweisung senden").all():
        button[0].click()
    expect(page).to_have_url(referral)

    assert sent_acts(portal, clerk, case) == [("sent", 1)]


def test_of_two_who_accept_one_wins_and_the_other_reads_who(portal, visit):
    first, second = portal.members(("jugendamt", Role.TEAMLEITUNG), ("jugendamt", Role.EINGANG))
    with portal.prepared() as county:
        referral = Loop(county).at(State.RECEIVED)
    pages = [visit(first), visit(second)]
    dialogs = []
    for page in pages:
        page.goto(referral.get_absolute_url())
        dialogs.append(steps.open_act(page, "Annehmen"))
    for dialog in dialogs:
        dialog.get_by_role("button", name="Annehmen", exact=True).click()

    expect(pages[0].get_by_text("Die Überweisung ist angenommen.")).to_be_visible()
    expect(pages[1].get_by_text("Jemand war schneller")).to_be_visible()
    expect(pages[1].locator("main")).to_contain_text(first.name)


def test_theme_is_switched_and_kept(visit, clerk):
    page = visit(clerk, color_scheme="light")
    page.goto("/arbeitsplatz/")
    bright = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    page.locator("summary").filter(has_text="Mein Konto").click()
    page.get_by_label("dunkel").check()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-kern-theme", "dark")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") != bright


def test_without_javascript_a_case_is_opened_and_referred(portal, visit, clerk):
    page = visit(clerk, java_script_enabled=False)
    page.goto("/faelle/neu/")
    page.get_by_label("Familienname").fill("Rotkehlchen")
    page.get_by_label("Vorname").fill("Hamid")
    page.get_by_label("Geburtsdatum").fill("00.00.1990")
    page.locator("main").get_by_role("button", name="Fall anlegen").click()
    page.wait_for_url(re.compile(r"/faelle/[0-9a-f-]{36}/$"))
    steps.write_referral(page, "Jugendamt", TEXT)
    steps.send(page)

    expect(page.locator("main")).to_contain_text("gesendet")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rotkehlchen")
