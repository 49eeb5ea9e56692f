"""Who is acting, and the row context in which the database judges what they may see."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet

from agencies.http import MemberRequest
from agencies.models import Agency, Membership
from agencies.roles import Permission

SESSION_KEY = "membership"
_NEVER = datetime.min.replace(tzinfo=UTC)


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
