"""Which promises made at round tables a member sees, and which of them are the member's agency's own."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from agencies.access.acting import require
from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable.models import Commitment, RoundTable


def commitments(member: Membership) -> QuerySet[Commitment]:
    """What the member's agency has promised anywhere, and what others have at its tables.

    Table, decision and item are not joined: those of a table the agency has left are hidden from it.
    """
    require(member, Permission.JOIN_MEETINGS)
    seated = RoundTable.objects.filter(seats__agency=member.agency_id)
    found = Commitment.objects.filter(Q(agency=member.agency_id) | Q(table__in=seated))
    return found.select_related("agency", "person__user", "person__agency")


def commitment(member: Membership, pk: UUID) -> Commitment:
    """One promise.

    :raises Http404: not made by the agency, nor at one of its tables, or the role attends no meetings
    """
    found = commitments(member).filter(pk=pk).first() if member.may(Permission.JOIN_MEETINGS) else None
    if found is None:
        raise Http404
    return found


def own_commitment(member: Membership, pk: UUID) -> Commitment:
    """One promise for an act on it: only the agency that gave it ends or extends it."""
    found = commitment(member, pk)
    if found.agency_id != member.agency_id:
        raise PermissionDenied
    return found
