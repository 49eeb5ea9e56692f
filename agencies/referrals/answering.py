"""The recipient's acts: receive, ask, accept or decline, work, report the outcome."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit
from agencies.errors import Refused
from agencies.models import Agency, Membership
from agencies.referrals import clocks, mails
from agencies.referrals.enums import Act, DeclineReason, MessageKind, Outcome, State
from agencies.referrals.models import Acknowledgement, Referral, Snapshot
from agencies.referrals.options import possible_acts
from agencies.referrals.transitions import begin, finish, lock, say
from agencies.roles import Permission


@transaction.atomic
def receive(referral: Referral, *, by: Membership) -> Referral:
    """Mark as received when a member of the recipient opens it first; otherwise nothing happens."""
    if referral.state != State.SENT or Act.RECEIVE not in possible_acts(referral, by):
        return referral
    locked = lock(referral)
    return finish(locked, Act.RECEIVE, by=by) if locked.state == State.SENT else locked


@transaction.atomic
def acknowledge(referral: Referral, *, by: Membership) -> None:
    """Confirm the purpose notice (§ 78 SGB X): from now on this member reads the snapshot."""
    snapshot = Snapshot.objects.filter(referral=referral).first()
    if snapshot is None or by.agency_id != referral.recipient_id:
        raise Refused(_("Hier ist nichts zu bestätigen."))
    _row, created = Acknowledgement.objects.get_or_create(
        snapshot=snapshot, member=by, defaults={"at": timezone.now()}
    )
    if created:
        audit.record("referral.acknowledge", referral, by=by, case_id=referral.case_id)


@transaction.atomic
def ask(referral: Referral, *, text: str, by: Membership, seen: int | None = None) -> Referral:
    """Ask the sender something; the recipient's clock stops, the sender's runs."""
    locked = begin(referral, Act.ASK, by=by, seen=seen)
    say(locked, MessageKind.QUESTION, text, by=by)
    asked = finish(locked, Act.ASK, by=by)
    mails.tell_sender(asked, mails.Notice.YOUR_TURN)
    return asked


@transaction.atomic
def accept(
    referral: Referral, *, assignee: Membership | None = None, by: Membership, seen: int | None = None
) -> Referral:
    """Take the request on for the agency, with ``assignee`` in charge.

    Without one, whoever was put in charge before stays, if still working there; else it is the member.

    :raises Refused: among others, the data may no longer be used: there is nothing to work with
    """
    locked = begin(referral, Act.ACCEPT, by=by, seen=seen)
    if not clocks.disclosure_is_active(locked):
        raise Refused(_("Die Datenübermittlung ist beendet. Annehmen ist nicht mehr möglich, nur ablehnen."))
    if assignee is None:
        before = locked.assigned_to
        assignee = before if before and not _unfit(locked, before) else by
    if assignee != locked.assigned_to:
        _check_assignee(locked, assignee, by=by)
    accepted = finish(locked, Act.ACCEPT, by=by, accepted_by=by, assigned_to=assignee)
    mails.tell_sender(accepted, mails.Notice.NEWS)
    if assignee.pk != by.pk:
        mails.tell_recipient(accepted, mails.Notice.ASSIGNED)
    return accepted


@transaction.atomic
def take_on(referral: Referral, *, by: Membership, seen: int | None = None) -> Referral:
    """Put oneself in charge."""
    locked = begin(referral, Act.TAKE_ON, by=by, seen=seen)
    _check_assignee(locked, by, by=by)
    return finish(locked, Act.TAKE_ON, by=by, assigned_to=by)


@transaction.atomic
def assign(referral: Referral, *, to: Membership, by: Membership, seen: int | None = None) -> Referral:
    """Put a member of one's own agency (and of the team it was sent to) in charge."""
    locked = begin(referral, Act.ASSIGN, by=by, seen=seen)
    _check_assignee(locked, to, by=by)
    assigned = finish(locked, Act.ASSIGN, by=by, assigned_to=to, text=to.name)
    mails.tell_recipient(assigned, mails.Notice.ASSIGNED)
    return assigned


