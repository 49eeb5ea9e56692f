"""Who hears of new readers of cases: roles that read none themselves cannot hand that out unseen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from agencies.models import AuditEntry, Membership
from agencies.roles import Permission, Role, permissions_of

#: Those who answer for the agency and for its data protection.
ROLES = (Role.LEITUNG, Role.DATENSCHUTZ)
DAYS = 30
SHOWN = 20


@dataclass(frozen=True)
class NewReader:
    """Who was given which role that reads cases, and when."""

    member: Membership
    role: str
    at: datetime


def reads_cases(role: str) -> bool:
    return Permission.VIEW_CASES in permissions_of(role)


def new_readers(member: Membership) -> list[NewReader]:
    """Of the last weeks, newest first; nobody for roles that do not oversee (2 queries)."""
    if member.role not in ROLES:
        return []
    since = timezone.now() - timedelta(days=DAYS)
    verbs = ("member.join", "member.change")
    acts = AuditEntry.objects.filter(agency_id=member.agency_id, at__gt=since, verb__in=verbs)
    given = [
        (int(act.target.rpartition(":")[2]), act.detail["role"], act.at)
        for act in acts.order_by("-at")
        if reads_cases(act.detail["role"]) and not reads_cases(act.detail.get("was", ""))
    ][:SHOWN]
    people = Membership.objects.select_related("user").in_bulk([pk for pk, _role, _at in given])
    return [NewReader(people[pk], str(Role(role).label), at) for pk, role, at in given if pk in people]
