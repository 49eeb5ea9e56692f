"""What one change of a running meeting costs: each browser at the table fetches the stage anew."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies import access
from agencies.models import Agency, Membership
from agencies.roles import ROLE_TABLE, Permission
from agencies.roundtable import actions
from agencies.roundtable.models import Meeting
from portal.bench import pages
from portal.bench.measuring import Figure

PEOPLE = 15


def fragment_queries(member: Membership) -> Figure:
    """Queries of one fetch with everybody present; as many as with the moderator alone, or the run fails."""
    with transaction.atomic():
        meeting = _running_meeting(member)
        alone = _queries(member, meeting)
        for guest in _guests(member):
            with access.acting(guest):
                actions.come(meeting, by=guest)
        full = {_queries(viewer, meeting) for viewer in (member, *_guests(member)[:3])}
        transaction.set_rollback(True)
    if max(full) > alone:
        raise AssertionError(f"{alone} queries for a meeting of one, {max(full)} for one of {PEOPLE}.")
    return Figure(max(full), "queries", alone, note=f"{PEOPLE} present; session and user included")


def _running_meeting(member: Membership) -> Meeting:
    """A meeting of all agencies about a case, which is called; only the member is there."""
    with access.acting(member):
        table = actions.found(by=member, agencies=Agency.objects.all(), name="Bench: Bühne")
        meeting = actions.plan(table, by=member, starts_at=timezone.now())
        actions.invite(meeting, members=_guests(member), by=member)
        case = access.case(member, pages.some_case(member).pk)
        item = actions.propose_case(table, case, by=member, question="Was fehlt noch?")
        actions.take(item, meeting=meeting, by=member)
        actions.start(meeting, by=member)
        actions.call(meeting, item, by=member, seen=None)
        return meeting


def _guests(member: Membership) -> Sequence[Membership]:
    roles = [role for role, rule in ROLE_TABLE.items() if Permission.JOIN_MEETINGS in rule.permissions]
    others = Membership.objects.filter(is_active=True, role__in=roles, agency__is_active=True)
    return list(
        others.exclude(user=member.user_id).select_related("user", "agency").order_by("pk")[: PEOPLE - 1]
    )


def _queries(viewer: Membership, meeting: Meeting) -> int:
    get = pages.getting(pages.client_of(viewer), reverse("roundtable:stand", args=[meeting.pk]))
    get()
    with CaptureQueriesContext(connection) as found:
        get()
    return sum(not pages.is_frame(query["sql"]) for query in found.captured_queries)
