"""The whole loop between jobcenter and youth office in the browser, with a third agency watching in vain."""

import re

import pytest
from playwright.sync_api import Page, expect

from agencies.models import Membership
from agencies.roles import Role
from tests.e2e import steps
from tests.e2e.conftest import Portal
from tests.e2e.outsider import Outsider

FAMILY, GIVEN, BORN = "Nachtigall-Zarifi", "Mahbooba", "17.09.1987"
DEBTS = "Ratenzahlung Inkasso Blauwal"
PHONE_NOTE = "Erreichbar nach dem Deutschkurs."
REQUEST = "Bitte einen Kita-Platz für den jüngsten Sohn suchen."


@pytest.fixture
def staff(portal: Portal) -> list[Membership]:
    return portal.members(
        ("jobcenter", Role.FALLMANAGEMENT),
        ("jugendamt", Role.TEAMLEITUNG),
        ("sozialamt", Role.TEAMLEITUNG),
    )


def closes_without_outcome(page: Page, referral: str) -> bool:
    """Whether a referral without outcome can be closed past its page, which does not offer it."""
    page.goto(referral)
    assert page.get_by_role("link", name="Abschließen …").count() == 0
    names = ("csrfmiddlewaretoken", "seen")
    form = {name: page.locator(f"input[name={name}]").first.input_value() for name in names}
    page.request.post(f"{referral}close/", form={**form, "outcome": "achieved"})
    page.goto(referral)
    return "abgeschlossen" in page.locator(".kr-aside").inner_text()


def test_loop_from_new_case_to_closed_referral(portal, visit, staff):
    clerk, youth, social = staff
    third = Outsider(visit(social), social, portal.mailbox)
    desk, office = visit(clerk), visit(youth)

    case = steps.create_case_by_keyboard(desk, FAMILY, GIVEN, BORN)
    reference = re.search(r"K-\d{4}-\d+", desk.locator("main").inner_text()).group()
    secrets = [FAMILY, GIVEN, BORN, reference, DEBTS, REQUEST]
    third.words = [FAMILY, GIVEN, BORN, reference]
    third.check(case)

    steps.note(desk, "Schulden", DEBTS)
    steps.note(desk, "Kontakt", PHONE_NOTE)
    desk.get_by_role("link", name=re.compile("^Bearbeiten.*Identität$")).click()
    desk.locator("[name=birth_place]").fill("Herat")
    desk.get_by_role("button", name="Speichern").click()
    expect(desk.get_by_text("Herat").first).to_be_visible()
    third.check(case)

    steps.write_referral(desk, "Jugendamt", REQUEST)
    promised = steps.released(desk)
    assert any("Herat" in part for part in promised)
    assert not any(DEBTS in part for part in promised)
    third.check(case, desk.url.removesuffix("vorschau/"))
    mails = len(portal.mailbox.of(youth.user.email))
    referral = steps.send(desk)
    portal.mailbox.wait_for(youth.user.email, mails + 1)
    third.check(case, referral)

    office.goto("/ueberweisungen/")
    office.get_by_role("link", name=f"{FAMILY}, {GIVEN}").click()
    expect(office).to_have_url(referral)
    assert steps.released(office) == promised
    desk.goto(referral)
    expect(desk.locator("main")).to_contain_text("eingegangen")
    third.check(case, referral)

    steps.act(office, "Rückfrage stellen", text="Seit wann?", said="Ihre Rückfrage ist gesendet.")
    desk.goto(referral)
    desk.locator("form#speak-answer textarea").fill("Seit Mai.")
    desk.get_by_role("button", name="Antwort senden").click()
    expect(desk.get_by_text("Ihre Antwort ist gesendet.")).to_be_visible()
    third.check(case, referral)

    office.goto(referral)
    expect(office.get_by_text("Seit Mai.")).to_be_visible()
    steps.act(office, "Annehmen", said="Die Überweisung ist angenommen.")
    office.get_by_role("button", name="Beginn melden").click()
    expect(office.get_by_text("Der Beginn ist gemeldet.")).to_be_visible()
    assert not closes_without_outcome(desk, referral)
    third.check(case, referral)

    steps.act(
        office,
        "Ergebnis melden",
        choice="Ziel erreicht",
        text="Platz ab August.",
        said="Das Ergebnis ist gemeldet.",
    )
    desk.goto(referral)
    expect(desk.get_by_text("Platz ab August.").first).to_be_visible()
    steps.act(desk, "Abschließen", said="Die Überweisung ist abgeschlossen.")
    third.check(case, referral)

    for path in (case, f"{case}verlauf/", f"{case}freigaben/", referral, "/faelle/", "/ueberweisungen/"):
        office.goto(path)
        assert DEBTS not in office.content()
    assert office.goto(f"{case}debts/bearbeiten/").status in (403, 404)
    texts = "\n".join(mail.text for mail in portal.mailbox.mails)
    assert [secret for secret in secrets if secret in texts] == []
    assert f"{portal.url}/ueberweisungen/" in texts