@transaction.atomic
def start(referral: Referral, *, by: Membership, seen: int | None = None) -> Referral:
    """Report that the work with the person has begun."""
    started = finish(begin(referral, Act.START, by=by, seen=seen), Act.START, by=by)
    mails.tell_sender(started, mails.Notice.NEWS)
    return started


@transaction.atomic
def record_outcome(
    referral: Referral, *, outcome: Outcome, text: str = "", by: Membership, seen: int | None = None
) -> Referral:
    """Report what came of it; the sender closes."""
    locked = begin(referral, Act.RECORD_OUTCOME, by=by, seen=seen)
    done = finish(
        locked,
        Act.RECORD_OUTCOME,
        by=by,
        text=_told(outcome, text),
        outcome=Outcome(outcome),
        outcome_text=text.strip(),
    )
    mails.tell_sender(done, mails.Notice.YOUR_TURN)
    return done


@transaction.atomic
def drop_out(referral: Referral, *, text: str, by: Membership, seen: int | None = None) -> Referral:
    """Report that it broke off after acceptance; the sender is told and decides: reopen or close."""
    locked = begin(referral, Act.DROP_OUT, by=by, seen=seen)
    if not text.strip():
        raise Refused(_("Bitte schreiben Sie, warum es abgebrochen wurde."))
    dropped = finish(
        locked, Act.DROP_OUT, by=by, text=text, outcome=Outcome.DROPPED_OUT, outcome_text=text.strip()
    )
    mails.tell_sender(dropped, mails.Notice.DROPPED_OUT)
    return dropped


@transaction.atomic
def decline(
    referral: Referral,
    *,
    reason: DeclineReason,
    text: str = "",
    parked_until: date | None = None,
    by: Membership,
    seen: int | None = None,
) -> Referral:
    """Say no, with a code that tells the sender what to do next; the access ends at once.

    :param parked_until: from when it may be asked again (e.g. when places are free)
    """
    locked = begin(referral, Act.DECLINE, by=by, seen=seen)
    if parked_until and parked_until <= timezone.localdate():
        raise Refused(_("Das Datum muss in der Zukunft liegen."))
    declined = finish(
        locked,
        Act.DECLINE,
        by=by,
        text=text,
        decline_reason=DeclineReason(reason),
        parked_until=parked_until,
    )
    mails.tell_sender(declined, mails.Notice.DECLINED)
    return declined


@transaction.atomic
def propose_reroute(
    referral: Referral, *, agency: Agency, text: str = "", by: Membership, seen: int | None = None
) -> Referral:
    """Propose another agency; nothing goes there unless the sender agrees."""
    locked = begin(referral, Act.PROPOSE_REROUTE, by=by, seen=seen)
    if agency.pk in {locked.sender_id, locked.recipient_id} or not agency.is_active:
        raise Refused(_("Bitte schlagen Sie eine andere Stelle vor."))
    proposed = finish(locked, Act.PROPOSE_REROUTE, by=by, text=text, proposed_agency=agency)
    mails.tell_sender(proposed, mails.Notice.YOUR_TURN)
    return proposed


def _told(outcome: str, text: str) -> str:
    """The outcome as the history keeps it, whatever is reported later."""
    return ": ".join(filter(None, [str(Outcome(outcome).label), text.strip()]))


def _check_assignee(locked: Referral, member: Membership, *, by: Membership) -> None:
    if member.pk != by.pk and not by.may(Permission.ASSIGN_REFERRALS):
        raise Refused(_("Ihre Rolle verteilt keine Überweisungen."))
    if problem := _unfit(locked, member):
        raise Refused(problem)


def _unfit(locked: Referral, member: Membership) -> str:
    """In charge can be who works for the recipient, sees the in-box it went to and may answer."""
    if member.agency_id != locked.recipient_id or not member.is_active or not member.user.is_active:
        return _("Zuständig kann nur sein, wer bei der empfangenden Stelle arbeitet.")
    if not member.may(Permission.ANSWER_REFERRALS):
        return _("Die Rolle dieser Person bearbeitet keine Überweisungen.")
    if locked.recipient_group_id not in member.group_ids:
        return _("Die Person gehört nicht zu dem Team, an das überwiesen wurde.")
    return ""
