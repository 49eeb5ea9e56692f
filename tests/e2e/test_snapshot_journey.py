"""What goes to those who may not browse: a frozen copy, after a notice, until it is taken back."""

import pytest
from playwright.sync_api import expect

from agencies.enums import Category
from agencies.roles import Role
from tests.e2e import steps
from tests.factories import open_case, share

NAME = "Eisvogel"


@pytest.fixture
def people(portal):
    return portal.members(
        ("jobcenter", Role.TEAMLEITUNG),
        ("auslaenderbehoerde", Role.SACHBEARBEITUNG),
        ("auslaenderbehoerde", Role.TEAMLEITUNG),
    )


def test_immigration_authority_reads_a_copy_after_the_notice(portal, visit, people):
    lead, reader, _other = people
    with portal.prepared():
        phone = {Category.CONTACT: {"phone": "0170 815"}}
        case = open_case(lead, family_name=NAME, given_name="Amira", sections=phone)
    desk, counter = visit(lead), visit(reader)
    address = f"{portal.url}{case.get_absolute_url()}"

    desk.goto(address)
    desk.locator("main").get_by_role("link", name="Überweisen", exact=True).first.click()
    row = desk.get_by_role("row").filter(has_text="Ausländerbehörde")
    row.get_by_role("link", name="Stelle").first.click()
    desk.locator("textarea[name=request]").fill("Bitte die Beschäftigungserlaubnis prüfen.")
    desk.get_by_role("button", name="Weiter zur Vorschau").click()
    expect(desk.locator(".kr-error-summary")).to_contain_text("Warum braucht die Stelle diese Daten?")
    desk.locator("textarea[name=necessity]").fill("Ersuchen vom 3. Mai.")
    expect(desk.get_by_label("Rechtsgrundlage")).to_have_value("sgb10_71_2")
    desk.get_by_role("button", name="Weiter zur Vorschau").click()
    promised = steps.released(desk)
    assert any(NAME in part for part in promised)
    assert not any("0170 815" in part for part in promised)
    expect(desk.locator("main")).to_contain_text(lead.name)
    referral = steps.send(desk)

    counter.goto("/ueberweisungen/")
    assert NAME not in counter.content()
    counter.goto(referral)
    assert NAME not in counter.content()
    expect(counter.get_by_text("§ 78 Abs. 1 SGB X").first).to_be_visible()
    counter.get_by_role("button", name="Gelesen, Zweckbindung beachte ich").click()
    expect(counter.locator(".kr-preview__body [data-part]").first).to_be_visible()
    assert steps.released(counter) == promised
    assert counter.goto(address).status == 404
    counter.goto(f"/suche/?q={NAME}")
    assert counter.locator("#hits a").count() == 0

    desk.goto(referral)
    steps.act(desk, "Zurückziehen", text="Erledigt.", said="Die Überweisung ist zurückgezogen.")
    counter.goto(referral)
    assert steps.released(counter) == []
    assert NAME not in counter.content()


def test_revoked_disclosure_is_unreadable_on_the_next_click(portal, visit):
    lead, youth = portal.members(("jobcenter", Role.TEAMLEITUNG), ("jugendamt", Role.TEAMLEITUNG))
    with portal.prepared() as county:
        case = open_case(lead, family_name="Zaunkönig")
        share(case, Category.IDENTITY, to=county["jugendamt"], by=lead)
    desk, office = visit(lead), visit(youth)
    address = f"{portal.url}{case.get_absolute_url()}"
    assert office.goto(address).status == 200
    expect(office.get_by_role("heading", level=1)).to_contain_text("Zaunkönig")

    desk.goto(f"{address}freigaben/")
    desk.locator("main").get_by_role("link", name="Beenden").first.click()
    dialog = desk.get_by_role("dialog")
    dialog.locator("[name=reason]").fill("Nicht mehr nötig.")
    dialog.locator("button:not([type=button])").first.click()
    expect(dialog).to_be_hidden()

    assert office.reload().status == 404
    office.goto("/faelle/")
    assert "Zaunkönig" not in office.content()
