"""What the clock does to one referral: remind, escalate, let expire; each once, whoever runs it."""

from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from agencies import audit
from agencies.models import Agency
from agencies.referrals import mails
from agencies.referrals.enums import OPEN_STATES, UNANSWERED, Act, Side, State
from agencies.referrals.models import Referral
from agencies.referrals.transitions import finish


def due(today: date) -> list[tuple[UUID, int]]:
    """Ids of the referrals whose clock has run out, each with the agency to act for.

    From a database function that tells ids only: a job sees no referral before it acts for an agency.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT referral_id, agency_id FROM due_referrals(%s)", [today])
        return cursor.fetchall()


@transaction.atomic
def act(pk: UUID, today: date, *, agency: Agency) -> Act | None:
    """Do to a referral what is due today; None if nothing is left to do or somebody else is at it.

    Runs inside ``access.acting_for(agency)``. The row is locked and looked at again, so a second worker
    or a second run does nothing twice.
    """
    rows = Referral.objects.select_for_update(skip_locked=True, of=("self",))
    referral = rows.select_related("sender", "recipient", "recipient_team").filter(pk=pk).first()
    if referral is None:
        return None
    if referral.expires_on and referral.expires_on <= today and referral.state in UNANSWERED:
        return _expire(referral, today)
    if referral.valid_until < today and referral.state in OPEN_STATES and not referral.lapsed_at:
        return _note(referral, Act.LAPSE, "lapsed_at", agency)
    if referral.escalate_on and referral.escalate_on <= today and not referral.escalated_at:
        return _note(referral, Act.ESCALATE, "escalated_at", agency)
    if referral.remind_on and referral.remind_on <= today and not referral.reminded_at:
        return _note(referral, Act.REMIND, "reminded_at", agency)
    return None


def _expire(referral: Referral, today: date) -> Act:
    """Nobody answered: the referral ends, and with it the recipient's access."""
    expired = finish(referral, Act.EXPIRE, by=None, to=State.EXPIRED, today=today)
    mails.tell_sender(expired, mails.Notice.EXPIRED)
    return Act.EXPIRE


def _note(referral: Referral, act: Act, column: str, agency: Agency) -> Act:
    """Tell whoever has to know, and remember that they were told."""
    setattr(referral, column, timezone.now())
    if act == Act.ESCALATE and not referral.reminded_at:
        # Whoever is escalated after a weekend without worker needs no reminder on top.
        referral.reminded_at = timezone.now()
    referral.save(update_fields=["reminded_at", "escalated_at", "lapsed_at"])
    audit.record(f"referral.{act}", referral, by=None, agency=agency, case_id=referral.case_id)
    if act == Act.LAPSE:
        mails.tell_sender(referral, mails.Notice.LAPSED)
    elif act == Act.ESCALATE:
        mails.tell_leads(referral, referral.turn or Side.RECIPIENT)
    elif referral.turn == Side.SENDER:
        mails.tell_sender(referral, mails.Notice.REMINDER)
    else:
        mails.tell_recipient(referral, mails.Notice.REMINDER)
    return act
