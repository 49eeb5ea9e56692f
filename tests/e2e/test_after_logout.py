"""A shared desk: what "back" shows to the next person after a logout."""

from playwright.sync_api import expect

from agencies.roles import Role
from tests.factories import open_case


def test_back_after_the_logout_shows_no_case(portal, visit):
    (clerk,) = portal.members(("jobcenter", Role.TEAMLEITUNG))
    with portal.prepared():
        case = open_case(clerk, family_name="Wiesenpieper")
    page = visit(clerk)
    page.goto(case.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wiesenpieper")
    page.locator("summary").filter(has_text="Mein Konto").click()
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url("**/konto/login/**")
    portal.sessions.pop(clerk.user.username)
    page.go_back()

    page.wait_for_url("**/konto/login/**")
    expect(page.locator("body")).not_to_contain_text("Wiesenpieper")
