"""The sender's second half: answer, agree to re-routing, withdraw, close, reopen; and what the clock ends."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.errors import Refused
from agencies.models import Membership, Team
from agencies.referrals import clocks, mails
from agencies.referrals.enums import Act, MessageKind, Outcome, Side
from agencies.referrals.models import Message, Referral
from agencies.referrals.options import side_of
from agencies.referrals.sending import successor
from agencies.referrals.transitions import begin, end_disclosure, finish, lock, record, say


@transaction.atomic
def answer(referral: Referral, *, text: str, by: Membership, seen: int | None = None) -> Referral:
    """Answer a question; the recipient's clock starts anew."""
    locked = begin(referral, Act.ANSWER, by=by, seen=seen)
    say(locked, MessageKind.ANSWER, text, by=by)
    answered = finish(locked, Act.ANSWER, by=by)
    mails.tell_recipient(answered, mails.Notice.NEWS)
    return answered


@transaction.atomic
def remark(referral: Referral, *, text: str, by: Membership) -> Message:
    """Write to the other side without moving anything; never in conflict with anyone."""
    locked = begin(lock(referral), Act.REMARK, by=by)
    message = say(locked, MessageKind.REMARK, text, by=by)
    record("referral.remark", locked, by=by)
    tell = mails.tell_recipient if side_of(locked, by) == Side.SENDER else mails.tell_sender
    tell(locked, mails.Notice.NEWS)
    return message


@transaction.atomic
def confirm_reroute(
    referral: Referral, *, team: Team | None = None, by: Membership, seen: int | None = None
) -> Referral:
    """Agree to the proposed agency: this referral and its access end, a draft to that agency is returned.

    The draft starts from what is usual there; the sender sees before sending what that agency will see.
    """
    locked = begin(referral, Act.CONFIRM_REROUTE, by=by, seen=seen)
    proposed = locked.proposed_agency
    assert proposed is not None
    rerouted = finish(locked, Act.CONFIRM_REROUTE, by=by, followed_up_at=timezone.now())
    mails.tell_recipient(rerouted, mails.Notice.NEWS)
    return successor(rerouted, recipient=proposed, team=team, by=by)


@transaction.atomic
def reject_reroute(
    referral: Referral, *, text: str = "", by: Membership, seen: int | None = None
) -> Referral:
    """Keep the referral where it is."""
    locked = begin(referral, Act.REJECT_REROUTE, by=by, seen=seen)
    kept = finish(locked, Act.REJECT_REROUTE, by=by, text=text, proposed_agency=None)
    mails.tell_recipient(kept, mails.Notice.NEWS)
    return kept


@transaction.atomic
def withdraw(referral: Referral, *, reason: str, by: Membership, seen: int | None = None) -> Referral:
    """Take it back; the recipient's access ends at once."""
    locked = begin(referral, Act.WITHDRAW, by=by, seen=seen)
    if not reason.strip():
        raise Refused(_("Bitte schreiben Sie, warum Sie die Überweisung zurückziehen."))
    withdrawn = finish(locked, Act.WITHDRAW, by=by, text=reason)
    mails.tell_recipient(withdrawn, mails.Notice.NEWS)
    return withdrawn


@transaction.atomic
def close(
    referral: Referral,
    *,
    outcome: Outcome | None = None,
    text: str = "",
    keep_reason: str = "",
    by: Membership,
    seen: int | None = None,
) -> Referral:
    """Close the loop, with the recorded outcome or with the one given here.

    The latter is for a drop-out, and for a referral declined or expired after which nothing is to follow.
    The purpose is reached, so the recipient's access ends with the act (§ 67b, § 78 SGB X).

    :param keep_reason: why the recipient goes on reading until the date the disclosure names
    """
    locked = begin(referral, Act.CLOSE, by=by, seen=seen)
    result = outcome or locked.outcome
    if not result:
        raise Refused(_("Ohne Ergebnis kann die Überweisung nicht abgeschlossen werden."))
    said = "\n".join(filter(None, [text.strip(), _kept(keep_reason)]))
    closed = finish(locked, Act.CLOSE, by=by, text=said, outcome=Outcome(result), parked_until=None)
    if not keep_reason.strip():
        end_disclosure(closed)
    mails.tell_recipient(closed, mails.Notice.NEWS)
    return closed


def _kept(reason: str) -> str:
    """How the history says that the data stay readable."""
    if not reason.strip():
        return ""
    return _("Die Daten bleiben lesbar: {reason}").format(reason=reason.strip())


@transaction.atomic
def reopen(referral: Referral, *, reason: str, by: Membership, seen: int | None = None) -> Referral:
    """Open it again, with a reason; the recipient stays in charge.

    :raises Refused: no reason, the data may no longer be used (then a new referral is needed), or the same
        request has been sent anew meanwhile
    """
    locked = begin(referral, Act.REOPEN, by=by, seen=seen)
    if not reason.strip():
        raise Refused(_("Wieder öffnen braucht eine Begründung."))
    if not clocks.disclosure_is_active(locked):
        raise Refused(_("Die Datenübermittlung ist beendet. Bitte überweisen Sie neu."))
    again: dict[str, Any] = {"outcome": "", "outcome_text": "", "followed_up_at": None}
    reopened = finish(locked, Act.REOPEN, by=by, text=reason, **again)
    mails.tell_recipient(reopened, mails.Notice.NEWS)
    return reopened


@transaction.atomic
def park(referral: Referral, *, until: date, by: Membership, seen: int | None = None) -> Referral:
    """Put a declined referral aside; on that day the sender is reminded to refer anew."""
    locked = begin(referral, Act.PARK, by=by, seen=seen)
    if until <= timezone.localdate():
        raise Refused(_("Das Datum muss in der Zukunft liegen."))
    return finish(locked, Act.PARK, by=by, parked_until=until, remind_on=until, reminded_at=None)
