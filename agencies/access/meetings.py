"""Which meetings a member may attend, and what of each case the curtain shows them right now."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404

from agencies.access import reading
from agencies.access.acting import require
from agencies.access.cases import FRAME, grants_of
from agencies.cases.models import Identity
from agencies.enums import Category, Level
from agencies.models import Membership, ReadLog
from agencies.roles import Permission
from agencies.roundtable.enums import CurtainLevel, ItemKind, ItemState, TextKind
from agencies.roundtable.models import Decision, Item, ItemCase, ItemText, Meeting, Opening, RoundTable


@dataclass(frozen=True)
class Seen:
    """One item as one member sees it; what is closed to them is empty."""

    item: Item
    level: CurtainLevel
    is_led: bool = False
    case_id: UUID | None = None
    name: str = ""
    summary: ItemText | None = None
    notes: ItemText | None = None

    @property
    def is_open(self) -> bool:
        """Whether texts about the item may be read (and written) now."""
        return self.item.kind != "case" or self.level != CurtainLevel.PSEUDONYM


def tables(member: Membership) -> QuerySet[RoundTable]:
    """The tables at which the member's agency sits."""
    require(member, Permission.JOIN_MEETINGS)
    return RoundTable.objects.filter(is_active=True, seats__agency=member.agency_id)


def meetings(member: Membership) -> QuerySet[Meeting]:
    """All meetings of the tables at which the member's agency sits."""
    require(member, Permission.JOIN_MEETINGS)
    mine = Meeting.objects.filter(table__seats__agency=member.agency_id)
    return mine.select_related("table", "moderator__user", "moderator__agency")


def meeting(member: Membership, pk: UUID, *, to: Permission = Permission.JOIN_MEETINGS) -> Meeting:
    """One meeting of one's own tables.

    :raises Http404: there is none, the agency has no seat, or the role attends no meetings
    :raises PermissionDenied: the role does not reach
    """
    if not member.may(Permission.JOIN_MEETINGS):
        raise Http404
    found = meetings(member).filter(pk=pk).first()
    if found is None:
        raise Http404
    require(member, to)
    return found


def moderated(member: Membership, pk: UUID) -> Meeting:
    """A meeting for an act of its moderator; whoever may moderate can take over first (``take_over``)."""
    found = meeting(member, pk, to=Permission.MODERATE_MEETINGS)
    if found.moderator_id != member.pk:
        raise PermissionDenied
    return found


def attended(member: Membership, pk: UUID | None) -> Meeting:
    """A meeting at which the member has taken their place, for acts of whoever is there."""
    if pk is None:
        raise Http404
    found = meeting(member, pk)
    if not found.participants.filter(member=member, present_since__isnull=False).exists():
        raise PermissionDenied
    return found


def may_attend(member: Membership, meeting_id: UUID) -> bool:
    """Whether the bell of this meeting may ring for the member."""
    return member.may(Permission.JOIN_MEETINGS) and meetings(member).filter(pk=meeting_id).exists()


def item(member: Membership, pk: UUID) -> Item:
    """An item of one's own tables; a topic that was set aside is gone."""
    if not member.may(Permission.JOIN_MEETINGS):
        raise Http404
    aside = Q(kind=ItemKind.GENERAL, state=ItemState.REJECTED)
    mine = Item.objects.filter(table__seats__agency=member.agency_id).exclude(aside)
    found = mine.select_related("meeting__table", "table", "proposed_agency").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def led_item(member: Membership, pk: UUID) -> Item:
    """An item whose case the member's team leads: who decides about its curtain and its summary."""
    found = item(member, pk)
    if found.pk not in led_among(member, [found]):
        raise PermissionDenied
    return found


def open_item(member: Membership, pk: UUID, kind: TextKind) -> Item:
    """An item whose text the member may write now: the summary is the lead's, notes whoever reads them."""
    if kind == TextKind.SUMMARY:
        return led_item(member, pk)
    found = item(member, pk)
    is_open = Opening.objects.now().filter(item=found, member=member)
    if found.kind == ItemKind.CASE and not is_open.exists() and found.pk not in led_among(member, [found]):
        raise PermissionDenied
    return found


def decision(member: Membership, pk: int) -> Decision:
    """A decision of one's own tables."""
    if not member.may(Permission.JOIN_MEETINGS):
        raise Http404
    mine = Decision.objects.filter(pk=pk, item__table__seats__agency=member.agency_id)
    found = mine.select_related("item__meeting", "item__table").first()
    if found is None:
        raise Http404
    return found


def seen(member: Membership, items: Iterable[Item]) -> list[Seen]:
    """Each item as the curtain shows it to the member now (4 queries for any number); names are logged.

    The lead sees its own case; everybody else only while the item is called and they are present.
    """
    rows = list(items)
    led = led_among(member, rows)
    open_now = dict(
        Opening.objects.now().filter(item__in=rows, member=member).values_list("item_id", "level")
    )
    levels = {row.pk: _level(row, led, open_now) for row in rows}
    subjects = dict(
        ItemCase.objects.filter(item__in=[pk for pk, level in levels.items() if level.reach >= 2])
        .values_list("item_id", "case_id")
    )  # fmt: skip
    names = names_of(member, [subjects[pk] for pk in subjects if levels[pk] == CurtainLevel.IDENTITY])
    readable = [row for row in rows if row.kind != "case" or levels[row.pk] != CurtainLevel.PSEUDONYM]
    texts = {(text.item_id, text.kind): text for text in _texts(readable)}
    return [
        Seen(
            row,
            levels[row.pk],
            is_led=row.pk in led,
            case_id=subjects.get(row.pk),
            name=names.get(subjects.get(row.pk), "") if levels[row.pk] == CurtainLevel.IDENTITY else "",  # type: ignore[arg-type]
            summary=texts.get((row.pk, TextKind.SUMMARY)),
            notes=texts.get((row.pk, TextKind.NOTES)),
        )
        for row in rows
    ]


def _texts(items: Iterable[Item]) -> QuerySet[ItemText]:
    return ItemText.objects.filter(item__in=items).select_related("author__user", "author__agency")


def _level(row: Item, led: set[UUID], open_now: dict[UUID, str]) -> CurtainLevel:
    if row.pk in led:
        return CurtainLevel.IDENTITY
    return CurtainLevel(open_now.get(row.pk, CurtainLevel.PSEUDONYM))


def led_among(member: Membership, items: Iterable[Item]) -> set[UUID]:
    """Which of the items are about cases that the member's team leads."""
    if not member.may(Permission.VIEW_CASES):
        return set()
    mine = grants_of(member).filter(category=FRAME, level=Level.CHANGE).values("content_object")
    found = ItemCase.objects.filter(item__in=items, case__in=mine)
    return set(found.values_list("item_id", flat=True))


def names_of(member: Membership, cases: list[UUID]) -> dict[UUID, str]:
    """The names of those of the cases whose identity the member may see now; logged as read."""
    if not cases:
        return {}
    known = grants_of(member).filter(category=Category.IDENTITY, content_object__in=cases)
    found = Identity.objects.filter(case__in=known.values("content_object"))
    names = {identity.case_id: identity.name for identity in found}
    reading.log_read(member, list(names), [Category.IDENTITY], surface=ReadLog.Surface.MEETING)
    return names


def room(key: str) -> dict[str, object] | None:
    """What the projector shows: pseudonym, question, decisions, timer; None without a running meeting.

    Nobody acts here: apart from this one function of the database, every table is empty on this path.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM room_view(%s)", [key])
        row = cursor.fetchone()
        return dict(zip([column.name for column in cursor.description], row, strict=True)) if row else None
