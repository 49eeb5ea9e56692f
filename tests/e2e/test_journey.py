"""The whole loop between jobcenter and youth office in the browser, with a third agency watching in vain."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from agencies.roles import Role
from tests.e2e import steps
from tests.e2e.conftest import Portal, Visitors
from tests.e2e.outsider import Outsider

FAMILY, GIVEN, BORN = "Nachtigall-Zarifi", "Mahbooba", "17.09.1987"
DEBTS = "Ratenzahlung Inkasso Blauwal"
PHONE_NOTE = "Erreichbar nach dem Deutschkurs."
REQUEST = "Bitte einen Kita-Platz für den jüngsten Sohn suchen."


@pytest.fixture
def way(portal: Portal, visit: Visitors) -> SimpleNamespace:
    """Who takes part, at which page, and what has come into being on the way."""
    clerk, youth, social = portal.members(
        ("jobcenter", Role.FALLMANAGEMENT),
        ("jugendamt", Role.TEAMLEITUNG),
        ("sozialamt", Role.TEAMLEITUNG),
    )
    third = Outsider(visit(social), social, portal.mailbox)
    return SimpleNamespace(desk=visit(clerk), office=visit(youth), youth=youth, third=third, referral="")


def closes_without_outcome(page: Page, referral: str) -> bool:
    """Whether a referral without outcome can be closed past its page, which does not offer it."""
    page.goto(referral)
    assert page.get_by_role("link", name="Abschließen …").count() == 0
    names = ("csrfmiddlewaretoken", "seen")
    form = {name: page.locator(f"input[name={name}]").first.input_value() for name in names}
    page.request.post(f"{referral}close/", form={**form, "outcome": "achieved"})
    page.goto(referral)
    return "abgeschlossen" in page.locator(".kr-aside").inner_text()


def open_case(way: SimpleNamespace) -> None:
    way.case = steps.create_case_by_keyboard(way.desk, FAMILY, GIVEN, BORN)
    way.reference = re.search(r"K-\d{4}-\d+", way.desk.locator("main").inner_text()).group()
    way.third.words = [FAMILY, GIVEN, BORN, way.reference]


def fill_sections(way: SimpleNamespace) -> None:
    steps.note(way.desk, "Schulden", DEBTS)
    steps.note(way.desk, "Kontakt", PHONE_NOTE)
    way.desk.get_by_role("link", name=re.compile("^Bearbeiten.*Identität$")).click()
    way.desk.locator("[name=birth_place]").fill("Herat")
    way.desk.get_by_role("button", name="Speichern").click()
    expect(way.desk.get_by_text("Herat").first).to_be_visible()


def preview(way: SimpleNamespace) -> None:
    steps.write_referral(way.desk, "Jugendamt", REQUEST)
    way.promised = steps.released(way.desk)
    assert any("Herat" in part for part in way.promised)
    assert not any(DEBTS in part for part in way.promised)
    way.referral = way.desk.url.removesuffix("vorschau/")


def send(way: SimpleNamespace) -> None:
    address, mailbox = way.youth.user.email, way.third.mailbox
    before = len(mailbox.of(address))
    assert steps.send(way.desk) == way.referral
    mailbox.wait_for(address, before + 1)


def receive(way: SimpleNamespace) -> None:
    way.office.goto("/ueberweisungen/")
    way.office.get_by_role("link", name=f"{FAMILY}, {GIVEN}").click()
    expect(way.office).to_have_url(way.referral)
    assert steps.released(way.office) == way.promised
    way.desk.goto(way.referral)
    expect(way.desk.locator("main")).to_contain_text("eingegangen")


def ask_and_answer(way: SimpleNamespace) -> None:
    steps.act(way.office, "Rückfrage stellen", text="Seit wann?", said="Ihre Rückfrage ist gesendet.")
    way.desk.goto(way.referral)
    way.desk.locator("form#speak-answer textarea").fill("Seit Mai.")
    way.desk.get_by_role("button", name="Antwort senden").click()
    expect(way.desk.get_by_text("Ihre Antwort ist gesendet.")).to_be_visible()
    way.office.goto(way.referral)
    expect(way.office.get_by_text("Seit Mai.")).to_be_visible()


def accept_and_start(way: SimpleNamespace) -> None:
    steps.act(way.office, "Annehmen", said="Die Überweisung ist angenommen.")
    way.office.get_by_role("button", name="Beginn melden").click()
    expect(way.office.get_by_text("Der Beginn ist gemeldet.")).to_be_visible()
    assert not closes_without_outcome(way.desk, way.referral)


def report(way: SimpleNamespace) -> None:
    result = {"choice": "Ziel erreicht", "text": "Platz ab August."}
    steps.act(way.office, "Ergebnis melden", **result, said="Das Ergebnis ist gemeldet.")
    way.desk.goto(way.referral)
    expect(way.desk.get_by_text("Platz ab August.").first).to_be_visible()


def close(way: SimpleNamespace) -> None:
    steps.act(way.desk, "Abschließen", said="Die Überweisung ist abgeschlossen.")


STEPS = (
    *(open_case, fill_sections, preview, send, receive),
    *(ask_and_answer, accept_and_start, report, close),
)


def test_loop_from_new_case_to_closed_referral(portal, way):
    for step in STEPS:
        step(way)
        way.third.check(way.case, way.referral)

    pages = ("", "verlauf/", "freigaben/")
    for path in (*(way.case + page for page in pages), way.referral, "/faelle/", "/ueberweisungen/"):
        way.office.goto(path)
        assert DEBTS not in way.office.content()
    assert way.office.goto(f"{way.case}debts/bearbeiten/").status in (403, 404)
    texts = "\n".join(mail.text for mail in portal.mailbox.mails)
    secrets = [FAMILY, GIVEN, BORN, way.reference, DEBTS, REQUEST]
    assert [secret for secret in secrets if secret in texts] == []
    assert f"{portal.url}/ueberweisungen/" in texts
