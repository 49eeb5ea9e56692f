"""The promises made at a member's tables as lists: which, in which order, with the item they come from."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from agencies import access
from agencies.models import Membership
from agencies.roundtable.enums import CommitmentState
from agencies.roundtable.models import Commitment, Decision, RoundTable

PAGE_SIZE = 50


def narrowed(found: QuerySet[Commitment], wanted: Mapping[str, Any], member: Membership) -> Any:
    """The promises that fit a cleaned filter; those of the own agency that are open by default."""
    whose, state = wanted.get("whose") or "", wanted.get("state") or ""
    if whose != "all":
        found = found.filter(agency=member.agency_id)
    if whose == "me":
        found = found.filter(person=member)
    if state in ("", "overdue"):
        found = found.filter(state=CommitmentState.OPEN)
    elif state != "all":
        found = found.filter(state=state)
    if state == "overdue":
        found = found.filter(due_on__lt=timezone.localdate())
    if table := wanted.get("table"):
        found = found.filter(table=table)
    return found


def ordered(found: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Open ones first, the longest overdue on top; then what has ended, the newest first."""
    is_over = Case(
        When(state=CommitmentState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return found.order_by(is_over, "-ended_at", "due_on", "made_at", "pk")


def page_of(member: Membership, wanted: Mapping[str, Any], number: str | None) -> Page[Commitment]:
    """One page of the list; the same queries for any length."""
    page = Paginator(ordered(narrowed(access.commitments(member), wanted, member)), PAGE_SIZE).get_page(
        number
    )
    page.object_list = with_origin(page.object_list)
    return page


def with_origin(found: Iterable[Commitment]) -> list[Commitment]:
    """Sets ``origin`` (the decision, with item and meeting) and ``at``, the table; None once the agency left.

    ``is_late``: open, and its day is over.
    """
    rows = list(found)
    tables = RoundTable.objects.in_bulk({row.table_id for row in rows})
    known = Decision.objects.filter(pk__in=[row.decision_id for row in rows])
    decisions = {row.pk: row for row in known.select_related("item__meeting")}
    for row in rows:
        row.origin = decisions.get(row.decision_id)  # type: ignore[attr-defined]
        row.at = tables.get(row.table_id)  # type: ignore[attr-defined]
        row.is_late = row.state == CommitmentState.OPEN and row.due_on < timezone.localdate()  # type: ignore[attr-defined]
    return rows


def panel(member: Membership, size: int) -> list[Commitment]:
    """The promises most urgent for the start page: the member's own and those nobody has taken."""
    open_ones = narrowed(access.commitments(member), {}, member)
    return with_origin(ordered(open_ones.filter(Q(person=member) | Q(person=None)))[:size])
