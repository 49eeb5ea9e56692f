"""Mails about referrals: a count and a link, never a name, a reference or a text of anyone.

The mail is a job written in the transaction of the act (no act, no mail); what it says is counted when
it goes out, so several acts make one mail and what has been done meanwhile makes none.
"""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from agencies.models import Agency, Membership
from agencies.referrals.enums import Side, State
from agencies.referrals.models import Referral
from agencies.roles import Permission

TASK = "referrals.send_notice"


class Notice(TextChoices):
    """Why a mail is sent."""

    NEW = "new"
    ASSIGNED = "assigned"
    NEWS = "news"
    YOUR_TURN = "your_turn"
    DECLINED = "declined"
    DROPPED_OUT = "dropped_out"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    EXPIRED = "expired"
    LAPSED = "lapsed"
    DECISION = "decision"


def tell_recipient(referral: Referral, notice: Notice) -> None:
    """Queue a mail to the recipient: whoever is in charge there, else the agency's mailbox."""
    _queue(notice, referral.recipient_id, Side.RECIPIENT, referral.assigned_to_id)


def tell_sender(referral: Referral, notice: Notice) -> None:
    """Queue a mail to the member who sent the referral."""
    _queue(notice, referral.sender_id, Side.SENDER, referral.sender_member_id)


def tell_leads(referral: Referral, side: Side) -> None:
    """Queue a mail to the team leads of one side."""
    agency_id = referral.sender_id if side == Side.SENDER else referral.recipient_id
    for lead in _assigners(agency_id):
        _queue(Notice.ESCALATION, agency_id, side, lead.pk)


def tell_deciders(referral: Referral) -> None:
    """Queue a mail to those who may decide about a draft: the right role, and the team it belongs to."""
    members = Membership.objects.filter(agency=referral.sender_id, is_active=True, user__is_active=True)
    for member in members.select_related("user", "agency"):
        if member.may(Permission.DISCLOSE_IMMIGRATION) and referral.sender_group_id in member.group_ids:
            _queue(Notice.DECISION, referral.sender_id, Side.SENDER, member.pk)


def _queue(notice: Notice, agency: int, side: Side, member: int | None) -> None:
    """One waiting job per addressee and reason is enough: it counts when it runs.

    The one that waits already is held until this transaction ends: should a worker take it before, it
    would not count this act, and nobody would hear of it.
    """
    values: dict[str, Any] = {"notice": notice.value, "agency": agency, "side": side.value, "member": member}
    job = app.configure_task(TASK, queueing_lock=_lock(**values))
    while not hold_waiting(**values):
        with suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(**values)
            return


