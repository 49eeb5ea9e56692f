"""The agenda as a page shows it: items as their reader sees them, from when to when, and the time left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet

from agencies import access
from agencies.access.meetings import Seen
from agencies.models import Membership
from agencies.roundtable.enums import CommitmentState, ItemKind, ItemState
from agencies.roundtable.models import Ask, Commitment, Item, Meeting, RoundTable

ASKS = Prefetch("asks", Ask.objects.select_related("agency").order_by("agency__name"))


@dataclass(frozen=True)
class Line:
    """One item on the agenda."""

    seen: Seen
    number: int
    begins: datetime
    ends: datetime

    @property
    def item(self) -> Item:
        return self.seen.item


@dataclass(frozen=True)
class Programme:
    """The items in order, and their time boxes against the length of the meeting."""

    lines: Sequence[Line]
    planned: int
    available: int

    @property
    def over(self) -> int:
        """Minutes that the items take longer than the meeting."""
        return max(self.planned - self.available, 0)

    @property
    def left(self) -> int:
        return max(self.available - self.planned, 0)

    @property
    def shown(self) -> int:
        """For a bar that cannot be longer than full."""
        return min(self.planned, self.available)


def programme(member: Membership, meeting: Meeting) -> Programme:
    """The agenda of a meeting for one member, in as many queries for one item as for many."""
    rows = items(Item.objects.filter(meeting=meeting).order_by("position", "created_at"))
    begins, lines = meeting.starts_at, []
    for number, seen in enumerate(access.seen(member, rows), 1):
        ends = begins + timedelta(minutes=seen.item.minutes)
        lines.append(Line(seen, number, begins, ends))
        begins = ends
    available = int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60
    return Programme(lines, sum(line.item.minutes for line in lines), available)


def proposals(member: Membership, table: RoundTable) -> list[Seen]:
    """What waits in the backlog of a table, the oldest first."""
    waiting = Item.objects.filter(table=table, meeting=None, state=ItemState.PROPOSED)
    return access.seen(member, items(waiting.order_by("created_at")))


def cases(lines: Iterable[Seen]) -> list[Seen]:
    return [seen for seen in lines if seen.item.kind == ItemKind.CASE]


def open_commitments(table: RoundTable) -> int:
    return Commitment.objects.filter(table=table, state=CommitmentState.OPEN).count()


def items(found: QuerySet[Item]) -> QuerySet[Item, Any]:
    """With what a line of the agenda names: who proposed it, and what is asked of whom."""
    return found.select_related("proposed_agency").prefetch_related(ASKS)
