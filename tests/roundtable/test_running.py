"""The page of a running meeting: what each agency's fragment and the projector show at each step."""

import html
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies import access
from agencies.enums import Category
from agencies.models import Membership, ReadLog
from agencies.roles import Role
from agencies.roundtable import actions
from agencies.roundtable.enums import CurtainLevel, TextKind
from agencies.roundtable.models import Meeting
from agencies.roundtable.writing import changing
from tests.factories import open_case, share

SUMMARY = "Kommt wegen der Kinderbetreuung nicht zum Kurs."
NAME = "Rahimi"
HTMX = {"HX-Request": "true"}


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def case(table):
    return open_case(table.people["jobcenter"], family_name=NAME)


@pytest.fixture
def item(table, case):
    """Identity for the youth office, the language for the social office, the summary for the school."""
    lead = table.people["jobcenter"]
    share(case, Category.IDENTITY, Category.LANGUAGE, to=table.county["jugendamt"], by=lead)
    share(case, Category.IDENTITY, Category.LANGUAGE, to=table.county["sozialamt"], by=lead)
    found = table.propose(case, asks={table.county["kvhs"]: "Ist im Herbst ein Platz frei?"})
    with access.acting(lead):
        actions.write(found, TextKind.SUMMARY, SUMMARY, by=lead, expected=0)
    table.draw(found, "jugendamt", CurtainLevel.IDENTITY)
    table.draw(found, "sozialamt", CurtainLevel.CATEGORIES)
    table.draw(found, "kvhs", CurtainLevel.SUMMARY)
    return found


def fragment(table, slug: str) -> str:
    answer = signed_in(table.people[slug]).get(reverse("roundtable:stand", args=[table.meeting.pk]))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def room(table, name: str = "room_stand") -> str:
    key = Meeting.objects.values_list("room_key", flat=True)
    with access.acting(table.moderator):
        known = key.get(pk=table.meeting.pk)
    return html.unescape(
        Client().get(reverse(f"roundtable:{name}", args=[table.meeting.pk, known])).content.decode()
    )


def shown(text: str) -> set[str]:
    """What of the case stands in a fragment."""
    signs = {
        "pseudonym": r"<h2 id=\"now-title\">[^<]+</h2>",
        "question": "Wie kommt der Kurs zustande\\?",
        "ask": "Ist im Herbst ein Platz frei\\?",
        "summary": SUMMARY,
        "categories": 'data-category="language"',
        "identity": 'data-category="identity"',
        "name": NAME,
        "notes": 'name="text" rows="8" id="notes',
    }
    return {sign for sign, pattern in signs.items() if re.search(pattern, text)}


PUBLIC = {"pseudonym", "question", "ask"}
CALLED = {
    "jobcenter": PUBLIC | {"summary", "name", "notes"},
    "jugendamt": PUBLIC | {"summary", "categories", "identity", "name", "notes"},
    "sozialamt": PUBLIC | {"summary", "categories", "notes"},
    "kvhs": PUBLIC | {"summary", "notes"},
    "auslaenderbehoerde": PUBLIC,
}


def test_each_agency_sees_what_its_curtain_allows_at_each_step(table, item):
    table.start()
    started = {slug: shown(fragment(table, slug)) for slug in table.people}
    table.call(item)
    called = {slug: shown(fragment(table, slug)) for slug in table.people}
    table.leave()
    left = {slug: shown(fragment(table, slug)) for slug in table.people}

    closed = {slug: PUBLIC - {"pseudonym"} for slug in table.people}
    closed["jobcenter"] |= {"name"}
    assert [text - {"pseudonym"} for text in started.values()] == list(closed.values())
    assert called == CALLED
    assert [text - {"pseudonym"} for text in left.values()] == list(closed.values())


def test_room_shows_pseudonym_question_and_decisions_only(table, item):
    table.start()
    before = room(table)
    table.call(item)
    person = table.people["jobcenter"]
    with access.acting(person):
        actions.decide(access.item(person, item.pk), text="Die Volkshochschule hält einen Platz.", by=person)
    during = room(table)
    for hidden in (NAME, SUMMARY, "Ist im Herbst", person.name, "Jobcenter"):
        assert hidden not in during
    assert item.pseudonym not in before
    for public in (item.pseudonym, "Wie kommt der Kurs zustande?", "hält einen Platz", 'data-limit="600"'):
        assert public in during


def test_room_needs_the_key_and_a_running_meeting(table, item):
    table.start()
    good = room(table, "room")
    client = Client()
    wrong = client.get(reverse("roundtable:room", args=[table.meeting.pk, "geraten"]))
    with access.acting(table.moderator):
        actions.close(table.meeting, by=table.moderator)
    over = room(table, "room")

    assert 'content="noindex, nofollow"' in good
    assert (wrong.status_code, wrong.headers["X-Robots-Tag"]) == (404, "noindex, nofollow")
    assert "Zurzeit läuft hier keine Sitzung" in over


