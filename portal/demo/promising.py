"""What became of the promises of past meetings: kept, late, extended, withdrawn, overdue or still open."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import cycle

from django.utils import timezone

from agencies import access
from agencies.models import Membership
from agencies.roundtable import actions
from agencies.roundtable.enums import CommitmentAct
from agencies.roundtable.models import Commitment
from portal.demo.clock import at
from portal.demo.round_table_texts import EXTENDED, WITHDRAWN, Promise

FATES = ("kept", "overdue", "kept", "extended", "late", "kept", "withdrawn")


def keep_or_break(
    promised: Sequence[tuple[Commitment, Promise]], people: Mapping[str, Sequence[Membership]], now: datetime
) -> None:
    """Let each promise take one of the ways in turn; what is not due yet stays open."""
    fates = cycle(FATES)
    for made, promise in promised:
        if made.due_on < timezone.localtime(now).date():
            _live_on(made, promise, next(fates), people[promise.slug][-1], now)


def _live_on(made: Commitment, promise: Promise, fate: str, by: Membership, now: datetime) -> None:
    due = timezone.make_aware(datetime.combine(made.due_on, time(11)))
    with access.acting(by):
        if fate == "kept":
            with at(due - timedelta(days=2)):
                actions.end(made, CommitmentAct.FULFILLED, text=promise.done, by=by)
        elif fate == "late":
            with at(min(due + timedelta(days=4), now)):
                actions.end(made, CommitmentAct.FULFILLED, text=promise.done, by=by)
        elif fate == "withdrawn":
            with at(due - timedelta(days=3)):
                actions.end(made, CommitmentAct.WITHDRAWN, text=WITHDRAWN, by=by)
        elif fate == "extended":
            with at(due - timedelta(days=1)):
                later = timezone.localtime(now).date() + timedelta(days=9)
                actions.extend(made, due_on=later, reason=EXTENDED, by=by)
