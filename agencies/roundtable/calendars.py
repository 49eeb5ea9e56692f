"""Meetings as iCalendar (RFC 5545, 5546): table, time and place, and nothing about any case."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from agencies.models import Membership
from agencies.roundtable.enums import MeetingState, Reply
from agencies.roundtable.models import Meeting

PRODUCT = "-//Kreisrund//Runder Tisch//DE"
#: PARTSTAT of RFC 5545 for each answer.
PARTSTAT = {
    Reply.NONE: "NEEDS-ACTION",
    Reply.ACCEPTED: "ACCEPTED",
    Reply.TENTATIVE: "TENTATIVE",
    Reply.DECLINED: "DECLINED",
}


def uid(meeting: Meeting) -> str:
    """The name under which calendars know the meeting; it never changes."""
    return f"{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}"


def message(meeting: Meeting, member: Membership, answer: Reply) -> bytes:
    """What one invited person gets: REQUEST, or CANCEL once the meeting is called off.

    Names this person as the only attendee: who else is invited is nobody's business in a mailbox.
    """
    cancelled = meeting.state == MeetingState.CANCELLED
    event = _event(meeting)
    event.add("organizer", _organizer(meeting))
    attendee = vCalAddress(f"mailto:{member.user.email}")
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = PARTSTAT[answer]
    if not cancelled:
        attendee.params["RSVP"] = "TRUE"
    event.add("attendee", attendee)
    return _calendar("CANCEL" if cancelled else "REQUEST", [event]).to_ical()


def feed(meetings: Iterable[Meeting]) -> bytes:
    """All meetings of one member, for a calendar that subscribes to them."""
    calendar = _calendar("PUBLISH", [_event(meeting) for meeting in meetings])
    calendar.add("x-wr-calname", _("Runde Tische"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    return calendar.to_ical()


def _calendar(method: str, events: Iterable[Event]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    return calendar


def _event(meeting: Meeting) -> Event:
    event = Event()
    event.add("uid", uid(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", timezone.now())
    # In UTC: no calendar needs our time zone explained.
    event.add("dtstart", _utc(meeting.starts_at))
    event.add("dtend", _utc(meeting.ends_at))
    event.add("summary", meeting.table.name)
    event.add("location", meeting.place or meeting.video_link)
    event.add("status", "CANCELLED" if meeting.state == MeetingState.CANCELLED else "CONFIRMED")
    page = settings.SITE_URL + reverse("roundtable:meeting", args=[meeting.pk])
    event.add("url", page)
    link = _("Videokonferenz: {link}").format(link=meeting.video_link) if meeting.video_link else ""
    event.add("description", "\n".join(filter(None, [link, _("Tagesordnung im Portal: ") + page])))
    return event


def _organizer(meeting: Meeting) -> vCalAddress:
    """The moderator, to whom calendars send their replies; the portal sends in their name."""
    address = meeting.moderator.user.email or meeting.moderator.agency.email or settings.DEFAULT_FROM_EMAIL
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = meeting.table.name
    if address != settings.DEFAULT_FROM_EMAIL:
        organizer.params["SENT-BY"] = f"mailto:{settings.DEFAULT_FROM_EMAIL}"
    return organizer


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
