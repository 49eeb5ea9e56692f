"""Reads the iCalendar reply of an invited person, pasted from a mail: who answers what, to which meeting."""

import email
import email.policy
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from agencies.errors import Refused
from agencies.roundtable.calendars import PARTSTAT
from agencies.roundtable.enums import Reply

LONGEST = 60_000
BEGIN, END = "BEGIN:VCALENDAR", "END:VCALENDAR"
ANSWERS = {word: answer for answer, word in PARTSTAT.items() if answer != Reply.NONE}


@dataclass(frozen=True)
class Pasted:
    """What a reply says."""

    meeting: UUID
    sequence: int
    address: str
    answer: Reply


def read(text: str) -> Pasted:
    """Read a pasted reply: the calendar alone, or the whole source of the mail it came in.

    :raises Refused: it is no reply, or not to an invitation of this portal; the text says what is wrong
    """
    event = _event(_calendar(text))
    attendees = event.get("attendee", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    if len(attendees) != 1:
        raise Refused(_("Eine Antwort muss von genau einer Person kommen."))
    status = str(attendees[0].params.get("PARTSTAT", "")).upper()
    if status not in ANSWERS:
        raise Refused(
            _("Die Antwort sagt weder zu noch ab (PARTSTAT: {status}).").format(status=status[:30] or "–")
        )
    address = str(attendees[0]).strip()
    if address.lower().startswith("mailto:"):
        address = address[len("mailto:") :]
    return Pasted(_meeting(event), _sequence(event), address.lower(), ANSWERS[status])


def _calendar(text: str) -> Calendar:
    if len(text) > LONGEST:
        raise Refused(_("Der Text ist zu lang für eine Antwort."))
    body = _in_mail(text)
    start, end = body.find(BEGIN), body.rfind(END)
    if start < 0 or end < start:
        raise Refused(
            _(
                "Das ist kein Kalendertext. Er beginnt mit BEGIN:VCALENDAR und endet mit END:VCALENDAR; "
                "bitte fügen Sie ihn vollständig ein."
            )
        )
    try:
        found = Calendar.from_ical(body[start : end + len(END)] + "\r\n")
    except (ValueError, IndexError, KeyError) as error:
        raise Refused(_("Der Kalendertext ist beschädigt. Bitte fügen Sie ihn unverändert ein.")) from error
    if str(found.get("method", "")).upper() != "REPLY":
        raise Refused(_("Das ist keine Antwort auf eine Einladung (METHOD:REPLY fehlt)."))
    return found


def _in_mail(text: str) -> str:
    """The calendar part of a mail's source, decoded; any other text as it is."""
    mail = email.message_from_string(text.lstrip(), policy=email.policy.default)
    for part in mail.walk():
        if part.get_content_type() in ("text/calendar", "application/ics"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload:
                return payload.decode(errors="replace")
    return text


def _event(calendar: Calendar) -> Event:
    events = calendar.events
    if len(events) != 1:
        raise Refused(_("Eine Antwort muss sich auf genau einen Termin beziehen."))
    return events[0]


def _meeting(event: Event) -> UUID:
    try:
        return UUID(str(event.get("uid", "")).partition("@")[0])
    except ValueError as error:
        raise Refused(_("Die Antwort gehört nicht zu einer Einladung dieses Portals.")) from error


def _sequence(event: Event) -> int:
    try:
        return int(event.get("sequence", 0))
    except (TypeError, ValueError):
        return 0
