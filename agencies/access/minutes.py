"""Minutes as one member may read them: the record for all at the table, names and texts by own rights."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.http import Http404

from agencies.access.acting import require
from agencies.access.meetings import led_among, meeting, names_of
from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable.enums import CurtainLevel, ItemKind, TextKind
from agencies.roundtable.models import Addendum, Decision, Item, ItemCase, Minutes, MinutesPart, Opening


@dataclass(frozen=True)
class Entry:
    """One item of the minutes as one member reads it; what the curtain hid from them is empty."""

    record: dict[str, Any]
    is_covered: bool
    case_id: UUID | None = None
    name: str = ""
    summary: str = ""
    notes: str = ""


@dataclass(frozen=True)
class MinutesCopy:
    """The minutes as rendered for one member; ``holds`` is false if the database was tampered with."""

    minutes: Minutes
    member: Membership
    entries: list[Entry]
    addenda: list[Addendum]
    holds: bool

    @property
    def record(self) -> dict[str, Any]:
        content: dict[str, Any] = self.minutes.content
        return content

    @property
    def is_confidential(self) -> bool:
        """Whether this copy holds what others at the table must not read."""
        cases = [entry for entry in self.entries if entry.record["kind"] == ItemKind.CASE]
        return any(entry.name or entry.summary or entry.notes for entry in cases)


def all_minutes(member: Membership) -> QuerySet[Minutes]:
    """The minutes of all tables at which the member's agency sits, the newest meeting first."""
    require(member, Permission.JOIN_MEETINGS)
    mine = Minutes.objects.filter(meeting__table__seats__agency=member.agency_id)
    return mine.select_related("meeting__table").order_by("-meeting__starts_at", "-pk")


def minutes(member: Membership, meeting_id: UUID) -> Minutes:
    """The minutes of one meeting of one's own tables.

    :raises Http404: the meeting is not visible, or it is not closed yet
    """
    meeting(member, meeting_id)
    found = all_minutes(member).select_related("by__user", "by__agency").filter(meeting=meeting_id).first()
    if found is None:
        raise Http404
    return found


def minutes_copy(member: Membership, meeting_id: UUID) -> MinutesCopy:
    """The minutes with what the member's rights add: names as of now (logged), texts once open to them."""
    found = minutes(member, meeting_id)
    addenda = found.addenda.select_related("by__user", "agency").order_by("pk")
    return MinutesCopy(found, member, _entries(member, found), list(addenda), _holds(found))


def decided_items(member: Membership, case_id: UUID) -> QuerySet[Item]:
    """The items on which tables decided something about a case that the member sees, newest first."""
    require(member, Permission.VIEW_CASES)
    about = Item.objects.filter(subject__case=case_id, decisions__isnull=False).distinct()
    decisions = Decision.objects.prefetch_related("commitments__agency")
    rows = about.select_related("table", "meeting").prefetch_related(Prefetch("decisions", decisions))
    return rows.order_by("-meeting__starts_at", "position")


def _entries(member: Membership, found: Minutes) -> list[Entry]:
    records = found.content["items"]
    cases = [UUID(row["id"]) for row in records if row["kind"] == ItemKind.CASE]
    reach = _reach(member, cases)
    parts = {
        part.item_id: part.content
        for part in MinutesPart.objects.filter(minutes=found)
        if part.item_id in reach or part.item_id not in cases
    }
    known = [pk for pk, level in reach.items() if level == CurtainLevel.IDENTITY]
    subjects = dict(ItemCase.objects.filter(item__in=known).values_list("item_id", "case_id"))
    names = names_of(member, list(subjects.values()))
    return [_entry(row, reach, parts.get(UUID(row["id"]), {}), subjects, names) for row in records]


def _entry(
    row: dict[str, Any],
    reach: dict[UUID, CurtainLevel],
    texts: dict[str, str],
    subjects: dict[UUID, UUID],
    names: dict[UUID, str],
) -> Entry:
    pk = UUID(row["id"])
    case = subjects.get(pk)
    name = names.get(case, "") if case else ""
    return Entry(
        row,
        is_covered=row["kind"] == ItemKind.CASE and pk not in reach,
        case_id=case if name else None,
        name=name,
        summary=texts.get(TextKind.SUMMARY, ""),
        notes=texts.get(TextKind.NOTES, ""),
    )


def _reach(member: Membership, cases: Iterable[UUID]) -> dict[UUID, CurtainLevel]:
    """How far the curtain of each of these items was ever open for the member; all the way for the lead."""
    found: dict[UUID, CurtainLevel] = {}
    opened = Opening.objects.filter(item__in=cases, member=member).values_list("item_id", "level")
    for pk, value in opened:
        level = CurtainLevel(value)
        if pk not in found or level.reach > found[pk].reach:
            found[pk] = level
    led = Item.objects.filter(pk__in=cases)
    return found | dict.fromkeys(led_among(member, led), CurtainLevel.IDENTITY)


def _holds(found: Minutes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT minutes_hold(%s)", [found.pk])
        row = cursor.fetchone()
    return bool(row and row[0])