def hold_waiting(**values: Any) -> bool:
    """Whether such a job waits; workers, which skip locked rows, leave it until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo' FOR KEY SHARE",
            [_lock(**values)],
        )
        return cursor.fetchone() is not None


def _lock(notice: str, agency: int, side: str, member: int | None) -> str:
    return f"referrals:{notice}:{side}:{agency}:{member or ''}"


def send(notice: Notice, agency: Agency, side: Side, member: Membership | None) -> int:
    """Send what is due now to the addressee; returns the number of addresses. Runs for ``agency``."""
    count = _waiting(notice, agency, side, member).count()
    addresses = _addresses(agency, member)
    if not count or not addresses:
        return 0
    foot = _("Diese Nachricht enthält keine Angaben zu Personen. Bitte melden Sie sich im Portal an.")
    page = "referrals:inbox" if side == Side.RECIPIENT else "referrals:outbox"
    text = "\n\n".join([_sentence(notice, count), settings.SITE_URL + reverse(page), foot])
    # One message to all: a failure half-way would send the first ones theirs twice.
    send_mail(_("Kreisrund: Überweisungen"), text, None, addresses)
    return len(addresses)


def _addresses(agency: Agency, member: Membership | None) -> list[str]:
    if member and member.is_active and member.user.is_active and member.user.email:
        return [member.user.email]
    if agency.email:
        return [agency.email]
    return sorted({lead.user.email for lead in _assigners(agency.pk) if lead.user.email})


def _assigners(agency_id: int) -> list[Membership]:
    """Members who distribute referrals and see all teams: team leads and intake."""
    members = Membership.objects.filter(agency_id=agency_id, is_active=True, user__is_active=True)
    needed = {Permission.ASSIGN_REFERRALS, Permission.ALL_TEAMS}
    return [member for member in members.select_related("user") if needed <= member.permissions]


def _waiting(notice: Notice, agency: Agency, side: Side, member: Membership | None) -> QuerySet[Referral]:
    """The referrals a notice counts."""
    today = timezone.localdate()
    mine = Referral.objects.filter(**{f"{side.value}_id": agency.pk})
    if notice == Notice.DECISION:
        return mine.to_decide()
    if member and notice != Notice.ESCALATION:
        mine = mine.filter(**{"sender_member" if side == Side.SENDER else "assigned_to": member})
    waiting = mine.waiting_on(side)
    match notice:
        case Notice.NEW:
            return mine.filter(state=State.SENT)
        case Notice.YOUR_TURN:
            return waiting.open()
        case Notice.DECLINED | Notice.DROPPED_OUT | Notice.EXPIRED:
            return mine.filter(state=State(notice.value), followed_up_at=None)
        case Notice.REMINDER:
            return waiting.due(today)
        case Notice.ESCALATION:
            return waiting.overdue(today)
        case Notice.LAPSED:
            return mine.open().filter(lapsed_at__isnull=False)
        case Notice.ASSIGNED:
            return mine.open()
    return mine.exclude(state=State.DRAFT)


def _sentence(notice: Notice, n: int) -> str:
    """What the mail says; ``news`` names no number, for the act itself may have ended the referral."""
    sentences = {
        Notice.NEW: ngettext("Es liegt %d neue Überweisung vor.", "Es liegen %d neue Überweisungen vor.", n),
        Notice.ASSIGNED: ngettext(
            "Ihnen ist %d offene Überweisung zugewiesen.", "Ihnen sind %d offene Überweisungen zugewiesen.", n
        ),
        Notice.YOUR_TURN: ngettext(
            "%d Überweisung wartet auf Ihre Antwort oder Entscheidung.",
            "%d Überweisungen warten auf Ihre Antwort oder Entscheidung.",
            n,
        ),
        Notice.DECLINED: ngettext(
            "%d Überweisung wurde abgelehnt und braucht einen nächsten Schritt.",
            "%d Überweisungen wurden abgelehnt und brauchen einen nächsten Schritt.",
            n,
        ),
        Notice.DROPPED_OUT: ngettext(
            "Bei %d Überweisung wurde ein Abbruch gemeldet.",
            "Bei %d Überweisungen wurde ein Abbruch gemeldet.",
            n,
        ),
        Notice.REMINDER: ngettext("%d Überweisung ist fällig.", "%d Überweisungen sind fällig.", n),
        Notice.ESCALATION: ngettext("%d Überweisung ist überfällig.", "%d Überweisungen sind überfällig.", n),
        Notice.EXPIRED: ngettext(
            "%d Überweisung ist ohne Antwort abgelaufen.", "%d Überweisungen sind ohne Antwort abgelaufen.", n
        ),
        Notice.DECISION: ngettext(
            "%d Überweisung liegt Ihnen zur Entscheidung vor.",
            "%d Überweisungen liegen Ihnen zur Entscheidung vor.",
            n,
        ),
        Notice.LAPSED: ngettext(
            "Bei %d offenen Überweisung ist die Datenübermittlung abgelaufen.",
            "Bei %d offenen Überweisungen ist die Datenübermittlung abgelaufen.",
            n,
        ),
    }
    if notice == Notice.NEWS:
        return _("Es gibt Neuigkeiten zu Ihren Überweisungen.")
    return sentences[notice] % n
