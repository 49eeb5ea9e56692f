"""Mails of the round table: table, time and place, or a count; never anything about a case.

Like the mails about referrals they are jobs written in the transaction of the act, and say what is true
when they go out.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from agencies.models import Agency, Membership
from agencies.roles import Permission
from agencies.roundtable import calendars, promises, replying
from agencies.roundtable.enums import MeetingState, Reply
from agencies.roundtable.models import Meeting, Participant

INVITATION = "roundtable.send_invitation"
REMINDER = "roundtable.send_reminder"


def tell_invited(meeting: Meeting, participants: list[Participant]) -> None:
    """Queue the invitation, its update or its cancellation; the moderator invites and gets none."""
    for row in participants:
        if row.member_id != meeting.moderator_id:
            cancelled = meeting.state == MeetingState.CANCELLED
            _queue(INVITATION, meeting=str(meeting.pk), member=row.member_id, cancelled=cancelled)


def tell_due(agency: Agency, person: Membership | None) -> None:
    """Queue a reminder of promises that are due, to the person who gave them or to the agency."""
    _queue(REMINDER, agency=agency.pk, member=person.pk if person else None)


def _queue(task: str, **values: Any) -> None:
    """One waiting job per addressee and reason: it tells what is true when it runs.

    The one that waits already is held until this transaction ends, lest a worker takes it before.
    """
    job = app.configure_task(task, queueing_lock=_lock(task, values))
    while not hold_waiting(task, **values):
        with suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(**values)
            return


def hold_waiting(task: str, **values: Any) -> bool:
    """Whether such a job waits; workers, which skip locked rows, leave it until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo' FOR KEY SHARE",
            [_lock(task, values)],
        )
        return cursor.fetchone() is not None


def _lock(task: str, values: dict[str, Any]) -> str:
    return ":".join([task, *(str(values[name]) for name in sorted(values))])


def send_invitation(meeting: UUID, member: Membership, *, cancelled: bool) -> bool:
    """Mail what calendars take; False when it is no longer true. Runs for the member's agency."""
    row = Participant.objects.filter(meeting=meeting, member=member).first()
    found = Meeting.objects.select_related("table", "moderator__user", "moderator__agency").filter(pk=meeting)
    now = found.first()
    wanted = [MeetingState.CANCELLED] if cancelled else [MeetingState.INVITED, MeetingState.RUNNING]
    if row is None or now is None or now.state not in wanted or not _reaches(member):
        return False
    body = render_to_string("roundtable/mails/invitation.txt", _words(now, member, cancelled=cancelled))
    mail = EmailMultiAlternatives(_subject(now), body, None, [member.user.email])
    text = calendars.message(now, member, Reply(row.reply)).decode()
    method = "CANCEL" if cancelled else "REQUEST"
    mail.attach_alternative(text, f"text/calendar; method={method}")
    # Programs that show no alternatives, such as those of mobile phones, offer the file.
    mail.attach(_("einladung.ics"), text, f"application/ics; method={method}")
    mail.send()
    return True


def _subject(meeting: Meeting) -> str:
    values = {"table": meeting.table.name, "when": _when(meeting)}
    if meeting.state == MeetingState.CANCELLED:
        return _("Abgesagt: {table}, {when}").format(**values)
    if meeting.sequence:
        return _("Geändert: {table}, {when}").format(**values)
    return _("Einladung: {table}, {when}").format(**values)


def _words(meeting: Meeting, member: Membership, *, cancelled: bool) -> dict[str, Any]:
    link = settings.SITE_URL + reverse("roundtable:answer", args=[replying.key(meeting, member)])
    page = settings.SITE_URL + reverse("roundtable:meeting", args=[meeting.pk])
    return {"meeting": meeting, "when": _when(meeting), "link": link, "page": page, "cancelled": cancelled}


def _when(meeting: Meeting) -> str:
    begin, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    until = date_format(end, "H:i") if begin.date() == end.date() else date_format(end, "d.m.Y H:i")
    return _("{begin} bis {until} Uhr").format(begin=date_format(begin, "D, d.m.Y, H:i"), until=until)


def send_reminder(agency: Agency, person: Membership | None) -> int:
    """Mail how many promises are due; returns the number of addresses. Runs for ``agency``."""
    due = promises.soon_due(agency, person, timezone.localdate())
    overdue = due.filter(due_on__lt=timezone.localdate()).count()
    addresses = _addresses(agency, person)
    if not due.exists() or not addresses:
        return 0
    page = settings.SITE_URL + reverse("roundtable:commitments")
    values = {"count": due.count(), "overdue": overdue, "page": page}
    text = render_to_string("roundtable/mails/reminder.txt", values)
    send_mail(_("Kreisrund: Aufgaben aus Runden Tischen"), text, None, addresses)
    return len(addresses)


def _addresses(agency: Agency, person: Membership | None) -> list[str]:
    if person and _reaches(person):
        return [person.user.email]
    if agency.email:
        return [agency.email]
    members = Membership.objects.filter(agency=agency, is_active=True, user__is_active=True)
    able = [row for row in members.select_related("user") if row.may(Permission.MODERATE_MEETINGS)]
    return sorted({row.user.email for row in able if row.user.email})


def _reaches(member: Membership) -> bool:
    """Whether the person still works there, may attend, and has an address."""
    works = member.is_active and member.user.is_active and member.agency.is_active
    return bool(works and member.user.email and member.may(Permission.JOIN_MEETINGS))
