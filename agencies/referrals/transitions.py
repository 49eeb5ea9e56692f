"""How any act on a referral is done: lock the row, check the table, move on, keep the event."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit
from agencies.errors import Conflict, Refused
from agencies.models import Agency, Membership
from agencies.referrals import clocks, states
from agencies.referrals.enums import ENDED, OPEN_STATES, Act, MessageKind, Side, State
from agencies.referrals.models import Message, Referral, ReferralEvent
from agencies.referrals.options import fits, side_of

#: Acts that count as the recipient's first answer.
ANSWERS = frozenset({Act.ASK, Act.ACCEPT, Act.DECLINE, Act.PROPOSE_REROUTE})
#: Acts that hand over the turn without a new state, so that the clock starts anew.
TURNING = frozenset({Act.PROPOSE_REROUTE, Act.REJECT_REROUTE})
#: Acts that add to the open referrals, of which there is one for each case, in-box and purpose.
OPENING = frozenset({Act.SEND, Act.REOPEN})
ONCE = "one_open_referral_per_purpose"


def begin(referral: Referral, act: Act, *, by: Membership, seen: int | None = None) -> Referral:
    """Lock the referral for one act and make sure the act is still possible for this member.

    :param seen: the ``version`` the user was shown; without it that of the object handed in
    :raises Conflict: somebody else was faster; the text says who did what and when
    :raises Refused: this side, this role or this state does not allow the act
    """
    locked = lock(referral)
    if locked.version != (referral.version if seen is None else seen):
        raise Conflict(_conflict_text(locked, by))
    move = states.move(locked.state, act, side_of(locked, by))
    if move is None or not fits(locked, act, by):
        raise Refused(
            _("„{act}“ ist nicht möglich, wenn die Überweisung im Stand „{state}“ ist.").format(
                act=act.label, state=State(locked.state).label
            )
        )
    if not by.may(move.needs):
        raise Refused(_("Ihre Rolle erlaubt „{act}“ nicht.").format(act=act.label))
    return locked


def lock(referral: Referral) -> Referral:
    """The row as it is now, held until the transaction ends."""
    locked = locked_rows().filter(pk=referral.pk).first()
    if locked is None:
        raise Conflict(_("Die Überweisung gibt es nicht mehr."))
    return locked


def locked_rows() -> QuerySet[Referral]:
    """What is fetched from here is held until the transaction ends."""
    rows = Referral.objects.select_for_update(of=("self",))
    return rows.select_related("sender", "recipient", "recipient_team")


def finish(
    locked: Referral,
    act: Act,
    *,
    by: Membership | None,
    text: str = "",
    to: State | None = None,
    today: date | None = None,
    **values: Any,
) -> Referral:
    """Write what an act changes, its event and its audit entry; returns the referral as it now stands.

    :param by: None for what the clock does
    :param to: the state the clock leads to; a member's act goes where the table says
    :param today: the day for which a job runs
    """
    now = timezone.now()
    before = State(locked.state)
    agency = _agency_of_clock(locked)
    if by is not None:
        move = states.move(before, act, side_of(locked, by))
        to = move.to if move else None
    for name, value in values.items():
        setattr(locked, name, value)
    if act in ANSWERS and locked.answered_at is None:
        locked.answered_at = now
    if to is not None:
        _enter(locked, to, now)
    if (to is not None and act != Act.RECEIVE) or act in TURNING:
        clocks.restart(locked, today)
    if act != Act.RECEIVE:
        # Reading is no change anyone could be in conflict with.
        locked.version += 1
    _save(locked, act)
    ReferralEvent.objects.create(
        referral=locked, at=now, by=by, act=act, before=before, after=locked.state, text=text.strip()
    )
    record(f"referral.{act}", locked, by=by, agency=agency)
    if locked.state in ENDED and to is not None:
        end_disclosure(locked)
    return locked


def record(verb: str, referral: Referral, *, by: Membership | None, agency: Agency | None = None) -> None:
    """Write the audit entry; what the clock does is on the books of the agency whose turn it was."""
    audit.record(verb, referral, by=by, agency=agency, case_id=referral.case_id)


def say(referral: Referral, kind: MessageKind, text: str, *, by: Membership) -> Message:
    """Add a message to the conversation.

    :raises Refused: no text; or, for the recipient, the data (and with them the conversation) are not open
    """
    if not text.strip():
        raise Refused(_("Bitte schreiben Sie einen Text."))
    if side_of(referral, by) == Side.RECIPIENT and not is_readable(referral):
        if clocks.disclosure_is_active(referral):
            raise Refused(_("Bitte bestätigen Sie zuerst den Hinweis zur Zweckbindung."))
        raise Refused(_("Die Datenübermittlung ist beendet; Nachrichten sind nicht mehr möglich."))
    return Message.objects.create(
        referral=referral, kind=kind, text=text.strip(), author=by, at=timezone.now()
    )


def _save(locked: Referral, act: Act) -> None:
    """The same request is open only once: asked of the database, which also knows what the member may not."""
    if act not in OPENING:
        locked.save()
        return
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError as error:
        if ONCE in str(error):
            raise Refused(_("Zu diesem Zweck läuft dort bereits eine Überweisung.")) from None
        raise


def _enter(locked: Referral, to: State, now: datetime) -> None:
    locked.state, locked.state_since = to, now
    locked.closed_at = None if to in OPEN_STATES else now
    if to not in {State.SENT, State.RECEIVED, State.QUESTION, State.REROUTED}:
        locked.proposed_agency = None


def end_disclosure(locked: Referral) -> None:
    """The recipient's access ends with the act: in this transaction, whichever side acted.

    A closed referral's is for the sender to end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT end_referral_disclosure(%s, %s)", [locked.pk, str(State(locked.state).label)])


