"""Invitations over a real SMTP server, as calendars read them: table, time and place, no word of a case."""

import email
import email.policy
import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies import access
from agencies.models import Membership
from agencies.roundtable import actions, mails, tasks
from agencies.roundtable.models import Meeting, Participant
from tests.factories import open_case

pytestmark = pytest.mark.django_db


class Mailbox:
    """Keeps what arrives, by receiver."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # type: ignore[no-untyped-def]  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails += [(to, message) for to in envelope.rcpt_tos]
        return "250 OK"

    def of(self, member: Membership) -> list[EmailMessage]:
        return [message for to, message in self.mails if to == member.user.email]


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield box
    server.stop()


def work_off() -> None:
    """Run what waits in the queue, as the worker would, and forget it."""
    for job in ProcrastinateJob.objects.order_by("pk"):
        app.tasks[job.task_name](**job.args)
    _forget()


def _forget() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def part(message: EmailMessage, kind: str) -> EmailMessage:
    (found,) = [row for row in message.walk() if row.get_content_type() == kind]
    return found  # type: ignore[return-value]


def event(message: EmailMessage):  # type: ignore[no-untyped-def]
    calendar = Calendar.from_ical(part(message, "text/calendar").get_payload(decode=True))
    (found,) = calendar.events
    return calendar, found


def now(table) -> Meeting:  # type: ignore[no-untyped-def]
    with access.acting(table.moderator):
        return Meeting.objects.select_related("table").get(pk=table.meeting.pk)


def move(table, **changes) -> None:  # type: ignore[no-untyped-def]
    meeting = now(table)
    with access.acting(table.moderator):
        values = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
        values |= {"place": meeting.place, "video_link": meeting.video_link}
        actions.move(meeting, by=table.moderator, **values | changes)


def test_everyone_but_the_moderator_gets_an_invitation(mailbox, table):
    work_off()

    assert {to for to, _ in mailbox.mails} == {person.user.email for person in table.people.values()}


def test_invitation_is_what_calendars_take(mailbox, table):
    person = table.people["kvhs"]
    work_off()
    (message,) = mailbox.of(person)
    calendar, found = event(message)

    kind = part(message, "text/calendar")["Content-Type"]
    assert (kind.params["method"], kind.params["charset"]) == ("REQUEST", "utf-8")
    assert part(message, "application/ics").get_filename() == "einladung.ics"
    assert (calendar["method"], calendar["version"]) == ("REQUEST", "2.0")
    meeting = now(table)
    assert str(found["uid"]) == f"{meeting.pk}@127.0.0.1"
    assert (found["sequence"], found["summary"]) == (0, "Runder Tisch Integration")
    assert (found["dtstart"].dt, found["dtend"].dt) == (
        meeting.starts_at.replace(microsecond=0),
        meeting.ends_at.replace(microsecond=0),
    )
    assert str(found["organizer"]) == f"mailto:{table.moderator.user.email}"
    assert str(found["attendee"]) == f"mailto:{person.user.email}"
    assert dict(found["attendee"].params) == {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }


def test_lines_are_folded_and_end_as_the_standard_says(mailbox, table):
    from agencies.roundtable import calendars
    from agencies.roundtable.enums import Reply

    meeting = now(table)
    meeting.place = "Kreishaus, Großer Sitzungssaal; Eingang über den Hof " * 3
    text = calendars.message(meeting, table.people["kvhs"], Reply.NONE)

    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"\n" not in text.replace(b"\r\n", b"")
    (found,) = Calendar.from_ical(text).events
    assert found["location"] == meeting.place


def test_moving_updates_the_same_event(mailbox, table):
    person = table.people["kvhs"]
    work_off()
    later = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
    move(table, starts_at=later, ends_at=later + timedelta(hours=1), place="Rathaus")
    work_off()
    first, second = mailbox.of(person)
    calendar, found = event(second)

    assert (calendar["method"], found["sequence"], found["location"]) == ("REQUEST", 1, "Rathaus")
    assert found["uid"] == event(first)[1]["uid"]
    assert found["dtstart"].dt == later
    assert second["Subject"].strip().startswith("Geändert: ")


def test_cancelling_cancels_the_same_event(mailbox, table):
    person = table.people["kvhs"]
    work_off()
    with access.acting(table.moderator):
        actions.cancel(now(table), by=table.moderator)
    work_off()
    first, second = mailbox.of(person)
    calendar, found = event(second)

    assert (calendar["method"], found["status"], found["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert found["uid"] == event(first)[1]["uid"]
    assert part(second, "text/calendar")["Content-Type"].params["method"] == "CANCEL"
    assert "/antwort/" not in part(second, "text/plain").get_content()


def test_invited_and_cancelled_before_the_mail_went_out_tells_of_no_meeting(mailbox, table):
    with access.acting(table.moderator):
        actions.cancel(now(table), by=table.moderator)
    work_off()

    assert {event(message)[0]["method"] for _, message in mailbox.mails} == {"CANCEL"}


def test_two_moves_make_one_mail(mailbox, table):
    work_off()
    move(table, place="Rathaus")
    move(table, place="Kreishaus")
    work_off()
    _, message = mailbox.of(table.people["kvhs"])

    assert (event(message)[1]["sequence"], event(message)[1]["location"]) == (2, "Kreishaus")


def test_meeting_in_preparation_tells_nobody(mailbox, table):
    _forget()
    with access.acting(table.moderator):
        draft = actions.plan(table.table, by=table.moderator, starts_at=timezone.now() + timedelta(days=9))
        actions.cancel(draft, by=table.moderator)
    work_off()

    assert mailbox.mails == []


def test_whoever_is_invited_later_gets_a_mail_alone(mailbox, table, county):
    from agencies.roles import Role

    work_off()
    mailbox.mails.clear()
    late = county.member("jugendamt", Role.FACHDIENST)
    with access.acting(table.moderator):
        actions.invite(now(table), members=[late], by=table.moderator)
    work_off()

    assert [to for to, _ in mailbox.mails] == [late.user.email]


def test_whose_membership_has_ended_gets_no_mail(mailbox, table):
    Membership.objects.filter(pk=table.people["kvhs"].pk).update(is_active=False)
    work_off()

    assert mailbox.of(table.people["kvhs"]) == []
    assert mailbox.of(table.people["jugendamt"]) != []


def test_mails_tell_nothing_of_any_case_or_person(mailbox, table):
    case = open_case(table.people["jobcenter"], family_name="Geheimnis", given_name="Samira")
    item = table.propose(case, question="Wer hilft bei der Betreuung?")
    with access.acting(table.moderator):
        actions.add_topic(now(table), by=table.moderator, title="Sommerpause")
    work_off()
    move(table, place="Rathaus")
    work_off()
    staff = Membership.objects.select_related("user")
    secrets = {"Geheimnis", "Samira", "Betreuung", "Sommerpause", case.reference, str(case.pk)}
    secrets |= {item.pseudonym, str(item.pk)}
    secrets |= {name for row in staff for name in (row.user.first_name, row.user.last_name)}

    assert len(mailbox.mails) == 2 * len(table.people)
    for to, message in mailbox.mails:
        text = said(message, but=[to, table.moderator.user.email])
        assert [word for word in secrets if word.casefold() in text.casefold()] == []


def said(message: EmailMessage, *, but: list[str]) -> str:
    """Everything a mail says, decoded and unfolded, without the two addresses it must hold."""
    parts = [str(row.get_payload(decode=True), "utf-8") for row in message.walk() if not row.is_multipart()]
    text = "\n".join([*(f"{name}: {value}" for name, value in message.items()), *parts])
    text = re.sub(r"\r?\n[ \t]", "", text)
    for address in but:
        text = text.replace(address, "")
    return text


def test_server_away_is_tried_again(table, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    values = {"meeting": str(table.meeting.pk), "member": table.people["kvhs"].pk, "cancelled": False}
    _forget()
    with pytest.raises(ConnectionRefusedError):
        tasks.send_invitation(**values)
    assert tasks.send_invitation.retry_strategy.max_attempts > 1


def test_link_in_the_mail_answers(mailbox, table):
    person = table.people["kvhs"]
    work_off()
    text = part(mailbox.of(person)[0], "text/plain").get_content()
    (path,) = re.findall(r"https?://[^/]+(/runder-tisch/antwort/\S+)", text)
    answer = Client().post(path, {"answer": "accepted", "sequence": "0"})

    assert answer.status_code == 200
    with access.acting(person):
        assert Participant.objects.get(meeting=table.meeting, member=person).reply == "accepted"


def test_subject_is_table_and_time(mailbox, table):
    work_off()
    subject = mailbox.of(table.people["kvhs"])[0]["Subject"]

    assert subject == f"Einladung: Runder Tisch Integration, {mails._when(now(table))}"
