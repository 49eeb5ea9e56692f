"""Answers from outside: the personal link, a pasted iCalendar reply, and the feed with its secret address."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from agencies import access
from agencies.models import Membership
from agencies.roles import Role
from agencies.roundtable import actions, calendars, replying
from agencies.roundtable.models import CalendarKey, Meeting, Participant
from tests.factories import open_case

pytestmark = pytest.mark.django_db

PASTE = "/runder-tisch/antwort-eintragen/"
FEED = "/runder-tisch/kalender/"


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend="agencies.adapter.PasswordBackend")
    return client


def link(table, slug: str = "kvhs") -> str:  # type: ignore[no-untyped-def]
    return f"/runder-tisch/antwort/{replying.key(table.meeting, table.people[slug])}/"


def replies(table) -> dict[str, str]:  # type: ignore[no-untyped-def]
    with access.acting(table.moderator):
        rows = Participant.objects.filter(meeting=table.meeting).exclude(member=table.moderator)
        return dict(rows.values_list("member__agency__slug", "reply"))


def cancel(table) -> None:  # type: ignore[no-untyped-def]
    with access.acting(table.moderator):
        actions.cancel(table.meeting, by=table.moderator)


def move(table) -> None:  # type: ignore[no-untyped-def]
    later = timezone.now() + timedelta(days=3)
    times = {"starts_at": later, "ends_at": later + timedelta(hours=1)}
    with access.acting(table.moderator):
        actions.move(table.meeting, by=table.moderator, **times, place="Rathaus", video_link="")


UNASKED = dict.fromkeys(("jobcenter", "jugendamt", "sozialamt", "auslaenderbehoerde", "kvhs"), "none")


# The link


@pytest.mark.parametrize("said", ["accepted", "tentative", "declined"])
def test_link_answers_without_login_for_its_person_alone(table, said):
    answer = Client().post(link(table), {"answer": said, "sequence": "0"})

    assert answer.status_code == 200
    assert replies(table) == UNASKED | {"kvhs": said}


def test_opening_the_link_answers_nothing(table):
    assert Client().get(link(table)).status_code == 200
    assert replies(table) == UNASKED


def test_page_of_the_link_says_table_and_time_only(table):
    case = open_case(table.people["jobcenter"], family_name="Geheimnis")
    item = table.propose(case, question="Wer hilft bei der Betreuung?")
    page = Client().get(link(table)).content.decode()
    people = {person.user.last_name for person in table.people.values()} | {"Geheimnis", "Betreuung"}

    assert "Runder Tisch Integration" in page
    assert [word for word in people | {item.pseudonym, case.reference} if word in page] == []


def test_forged_and_foreign_links_are_not_found(table):
    key = replying.key(table.meeting, table.people["kvhs"])
    stranger = table.county.member("jugendamt", Role.FACHDIENST)
    found = {
        Client().get(f"/runder-tisch/antwort/{text}/").status_code
        for text in (key[:-1] + ("A" if key[-1] != "A" else "B"), "x", replying.key(table.meeting, stranger))
    }
    assert found == {404}


def test_link_ends_with_the_membership(table):
    Membership.objects.filter(pk=table.people["kvhs"].pk).update(is_active=False)

    assert Client().post(link(table), {"answer": "accepted", "sequence": "0"}).status_code == 404


def test_answer_to_a_time_that_has_moved_is_refused(table):
    move(table)
    answer = Client().post(link(table), {"answer": "accepted", "sequence": "0"})

    assert answer.status_code == 409
    assert "Der Termin wurde inzwischen geändert." in answer.content.decode()
    assert replies(table) == UNASKED


def test_cancelled_meeting_takes_no_answer(table):
    cancel(table)
    page = Client().get(link(table)).content.decode()

    assert "Die Sitzung ist abgesagt" in page
    assert Client().post(link(table), {"answer": "accepted", "sequence": "1"}).status_code == 409


@pytest.mark.parametrize(
    "data", [{}, {"answer": "none", "sequence": "0"}, {"answer": "accepted", "sequence": "x"}]
)
def test_nonsense_is_a_bad_request(table, data):
    assert Client().post(link(table), data).status_code == 400


# Pasted replies


def reply_text(table, slug: str = "kvhs", *, status: str = "ACCEPTED", **changes: str) -> str:  # type: ignore[no-untyped-def]
    values = {"method": "REPLY", "uid": calendars.uid(table.meeting), "sequence": "0", **changes}
    address = changes.get("address", table.people[slug].user.email.upper())
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Calendar//EN", f"METHOD:{values['method']}"),
        *("BEGIN:VEVENT", f"UID:{values['uid']}", f"SEQUENCE:{values['sequence']}"),
        *("DTSTAMP:20261122T100000Z", f"ATTENDEE;PARTSTAT={status};CN=Somebody:mailto:{address}"),
        *("ORGANIZER:mailto:x@example.org", "END:VEVENT", "END:VCALENDAR"),
    ]
    return "\r\n".join(lines) + "\r\n"


def as_mail(text: str) -> str:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["Subject"] = "Accepted: Runder Tisch"
    mail.set_content("Ja, ich komme.")
    mail.add_attachment(text.encode(), "text", "calendar", cte="base64", params={"method": "REPLY"})
    return mail.as_string()


@pytest.mark.parametrize(
    ("status", "said"), [("ACCEPTED", "accepted"), ("TENTATIVE", "tentative"), ("DECLINED", "declined")]
)
@pytest.mark.parametrize("wrap", [str, as_mail, "Antwort unten:\n\n{}\nGruß".format])
def test_pasted_reply_counts_for_its_attendee(table, status, said, wrap):
    answer = signed_in(table.moderator).post(PASTE, {"text": wrap(reply_text(table, status=status))})

    assert answer.status_code == 302, answer.content.decode()
    assert replies(table) == UNASKED | {"kvhs": said}


BAD = {
    "nothing": ("Guten Tag, ich komme gern.", "kein Kalendertext"),
    "half": ("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n", "vollständig"),
    "broken": (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n???\r\nEND:VALARM\r\nEND:VCALENDAR\r\n",
        "beschädigt|Antwort",
    ),
    "long": ("BEGIN:VCALENDAR" + "x" * 70_000, "zu lang"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_text_is_explained(table, kind):
    text, words = BAD[kind]
    answer = signed_in(table.moderator).post(PASTE, {"text": text})

    assert answer.status_code == 200
    assert re.search(words, errors(answer))
    assert replies(table) == UNASKED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"method": "REQUEST"}, "keine Antwort auf eine Einladung"),
        ({"status": "NEEDS-ACTION"}, "weder zu noch ab"),
        ({"uid": "abc@elsewhere"}, "nicht zu einer Einladung dieses Portals"),
        ({"uid": f"{uuid4()}@127.0.0.1"}, "keine Sitzung"),
        ({"address": "fremd@example.org"}, "niemand zu dieser Sitzung eingeladen"),
    ],
)
def test_wrong_reply_is_explained(table, changes, words):
    answer = signed_in(table.moderator).post(PASTE, {"text": reply_text(table, **changes)})

    assert answer.status_code == 200
    assert words in errors(answer)
    assert replies(table) == UNASKED


def errors(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(str(error) for found in answer.context["form"].errors.values() for error in found)


def test_reply_to_an_older_invitation_is_a_conflict(table):
    move(table)
    answer = signed_in(table.moderator).post(PASTE, {"text": reply_text(table)})

    assert answer.status_code == 409
    assert replies(table) == UNASKED


def test_others_note_their_own_reply_only(table):
    desk = signed_in(table.people["jugendamt"])
    refused = desk.post(PASTE, {"text": reply_text(table)})
    own = desk.post(PASTE, {"text": reply_text(table, "jugendamt")})

    assert "trägt die Moderation ein" in errors(refused)
    assert own.status_code == 302
    assert replies(table) == UNASKED | {"jugendamt": "accepted"}


# The feed


def subscribe(member: Membership) -> str:
    page = signed_in(member).post(FEED, {"new": ""}).content.decode()
    (path,) = re.findall(r"/runder-tisch/kalender/[\w-]+\.ics", page)
    return path


def test_feed_shows_the_members_meetings_and_nothing_of_cases(table):
    item = table.propose(open_case(table.people["jobcenter"], family_name="Geheimnis"), question="Kita?")
    with access.acting(table.moderator):
        actions.plan(table.table, by=table.moderator, starts_at=timezone.now() + timedelta(days=9))
    answer = Client().get(subscribe(table.people["kvhs"]))
    calendar = Calendar.from_ical(answer.content)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert (calendar["method"], [str(row["uid"]) for row in calendar.events]) == (
        "PUBLISH",
        [calendars.uid(table.meeting)],
    )
    text = answer.content.decode()
    assert [word for word in ("Geheimnis", "Kita", item.pseudonym, "mailto") if word in text] == []


def test_feed_follows_a_move_and_a_cancellation(table):
    path = subscribe(table.people["kvhs"])
    move(table)
    (moved,) = Calendar.from_ical(Client().get(path).content).events
    cancel(table)
    (cancelled,) = Calendar.from_ical(Client().get(path).content).events

    assert (moved["sequence"], moved["location"], moved["status"]) == (1, "Rathaus", "CONFIRMED")
    assert (cancelled["sequence"], cancelled["status"]) == (2, "CANCELLED")


@pytest.mark.parametrize("ended", ["membership", "user", "agency", "key", "renewed"])
def test_feed_ends(table, ended):
    person = table.people["kvhs"]
    path = subscribe(person)
    assert Client().get(path).status_code == 200
    if ended == "membership":
        Membership.objects.filter(pk=person.pk).update(is_active=False)
    elif ended == "user":
        type(person.user).objects.filter(pk=person.user_id).update(is_active=False)
    elif ended == "agency":
        type(person.agency).objects.filter(pk=person.agency_id).update(is_active=False)
    else:
        signed_in(person).post(FEED, {"end" if ended == "key" else "new": ""})

    assert Client().get(path).status_code == 404


def test_feed_key_is_kept_as_a_hash_and_hidden_from_others(table):
    key = subscribe(table.people["kvhs"]).rsplit("/", 1)[1].removesuffix(".ics")
    with access.acting(table.people["kvhs"]):
        (row,) = CalendarKey.objects.all()
    with access.acting(table.people["jugendamt"]):
        others = CalendarKey.objects.count()

    assert key not in row.digest
    assert (others, CalendarKey.objects.count()) == (0, 0)


def test_feed_of_an_unknown_key_is_not_found(table):
    assert Client().get(f"{FEED}gibtesnicht.ics").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_feed_asks_as_much_for_many_meetings_as_for_one(table, count, django_assert_num_queries):
    with access.acting(table.moderator):
        for number in range(count - 1):
            more = actions.plan(
                table.table, by=table.moderator, starts_at=timezone.now() + timedelta(days=number + 2)
            )
            actions.invite(more, members=[table.people["kvhs"]], by=table.moderator)
    path = subscribe(table.people["kvhs"])
    client = Client()
    with django_assert_num_queries(9):
        found = Calendar.from_ical(client.get(path).content).events

    assert len(found) == count
    with access.acting(table.moderator):
        assert Meeting.objects.count() == count