def is_readable(referral: Referral) -> bool:
    """Whether the acting member of the recipient may read data and messages now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT referral_is_readable(%s)", [referral.pk])
        return bool(cursor.fetchone()[0])


def _agency_of_clock(referral: Referral) -> Agency:
    return referral.sender if referral.turn == Side.SENDER else referral.recipient


def _conflict_text(locked: Referral, by: Membership) -> str:
    """Who was faster and did what. Drafts and new referrals leave no event the recipient could read."""
    events = ReferralEvent.objects.filter(referral=locked).exclude(act=Act.RECEIVE)
    last = events.select_related("by__user", "by__agency").order_by("-at", "-pk").first()
    if last is None:
        who = Membership.objects.select_related("user").get(pk=locked.sender_member_id).name
        return _("{who} hat den Entwurf inzwischen geändert. Bitte laden Sie die Seite neu.").format(who=who)
    if locked.followed_up_at and locked.followed_up_at > last.at:
        return _followed_up_text(locked)
    if last.by is None:
        return _("Die Überweisung ist inzwischen im Stand „{state}“.").format(state=State(locked.state).label)
    at = timezone.localtime(last.at)
    text = _("{who} ({agency}) war schneller: „{act}“ am {day} um {time} Uhr. Stand jetzt: „{state}“.")
    if last.by_id == by.pk:
        text = _("Sie selbst waren schneller: „{act}“ am {day} um {time} Uhr. Stand jetzt: „{state}“.")
    return text.format(
        who=last.by.name,
        agency=last.by.agency.short_name,
        act=Act(last.act).label,
        day=at.strftime("%d.%m.%Y"),
        time=at.strftime("%H:%M"),
        state=State(locked.state).label,
    )


def _followed_up_text(locked: Referral) -> str:
    found = locked.successors.select_related("sender_member__user", "recipient").order_by("created_at").last()
    if found is None:
        return _("Inzwischen wurde neu überwiesen. Bitte laden Sie die Seite neu.")
    return _("{who} war schneller und überweist neu: an {agency}, Stand „{state}“.").format(
        who=found.sender_member.name,
        agency=found.recipient.short_name,
        state=State(found.state).label,
    )
