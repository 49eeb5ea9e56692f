"""The one policy: which cases a member sees, which parts of them, and what the member may do there.

Fetching is the check. Whatever comes out of this module has passed both walls (the grants of the member's
groups, enforced again by row-level security) and has been written to the read log. What a member may not
see is ``Http404``, exactly as if it did not exist; what is seen but not allowed is ``PermissionDenied``.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from agencies.cases.models import SECTIONS, Case, CaseGrant
from agencies.cases.rows import CaseRow, rows_of
from agencies.enums import Category, Level
from agencies.http import MemberRequest
from agencies.models import Agency, Membership, ReadLog
from agencies.referrals import clocks, options, presenting, states
from agencies.referrals.enums import Act, Side, State
from agencies.referrals.models import Referral, Snapshot
from agencies.roles import Permission

SESSION_KEY = "membership"
FRAME = ""
_NEVER = datetime.min.replace(tzinfo=UTC)

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


# Who is acting


def member_of(request: MemberRequest) -> Membership | None:
    """The active membership: chosen in the session, else chosen last, else the oldest; None without any.

    It never changes without an act of the user: a new membership is the youngest, and nobody's choice yet.
    """
    if not request.user.is_authenticated:
        return None
    chosen = request.session.get(SESSION_KEY)
    request.memberships = list(memberships_of(request.user.pk))
    return max(
        request.memberships,
        key=lambda member: (member.pk == chosen, member.chosen_at or _NEVER),
        default=None,
    )


def memberships_of(user_id: int) -> QuerySet[Membership]:
    """The memberships a user can act in: active ones (so accepted ones) in active agencies, oldest first."""
    return (
        Membership.objects.filter(
            user_id=user_id, user__is_active=True, is_active=True, agency__is_active=True
        )
        .select_related("user", "agency")
        .order_by("accepted_at", "pk")
    )


@contextmanager
def acting(member: Membership) -> Iterator[None]:
    """Run a block in one transaction in which the database shows what ``member`` may see.

    A role that works on no cases gets no groups: the database shows it no case at all.
    """
    sees_cases = member.may(Permission.VIEW_CASES)
    with _context(member.user_id, member.agency_id, member.group_ids if sees_cases else ()):
        yield


@contextmanager
def acting_for(agency: Agency) -> Iterator[None]:
    """Run a job's block in one transaction for one whole agency, without a user."""
    teams = agency.teams.values_list("group_id", flat=True)
    with _context(None, agency.pk, (agency.group_id, *teams)):
        yield


@contextmanager
def _context(user: int | None, agency: int, groups: Iterable[int]) -> Iterator[None]:
    nested = connection.in_atomic_block
    values = (str(user or ""), str(agency), ",".join(map(str, groups)))
    with transaction.atomic():
        before = _set_context(values, read_before=nested)
        yield
        if before and not connection.needs_rollback:
            # Transaction-local settings outlive a savepoint; an enclosing block gets its own back.
            _set_context(before)


def _set_context(values: Sequence[str], *, read_before: bool = False) -> tuple[str, ...] | None:
    names = ("app.user", "app.agency", "app.groups")
    with connection.cursor() as cursor:
        before = None
        if read_before:
            cursor.execute(
                "SELECT " + ", ".join("coalesce(current_setting(%s, true), '')" for _ in names), names
            )
            before = cursor.fetchone()
        cursor.execute(
            "SELECT " + ", ".join("set_config(%s, %s, true)" for _ in names),
            [part for pair in zip(names, values, strict=True) for part in pair],
        )
        return before


def require(member: Membership, permission: Permission) -> None:
    """Raise ``PermissionDenied`` unless the member's role has the permission."""
    if not member.may(permission):
        raise PermissionDenied


# Cases


def cases(member: Membership) -> QuerySet[Case]:
    """The frames of all cases open to the member, for filtering and sorting; nothing is logged yet.

    Identity may be hidden on single rows (then ``case.identity`` is missing); log with ``log_list``.
    """
    require(member, Permission.VIEW_CASES)
    visible = _grants(member).filter(category=FRAME).values("content_object")
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
        return _grants(member).filter(category=FRAME).aggregate(n=Count("content_object", distinct=True))["n"]
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
    grants = list(_grants(member).filter(content_object_id=pk).select_related("disclosure"))
    frames = [grant for grant in grants if grant.category == FRAME]
    if not frames:
        raise Http404
    found.levels = _levels(grants)
    found.is_led = any(frame.level == Level.CHANGE for frame in frames)
    _hide(found)
    require(member, to)
    if to in LEADING and not found.is_led:
        raise PermissionDenied
    if category is not None and found.levels.get(category) != Level.CHANGE:
        raise PermissionDenied
    read = [category] if category else list(found.levels)
    log_read(member, [pk], read, surface=surface, disclosure=frames[0].disclosure)
    return found


def categories(member: Membership, case: Case) -> dict[Category, Level]:
    """What the member's groups may see of a case, and how far."""
    return _levels(_grants(member).filter(content_object=case)) if member.may(Permission.VIEW_CASES) else {}


def _grants(member: Membership) -> QuerySet[CaseGrant]:
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
        _grants(member)
        .filter(category=Category.IDENTITY, content_object__in=ids)
        .values_list("content_object", flat=True)
    )
    return _in_order([pk for pk in ids if pk in open_to_me])


# The read log


