"""What becomes of commitments: fulfilled, extended or withdrawn, each with a word; and the rate kept."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit
from agencies.errors import Conflict, Refused
from agencies.models import Agency, Membership
from agencies.roundtable.enums import CommitmentAct, CommitmentState
from agencies.roundtable.models import Commitment, CommitmentEvent, RoundTable

#: How long before its day a promise is reminded of (as in ``due_commitments``).
AHEAD = timedelta(days=3)
ENDS = {
    CommitmentAct.FULFILLED: CommitmentState.FULFILLED,
    CommitmentAct.WITHDRAWN: CommitmentState.WITHDRAWN,
}


@transaction.atomic
def end(commitment: Commitment, act: CommitmentAct, *, text: str, by: Membership) -> None:
    """Fulfil it (with what) or withdraw it (why); by the agency that promised."""
    row = _mine(commitment, by)
    row.state, row.ended_at = ENDS[act], timezone.now()
    row.save(update_fields=["state", "ended_at"])
    _note(row, act, text, by)


@transaction.atomic
def extend(commitment: Commitment, *, due_on: date, reason: str, by: Membership) -> None:
    """Promise a later day; the first one stays on record."""
    row = _mine(commitment, by)
    if due_on <= row.due_on or due_on < timezone.localdate():
        raise Refused(
            _("Die neue Frist muss nach der bisherigen und darf nicht in der Vergangenheit liegen.")
        )
    row.due_on, row.reminded_at = due_on, None
    row.save(update_fields=["due_on", "reminded_at"])
    _note(row, CommitmentAct.EXTENDED, reason, by, due_on=due_on)


def soon_due(agency: Agency, person: Membership | None, today: date) -> QuerySet[Commitment]:
    """The open promises a reminder counts: of this person, or those of the agency that nobody has taken."""
    mine = Commitment.objects.filter(agency=agency, person=person, state=CommitmentState.OPEN)
    return mine.filter(due_on__lte=today + AHEAD)


@dataclass(frozen=True)
class Kept:
    """How one agency keeps its word: ended or overdue promises, and those fulfilled by the first day."""

    agency: Agency
    judged: int
    kept: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.kept / self.judged) if self.judged else None


def kept_rates(table: RoundTable) -> list[Kept]:
    """Kept promises per agency: fulfilled by the day first promised ÷ all that are due or ended."""
    today = timezone.localdate()
    due = Q(commitments__table=table) & (
        ~Q(commitments__state=CommitmentState.OPEN) | Q(commitments__first_due_on__lt=today)
    )
    in_time = Q(
        commitments__table=table,
        commitments__state=CommitmentState.FULFILLED,
        commitments__ended_at__date__lte=F("commitments__first_due_on"),
    )
    rows = Agency.objects.filter(seats__table=table).annotate(
        judged=Count("commitments", filter=due, distinct=True),
        kept=Count("commitments", filter=in_time, distinct=True),
    )
    return [Kept(row, row.judged, row.kept) for row in rows.order_by("name")]


def _mine(commitment: Commitment, by: Membership) -> Commitment:
    if commitment.agency_id != by.agency_id:
        raise Refused(_("Nur die Stelle, die zugesagt hat, kann die Aufgabe beenden oder verlängern."))
    row = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    if row.state != CommitmentState.OPEN:
        raise Conflict(_("Die Aufgabe ist schon beendet."))
    return row


def _note(
    row: Commitment, act: CommitmentAct, text: str, by: Membership, *, due_on: date | None = None
) -> None:
    CommitmentEvent.objects.create(
        commitment=row, act=act, text=text, due_on=due_on, by=by, at=timezone.now()
    )
    audit.record(f"commitment.{act}", row, by=by)
