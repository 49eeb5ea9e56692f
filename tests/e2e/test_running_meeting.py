"""The running meeting in real browsers: what one does the others see, and what is typed is never lost."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agencies import access
from agencies.enums import Category
from agencies.models import Membership
from agencies.roles import Role
from agencies.roundtable import actions
from agencies.roundtable.enums import CurtainLevel, TextKind
from agencies.roundtable.models import Item, Meeting
from tests.factories import open_case, share
from tests.roundtable.table import Table

SUMMARY = "Kommt wegen der Kinderbetreuung nicht zum Kurs."


@dataclass
class Scene:
    """A meeting with a case and a topic; people by agency."""

    table: Table
    item: Item
    portal: Any

    @property
    def address(self) -> str:
        return self.table.meeting.get_absolute_url()

    def call(self, item: Item) -> None:
        with self.portal.prepared():
            self.table.call(item)

    def leave(self) -> None:
        with self.portal.prepared():
            self.table.leave()


@pytest.fixture
def scene(portal, request):
    with portal.prepared() as county:
        table = Table(county, name=f"Tisch {request.node.name[:100]}")
        lead = table.people["jobcenter"]
        case = open_case(lead, family_name="Rahimi")
        share(case, Category.IDENTITY, Category.LANGUAGE, to=county["jugendamt"], by=lead)
        item = table.propose(case, asks={county["kvhs"]: "Ist im Herbst ein Platz frei?"})
        table.propose(open_case(lead, family_name="Kovalenko"), question="Wer hilft bei der Wohnung?")
        with access.acting(lead):
            actions.write(item, TextKind.SUMMARY, SUMMARY, by=lead, expected=0)
        table.draw(item, "jugendamt", CurtainLevel.IDENTITY)
        table.draw(item, "kvhs", CurtainLevel.SUMMARY)
        table.start()
    return Scene(table, item, portal)


@pytest.fixture
def at(scene, visit):
    """Opens the meeting as somebody."""

    def open_page(who: Membership | str, **options: Any) -> Page:
        member = scene.table.people[who] if isinstance(who, str) else who
        page = visit(member, **options)
        page.goto(scene.address)
        return page

    return open_page


@pytest.fixture
def cut_off(visit):
    """Lets no text through to the server, until undone; the browser may complain of that."""
    yield lambda page: page.route("**/notizen/", lambda route: route.abort())
    visit.complaints.heard = [line for line in visit.complaints.heard if "ERR_FAILED" not in line]


def notes(page: Page):
    return page.get_by_role("textbox", name="Notizen")


def test_calling_an_item_reaches_everybody_without_reloading(scene, at, visit):
    moderator, school, office = at(scene.table.moderator), at("kvhs"), at("auslaenderbehoerde")
    with scene.portal.prepared(), access.acting(scene.table.moderator):
        key = Meeting.objects.get(pk=scene.table.meeting.pk).room_key
    room = visit()
    room.goto(f"{scene.address}raum/{key}/")
    moderator.get_by_role("button", name="Weiter: Offene Aufgaben").click()
    moderator.get_by_role("button", name=f"Weiter: {scene.item}").click()
    for page in (moderator, school, office):
        expect(page.get_by_role("heading", name=str(scene.item), exact=True)).to_be_visible()
    expect(room.get_by_role("heading", level=1)).to_have_text(str(scene.item))
    expect(school.get_by_text(SUMMARY)).to_be_visible()
    expect(office.get_by_text("Mehr ist für Ihre Stelle nicht geöffnet.")).to_be_visible()
    for page in (school, office, room):
        assert "Rahimi" not in page.content()
    moderator.get_by_role("button", name="Punkt beenden").click()
    expect(school.get_by_text(SUMMARY)).to_have_count(0)


def test_notes_are_saved_while_typing_and_seen_by_others(scene, at):
    scene.call(scene.item)
    school, youth = at("kvhs"), at("jugendamt")
    notes(school).fill("Platz ab Oktober")
    expect(school.get_by_text(re.compile("espeichert (um|von)"))).to_be_visible()
    expect(notes(youth)).to_have_value("Platz ab Oktober")


def test_news_leave_the_text_being_typed_and_the_focus_alone(scene, at):
    scene.call(scene.item)
    school = at("kvhs")
    notes(school).press_sequentially("Platz ab")
    with scene.portal.prepared():
        person = scene.table.people["jugendamt"]
        with access.acting(person):
            actions.decide(scene.item, text="Die Stelle meldet sich.", by=person)
    expect(school.get_by_text("Die Stelle meldet sich.").first).to_be_visible()
    school.keyboard.type(" Oktober")
    expect(notes(school)).to_be_focused()
    expect(notes(school)).to_have_value("Platz ab Oktober")


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        ("Meine übernehmen", "Kita ab November"),
        ("Andere behalten", "Platz ab Oktober"),
        ("Zusammenführen", "Platz ab Oktober\nKita ab November"),
    ],
)
def test_two_writers_choose_and_lose_nothing(scene, at, choice, text):
    scene.call(scene.item)
    youth = at("jugendamt")
    notes(youth).press_sequentially("Kita")
    with scene.portal.prepared():
        person = scene.table.people["kvhs"]
        with access.acting(person):
            now = scene.table.seen(scene.item, "kvhs").notes
            expected = now.version if now else 0
            actions.write(scene.item, TextKind.NOTES, "Platz ab Oktober", by=person, expected=expected)
    notes(youth).fill("Kita ab November")
    box = youth.get_by_role("alert").filter(has_text="inzwischen geändert")
    expect(box.get_by_text("Platz ab Oktober")).to_be_visible()
    box.get_by_role("button", name=choice).click()
    expect(notes(youth)).to_have_value(text)
    expect(box).to_have_count(0)
    youth.reload()
    expect(notes(youth)).to_have_value(text)


def test_text_survives_network_loss_and_reload_and_is_gone_when_saved(scene, at, cut_off):
    scene.call(scene.item)
    school = at("kvhs")
    notes(school).click()
    cut_off(school)
    notes(school).fill("Platz ab Oktober")
    expect(school.get_by_text("Nicht gespeichert: keine Verbindung.")).to_be_visible()
    school.reload()
    expect(notes(school)).to_have_value("Platz ab Oktober")
    kept = "Object.keys(sessionStorage).filter((key) => key.includes(':stage:')).length"
    assert school.evaluate(kept) == 1
    school.unroute("**/notizen/")
    expect(school.get_by_text(re.compile("espeichert (um|von)"))).to_be_visible()
    assert school.evaluate(kept) == 0


def test_logging_out_wipes_what_was_typed(scene, at, cut_off):
    scene.call(scene.item)
    school = at("kvhs")
    cut_off(school)
    notes(school).fill("Platz ab Oktober")
    expect(school.get_by_text("Nicht gespeichert: keine Verbindung.")).to_be_visible()
    school.locator("summary").filter(has_text="Mein Konto").click()
    school.get_by_role("button", name="Abmelden").click()
    school.wait_for_url("**/konto/login/**")
    assert "Oktober" not in school.evaluate("JSON.stringify(sessionStorage)")
    scene.portal.sessions.clear()


def test_text_of_an_item_that_was_left_stays_to_be_copied(scene, at, cut_off):
    scene.call(scene.item)
    school = at("kvhs")
    cut_off(school)
    notes(school).fill("Platz ab Oktober")
    expect(school.get_by_text("Nicht gespeichert: keine Verbindung.")).to_be_visible()
    scene.leave()
    expect(school.get_by_role("heading", name="Ihr nicht gespeicherter Text")).to_be_visible()
    expect(school.get_by_text("Platz ab Oktober")).to_be_visible()
    expect(notes(school)).to_have_count(0)
    school.get_by_role("button", name="Text verwerfen").click()
    expect(school.get_by_role("heading", name="Ihr nicht gespeicherter Text")).to_have_count(0)


def test_timer_ignores_the_clock_of_the_device(scene, visit):
    scene.call(scene.item)
    page = visit(scene.table.people["kvhs"])
    page.add_init_script("Date.now = () => 0;")
    page.goto(scene.address)
    expect(page.get_by_role("timer").locator("[data-timer-now]")).to_have_text("0:03", timeout=10_000)


def test_whole_meeting_without_javascript(scene, at, browser):
    moderator = at(scene.table.moderator, java_script_enabled=False)
    moderator.get_by_role("button", name="Weiter: Offene Aufgaben").click()
    moderator.get_by_role("button", name=f"Weiter: {scene.item}").click()
    school = at("kvhs", java_script_enabled=False)
    notes(school).fill("Platz ab Oktober")
    school.get_by_role("button", name="Speichern").click()
    expect(notes(school)).to_have_value("Platz ab Oktober")
    school.get_by_role("link", name="Beschluss festhalten").click()
    school.get_by_label("Was hat der Tisch beschlossen?").fill("Die Volkshochschule hält einen Platz.")
    school.get_by_role("button", name="Beschluss festhalten").click()
    moderator.reload()
    expect(moderator.get_by_text("Die Volkshochschule hält einen Platz.").first).to_be_visible()
    moderator.get_by_role("link", name="Sitzung schließen").click()
    moderator.get_by_role("button", name="Sitzung schließen").click()
    expect(moderator.get_by_role("heading", level=1)).to_contain_text("Protokoll")


def test_head_of_another_agency_takes_over(scene, at, portal):
    (other,) = portal.members(("jugendamt", Role.TEAMLEITUNG))
    page = at(other)
    page.get_by_role("button", name="Moderation übernehmen").click()
    expect(page.get_by_role("button", name="Weiter: Offene Aufgaben")).to_be_visible()
