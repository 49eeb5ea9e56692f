"""Two tabs, two agencies: what was written for the one does not go to the other, and is not lost."""

from playwright.sync_api import Page, expect

from agencies import actions
from agencies.roles import Role
from tests.factories import make_member


def choose(page: Page, agency: str) -> None:
    page.goto("/konto/stelle/")
    page.get_by_role("listitem").filter(has_text=agency).get_by_role("button").click()
    page.wait_for_url("**/arbeitsplatz/")


def test_form_of_one_tab_waits_for_its_own_agency(visit, portal):
    with portal.prepared() as county:
        member = make_member(county["jobcenter"], Role.FALLMANAGEMENT)
        actions.join(member.user, county["jugendamt"], role=Role.FALLMANAGEMENT, teams=[])
        first, second = county["jobcenter"].name, county["jugendamt"].name
    page = visit(member)
    page.goto("/faelle/neu/")
    page.get_by_label("Familienname").fill("Zwischendurch")
    choose(page.context.new_page(), second)
    page.get_by_role("button", name="Fall anlegen").click()
    expect(page.get_by_role("heading", name=f"Sie arbeiten inzwischen für: {second}")).to_be_visible()
    page.get_by_role("link", name="Stelle wechseln").first.click()
    choose(page, first)
    page.goto("/faelle/neu/")
    assert page.get_by_label("Familienname").input_value() == "Zwischendurch"