def log_read(member, case_ids, categories, *, surface, disclosure=None) -> None:  # type: ignore[no-untyped-def]
    """Write one row: ``member`` read these categories of these cases; nothing for no cases."""
    if not case_ids:
        return
    ReadLog.objects.create(
        user_id=member.user_id,
        agency_id=member.agency_id,
        surface=surface,
        case_ids=list(case_ids),
        categories=list(categories),
        purpose=disclosure.purpose if disclosure else "",
        disclosure_id=disclosure.pk if disclosure else None,
    )


def log_list(member: Membership, shown: Iterable[CaseRow], *, surface: str = ReadLog.Surface.LIST) -> None:
    """Log the names shown in a list, search result or export."""
    log_read(member, [row.pk for row in shown if row.name], [Category.IDENTITY], surface=surface)


def read_log(member: Membership) -> QuerySet[ReadLog]:
    """What members of one's own agency have read, newest first."""
    require(member, Permission.READ_LOG)
    return ReadLog.objects.filter(agency_id=member.agency_id).select_related("user").order_by("-at")


# Referrals

REFERRAL_NAMES = ("sender", "sender_team", "recipient", "recipient_team", "proposed_agency", "disclosure")
REFERRAL_PEOPLE = ("sender_member__user", "assigned_to__user")


def referrals(member: Membership, box: str = "in") -> QuerySet[Referral]:
    """The member's in-box ("in") or out-box ("out", drafts too), for filtering and sorting.

    Never join ``case``: for agencies that may not browse it is hidden, and the row would vanish. Names
    of persons come from ``name_referrals``, page by page.
    """
    require(member, Permission.VIEW_CASES)
    rows = Referral.objects.select_related(*REFERRAL_NAMES, *REFERRAL_PEOPLE)
    if box == "out":
        return rows.filter(_sending(member))
    return rows.filter(recipient_group_id__in=member.group_ids, sent_at__isnull=False)


def referral_count(member: Membership) -> int:
    """New in the in-box: sent and not yet opened by anybody (one query); 0 for who may not answer."""
    if not (member.may(Permission.VIEW_CASES) and member.may(Permission.ANSWER_REFERRALS)):
        return 0
    new = Referral.objects.filter(recipient_group_id__in=member.group_ids, state=State.SENT)
    return new.count()


def referral(member: Membership, pk: UUID, *, act: Act | None = None, side: Side | None = None) -> Referral:
    """One referral with ``.side`` and ``.may_acts`` (what the member may do now).

    :param act: what is to be done: ``PermissionDenied`` if this role or side may never do it; whether the
        state allows it is for the action to say (``Refused`` or ``Conflict``)
    :param side: the only side that may be here
    :raises Http404: neither sender nor recipient, or a draft of the other side
    """
    if not member.may(Permission.VIEW_CASES):
        raise Http404
    mine = _sending(member) | Q(recipient_group_id__in=member.group_ids, sent_at__isnull=False)
    found = Referral.objects.select_related(*REFERRAL_NAMES, *REFERRAL_PEOPLE).filter(mine, pk=pk).first()
    own_side = options.side_of(found, member) if found else None
    if found is None or own_side is None:
        raise Http404
    found.side = own_side
    found.may_acts = options.possible_acts(found, member)
    if side and side != own_side:
        raise PermissionDenied
    if act and not any(m.side == own_side and member.may(m.needs) for m in states.needed(act)):
        raise PermissionDenied
    log_read(member, [found.case_id], [], surface=ReadLog.Surface.REFERRAL, disclosure=found.disclosure)
    return found


def _sending(member: Membership) -> Q:
    """Sent by the member's team, or by another of the agency whose case the member's team leads now."""
    led = Exists(
        _grants(member).filter(content_object=OuterRef("case_id"), category=FRAME, level=Level.CHANGE)
    )
    return Q(sender_id=member.agency_id) & (Q(sender_group_id__in=member.group_ids) | Q(led))


def released(member: Membership, referral: Referral) -> presenting.Released:
    """What the referral opens to the member, logged: the same parts the sender saw before sending."""
    snapshot = Snapshot.objects.filter(referral=referral).first()
    if options.side_of(referral, member) == Side.RECIPIENT:
        if not clocks.disclosure_is_active(referral):
            return presenting.Released(is_over=True)
        if snapshot and not snapshot.acknowledgements.filter(member=member).exists():
            return presenting.Released(taken_at=snapshot.taken_at, must_acknowledge=True)
    parts = presenting.frozen_parts(referral) if snapshot else presenting.preview_of(referral)
    surface = ReadLog.Surface.SNAPSHOT if snapshot else ReadLog.Surface.REFERRAL
    shown = [part.category for part in parts]
    if shown:
        log_read(member, [referral.case_id], shown, surface=surface, disclosure=referral.disclosure)
    return presenting.Released(parts, taken_at=snapshot.taken_at if snapshot else None)


def name_referrals(
    member: Membership, page: Iterable[Referral], *, surface: str = ReadLog.Surface.LIST
) -> list[Referral]:
    """Set ``.person`` ("" where it is hidden) on the rows of a page and log the names (3 queries)."""
    rows = list(page)
    names = presenting.names_of(rows)
    for row in rows:
        row.person = names.get(row.pk, "")
    named = {row.case_id for row in rows if row.person}
    log_read(member, list(named), [Category.IDENTITY], surface=surface)
    return rows