def test_room_looks_the_same_to_who_is_logged_in(table, item):
    table.start()
    table.call(item)
    with access.acting(table.moderator):
        key = Meeting.objects.get(pk=table.meeting.pk).room_key
    url = reverse("roundtable:room", args=[table.meeting.pk, key])
    anonymous, lead = Client().get(url), signed_in(table.people["jobcenter"]).get(url)

    def text(answer):
        return re.sub(r'data-elapsed="\d+"|\d+:\d\d', "", answer.content.decode())

    assert text(anonymous) == text(lead)


def test_reading_the_case_at_the_table_is_logged(table, item, case):
    table.start()
    table.call(item)
    fragment(table, "sozialamt")
    with access.acting(table.people["sozialamt"]):
        read = ReadLog.objects.filter(user=table.people["sozialamt"].user, case_ids=[case.pk])
        assert {row.surface for row in read} == {ReadLog.Surface.MEETING}


def test_timer_counts_from_the_call_by_the_servers_clock(table, item):
    table.start()
    table.call(item)
    with access.acting(table.moderator), changing(table.meeting) as now:
        now.current_since = timezone.now() - timedelta(seconds=125)
    assert re.search(r'data-elapsed="12[5-9]" data-limit="600"', fragment(table, "kvhs"))


# The clock, and what is over


def test_version_rises_with_each_write(table, item):
    client = signed_in(table.people["kvhs"])
    url = reverse("roundtable:version", args=[table.meeting.pk])
    before = client.get(url).json()
    table.start()
    after = client.get(url).json()

    assert set(after) == {"meeting", "version"}
    assert after["meeting"] == str(table.meeting.pk)
    assert after["version"] > before["version"]


def test_shown_version_is_not_sent_again(table, item):
    table.start()
    client = signed_in(table.people["kvhs"])
    url = reverse("roundtable:stand", args=[table.meeting.pk])
    tag = client.get(url).headers["ETag"]

    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert signed_in(table.people["jugendamt"]).get(url, headers={"If-None-Match": tag}).status_code == 200
    table.call(item)
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_fragment_of_a_closed_meeting_leads_to_its_page(table, item):
    table.start()
    with access.acting(table.moderator):
        actions.close(table.meeting, by=table.moderator)
    answer = signed_in(table.people["kvhs"]).get(reverse("roundtable:stand", args=[table.meeting.pk]))

    assert (answer.status_code, answer.url) == (302, table.meeting.get_absolute_url())


def test_fragment_after_the_session_ended_leads_the_window_to_the_login(table, item):
    table.start()
    page = f"http://testserver{table.meeting.get_absolute_url()}"
    answer = Client().get(
        reverse("roundtable:stand", args=[table.meeting.pk]), headers=HTMX | {"HX-Current-URL": page}
    )
    assert answer.headers["HX-Redirect"].startswith("/konto/login/?next=/runder-tisch/")
    assert answer.content == b""


def test_agency_without_a_seat_finds_nothing(table, item):
    table.start()
    with access.acting(table.moderator):
        actions.seat(table.table, agencies=[table.county["jugendamt"]], by=table.moderator)
    for name in ("meeting", "stand", "version"):
        answer = signed_in(table.people["kvhs"]).get(reverse(f"roundtable:{name}", args=[table.meeting.pk]))
        assert answer.status_code == 404


# Queries


@pytest.fixture
def counted(table, django_assert_max_num_queries):
    def count(slug: str, name: str) -> int:
        client = signed_in(table.people[slug])
        url = reverse(f"roundtable:{name}", args=[table.meeting.pk])
        client.get(url)
        with django_assert_max_num_queries(60) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    return count


def test_queries_grow_with_neither_items_nor_people(table, item, case, county, counted):
    table.start()
    table.call(item)
    lead = table.people["jobcenter"]
    with access.acting(lead):
        decision = actions.decide(access.item(lead, item.pk), text="Beschluss", by=lead)
        promise = {"agency": county["kvhs"], "what": "Platz", "done_when": "Zusage"}
        actions.commit(decision, by=lead, due_on=timezone.localdate(), **promise)
    few = [counted(slug, name) for slug in ("jobcenter", "jugendamt") for name in ("stand", "version")]
    for number in range(2):
        table.propose(open_case(lead, family_name="Kovalenko"))
        with access.acting(lead):
            more = actions.decide(access.item(lead, item.pk), text=f"Beschluss {number}", by=lead)
            actions.commit(more, by=lead, due_on=timezone.localdate(), **promise)
        with access.acting(table.moderator):
            extra = county.member("jugendamt" if number else "kvhs", Role.FACHDIENST)
            actions.invite(table.meeting, members=[extra], by=table.moderator)
    many = [counted(slug, name) for slug in ("jobcenter", "jugendamt") for name in ("stand", "version")]

    assert many == few
    assert few[1] == few[3] <= 10
