"""Which imports a member reaches: the list of the own agency; file and rows only of the own uploads."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from agencies import access
from agencies.cases.importing.models import ImportBatch
from agencies.models import Membership, Team
from agencies.roles import Permission


def require_importer(member: Membership | None) -> None:
    """Raise ``PermissionDenied`` unless the member may import cases."""
    if member is None:
        raise PermissionDenied
    access.require(member, Permission.IMPORT_CASES)


def of_agency(member: Membership) -> QuerySet[ImportBatch]:
    """The imports of the member's agency, newest first; they name no person."""
    require_importer(member)
    return ImportBatch.objects.filter(agency_id=member.agency_id).select_related("team", "member__user")


def own(member: Membership, pk: UUID) -> ImportBatch:
    """An import of the member's own; 404 for everybody else's, as for none."""
    found = of_agency(member).filter(pk=pk, member=member).first()
    if found is None:
        raise Http404
    return found


def teams(member: Membership) -> QuerySet[Team]:
    """The teams that may lead the imported cases: those of the agency that the member sees the cases of."""
    open_teams = Team.objects.filter(agency_id=member.agency_id, is_active=True)
    return open_teams if member.may(Permission.ALL_TEAMS) else open_teams.filter(members=member)
