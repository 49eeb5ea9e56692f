"""Tables and items of the agenda, for those who plan: who may change what."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from agencies.access.acting import require
from agencies.access.meetings import item, moderated, tables
from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable.models import Item, RoundTable


def table(member: Membership, pk: UUID, *, to: Permission = Permission.JOIN_MEETINGS) -> RoundTable:
    """One table at which the member's agency sits.

    :raises Http404: there is none, the agency has no seat, or the role attends no meetings
    :raises PermissionDenied: the role does not reach
    """
    if not member.may(Permission.JOIN_MEETINGS):
        raise Http404
    found = tables(member).select_related("moderator__user", "moderator__agency").filter(pk=pk).first()
    if found is None:
        raise Http404
    require(member, to)
    return found


def kept_table(member: Membership, pk: UUID) -> RoundTable:
    """A table for changing its seats and rhythm: by those who may moderate in its moderator's agency."""
    found = table(member, pk, to=Permission.MODERATE_MEETINGS)
    if found.moderator.agency_id != member.agency_id:
        raise PermissionDenied
    return found


def moderated_item(member: Membership, pk: UUID) -> Item:
    """An item on the agenda of a meeting that the member moderates; one in the backlog is not found."""
    found = item(member, pk)
    if found.meeting_id is None:
        require(member, Permission.MODERATE_MEETINGS)
        raise Http404
    moderated(member, found.meeting_id)
    return found


def worded_item(member: Membership, pk: UUID) -> Item:
    """An item for changing its words: by the agency that proposed it, or by who moderates."""
    found = item(member, pk)
    moderators = {found.table.moderator_id, found.meeting.moderator_id if found.meeting else None}
    if found.proposed_agency_id != member.agency_id and member.pk not in moderators:
        raise PermissionDenied
    return found
