"""Planning in the browser: the order by mouse and by keyboard, who to invite, news while the page is open."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies import access
from agencies.roles import Role
from agencies.roundtable import actions
from agencies.roundtable.models import Meeting
from tests.factories import make_member

TITLES = ("Sprachkurse", "Wohnraum", "Fahrtkosten")


@pytest.fixture
def meeting(portal) -> Meeting:
    with portal.prepared() as county:
        by = county.member("jobcenter", Role.TEAMLEITUNG)
        with access.acting(by):
            name = f"Tisch {timezone.now():%H%M%S%f}"
            table = actions.found(by=by, agencies=[county["kvhs"], county["jugendamt"]], name=name)
            made = actions.plan(table, by=by, starts_at=timezone.now() + timedelta(days=2))
            for title in TITLES:
                actions.add_topic(made, by=by, title=title)
            actions.invite(made, members=[county.member("jugendamt", Role.TEAMLEITUNG)], by=by)
    return made


def expect_order(page: Page, *titles: str) -> None:
    expect(page.locator(".kr-agenda h3")).to_have_text(["Offene Aufgaben", *titles])


def opened(portal, visit, meeting, slug="jobcenter") -> Page:
    (member,) = portal.members((slug, Role.TEAMLEITUNG))
    page = visit(member)
    page.goto(meeting.get_absolute_url())
    return page


def test_items_are_dragged_by_their_grip(portal, visit, meeting):
    page = opened(portal, visit, meeting)
    grips = page.locator("[data-order-grip]")
    source, target = grips.nth(2).bounding_box(), grips.nth(0).bounding_box()
    assert source
    assert target
    page.mouse.move(source["x"] + 5, source["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 5, target["y"] + 40, steps=5)
    page.mouse.move(target["x"] + 5, target["y"] - 4, steps=5)
    with page.expect_response("**/reihenfolge/"):
        page.mouse.up()

    expect_order(page, "Fahrtkosten", "Sprachkurse", "Wohnraum")
    page.reload()
    expect_order(page, "Fahrtkosten", "Sprachkurse", "Wohnraum")


def test_items_are_moved_by_keyboard_and_the_focus_goes_along(portal, visit, meeting):
    page = opened(portal, visit, meeting)
    button = page.get_by_role("button", name="Fahrtkosten nach oben")
    button.focus()
    for place in (3, 2):
        with page.expect_response("**/reihenfolge/"):
            page.keyboard.press("Enter")
        expect(page.locator("[data-toasts]")).to_contain_text(f"„Fahrtkosten“ steht an Stelle {place}.")
        expect(button).to_be_focused()

    expect_order(page, "Fahrtkosten", "Sprachkurse", "Wohnraum")


def test_people_to_invite_are_searched_and_stay_ticked(portal, visit, meeting):
    with portal.prepared() as county:
        make_member(county["kvhs"], Role.KURSBUERO, username=f"kvhs.kurs.{meeting.pk.hex[:6]}")
    page = opened(portal, visit, meeting)
    page.get_by_role("link", name="Einladen").click()
    page.get_by_role("checkbox", name="Kursbuero Kvhs").first.check()
    page.get_by_label("Liste durchsuchen").fill("jobcenter")
    expect(page.get_by_role("checkbox", name="Kursbuero Kvhs").first).to_be_hidden()
    expect(page.locator("[data-ticklist-count]")).to_contain_text("1 ausgewählt")
    page.get_by_role("button", name="Einladen").click()

    expect(page.get_by_text("Die Einladung ist unterwegs.")).to_be_visible()
    expect(page.locator(".kr-worklist").filter(has_text="Kursbuero Kvhs")).to_be_visible()


def test_open_agenda_hears_of_news_and_goes_to_the_stage_when_the_meeting_begins(portal, visit, meeting):
    page = opened(portal, visit, meeting, "jugendamt")
    expect(page.locator(".kr-agenda h3")).to_have_count(4)
    with portal.prepared() as county:
        by = county.member("jobcenter", Role.TEAMLEITUNG)
        with access.acting(by):
            actions.add_topic(meeting, by=by, title="Nachtrag")
    expect(page.locator(".kr-agenda h3")).to_have_count(5)
    with portal.prepared(), access.acting(by):
        actions.start(meeting, by=by)

    expect(page.locator("#stage")).to_be_visible()
