"""Which cases a member sees, which parts of them, and what the member may do there."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Count, QuerySet
from django.http import Http404

from agencies.access import reading
from agencies.access.acting import require
from agencies.cases.models import SECTIONS, Case, CaseGrant
from agencies.cases.rows import CaseRow, rows_of
from agencies.enums import Category, Level
from agencies.errors import OthersLead
from agencies.models import Membership, ReadLog
from agencies.roles import Permission

FRAME = ""

#: A case with the frame's names and every section in one query.
SECTION_NAMES = tuple(
    model._meta.get_field("case").remote_field.get_accessor_name() for model in SECTIONS.values()
)
FRAME_NAMES = ("lead_agency", "lead_team", "manager__user")

#: What only the lead may do to a case, whatever the role: everyone else reads.
LEADING = frozenset(
    {
        Permission.EDIT_CASES,
        Permission.ASSIGN_CASES,
        Permission.MOVE_LEAD,
        Permission.DISCLOSE,
        Permission.DISCLOSE_IMMIGRATION,
    }
)


def cases(member: Membership) -> QuerySet[Case]:
    """The frames of all cases open to the member, for filtering and sorting; nothing is logged yet.

    Identity may be hidden on single rows (then ``case.identity`` is missing); log with ``log_list``.
    """
    require(member, Permission.VIEW_CASES)
    visible = grants_of(member).filter(category=FRAME).values("content_object")
    return Case.objects.filter(pk__in=visible).select_related(*FRAME_NAMES, "identity")


#: One slice of the index ``grant_newest_first`` per group, as long as could be needed. Written out because
#: building the same from querysets takes longer than running it; row-level security applies all the same.
_NEWEST_PER_GROUP = """
SELECT DISTINCT newest.case_opened_at, newest.case_id FROM unnest(%(groups)s::int[]) AS mine(group_id)
CROSS JOIN LATERAL (
    SELECT g.case_opened_at, g.case_id FROM cases_casegrant g
    WHERE g.group_id = mine.group_id AND g.category = ''
    ORDER BY g.case_opened_at DESC, g.case_id DESC LIMIT %(needed)s
) AS newest
"""
# ruff: noqa: S608  # the two below are joined from constants of this module
_NEWEST = (
    f"SELECT case_id FROM ({_NEWEST_PER_GROUP}) s"
    " ORDER BY case_opened_at DESC, case_id DESC LIMIT %(size)s OFFSET %(offset)s"
)
_COUNT_TO_CAP = f"SELECT count(*) FROM (SELECT 1 FROM ({_NEWEST_PER_GROUP}) s LIMIT %(needed)s) x"


def newest_cases(member: Membership, *, offset: int = 0, size: int = 50) -> list[CaseRow]:
    """One page of all visible cases, newest first: one index slice per group, merged (2 queries)."""
    require(member, Permission.VIEW_CASES)
    groups: list[int] = list(member.group_ids)
    values: dict[str, Any] = {"groups": groups, "needed": offset + size, "size": size, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, values)
        ids = [case_id for (case_id,) in cursor.fetchall()]
    return _in_order(ids)


def _in_order(ids: Sequence[UUID]) -> list[CaseRow]:
    found = {row.pk: row for row in rows_of(Case.objects.filter(pk__in=ids))}
    return [found[pk] for pk in ids if pk in found]


def count_cases(member: Membership, *, cap: int | None = None) -> int:
    """How many cases are visible; with ``cap``, counting stops there (``cap + 1`` means "more than")."""
    require(member, Permission.VIEW_CASES)
    if cap is None:
        return (
            grants_of(member).filter(category=FRAME).aggregate(n=Count("content_object", distinct=True))["n"]
        )
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_TO_CAP, {"groups": list(member.group_ids), "needed": cap + 1})
        return cursor.fetchone()[0]


def case(
    member: Membership,
    pk: UUID,
    *,
    to: Permission = Permission.VIEW_CASES,
    category: Category | None = None,
    surface: str = ReadLog.Surface.CASE,
) -> Case:
    """One case with the sections the member may see (``case.levels`` says which, and how far).

    :param to: the permission the act needs; without it ``PermissionDenied``
    :param category: the section to be changed: the grant must reach level change
    :raises PermissionDenied: role or level do not reach, or the act is the lead's and the member's is not
    :raises Http404: the case is not visible to the member, or there is none
    """
    if not member.may(Permission.VIEW_CASES):
        raise Http404
    found = Case.objects.filter(pk=pk).select_related(*FRAME_NAMES, *SECTION_NAMES).first()
    if found is None:
        raise Http404
    grants = list(grants_of(member).filter(content_object_id=pk).select_related("disclosure"))
    frames = [grant for grant in grants if grant.category == FRAME]
    if not frames:
        raise Http404
    found.levels = _levels(grants)
    found.is_led = any(frame.level == Level.CHANGE for frame in frames)
    _hide(found)
    require(member, to)
    if not found.is_led and (to in LEADING or category is not None):
        raise OthersLead
    if category is not None and found.levels.get(category) != Level.CHANGE:
        raise PermissionDenied
    read = [category] if category else list(found.levels)
    reading.log_read(member, [pk], read, surface=surface, disclosure=frames[0].disclosure)
    return found


def categories(member: Membership, case: Case) -> dict[Category, Level]:
    """What the member's groups may see of a case, and how far."""
    return _levels(grants_of(member).filter(content_object=case)) if member.may(Permission.VIEW_CASES) else {}


def grants_of(member: Membership) -> QuerySet[CaseGrant]:
    """The first wall: the grants of the member's groups. That they have not expired is the second's."""
    return CaseGrant.objects.filter(group_id__in=member.group_ids)


def _hide(found: Case) -> None:
    """Take sections without a grant off a fetched case, should row-level security have let them through."""
    for category, name in zip(SECTIONS, SECTION_NAMES, strict=True):
        if category not in found.levels:
            found._state.fields_cache[name] = None


def _levels(grants: Iterable[CaseGrant]) -> dict[Category, Level]:
    found: dict[Category, Level] = {}
    for grant in grants:
        if grant.category and found.get(Category(grant.category)) != Level.CHANGE:
            found[Category(grant.category)] = Level(grant.level)
    return {category: found[category] for category in Category if category in found}


def search(member: Membership, text: str, *, limit: int = 50) -> list[CaseRow]:
    """Cases whose identity is open to the member and that match a name, reference or birth date.

    Every spelling counts: other transliterations, the original script, "Mueller" for "Müller".
    """
    from agencies.cases.searching import matching_ids

    require(member, Permission.VIEW_CASES)
    ids = matching_ids(text, limit=limit)
    open_to_me = set(
        grants_of(member)
        .filter(category=Category.IDENTITY, content_object__in=ids)
        .values_list("content_object", flat=True)
    )
    return _in_order([pk for pk in ids if pk in open_to_me])
