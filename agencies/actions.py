"""What is done to agencies and their people: set up, join, change, deactivate; atomic and audited."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit, oversight, tasks
from agencies.enums import AgencyKind
from agencies.errors import Refused
from agencies.models import Agency, Membership, Team, User
from agencies.roles import Role


@transaction.atomic
def create_agency(*, name: str, slug: str, kind: AgencyKind, short_name: str = "", **fields: Any) -> Agency:
    """Set up an agency with its group and one first team; done at installation, so by nobody."""
    group = Group.objects.create(name=f"agency:{slug}")
    agency = Agency.objects.create(
        name=name, short_name=short_name or name[:40], slug=slug, kind=kind, group=group, **fields
    )
    return agency


@transaction.atomic
def create_team(agency: Agency, *, name: str, slug: str) -> Team:
    """Set up a team with its group."""
    group = Group.objects.create(name=f"team:{agency.slug}:{slug}")
    return Team.objects.create(agency=agency, name=name, slug=slug, group=group)


@transaction.atomic
def join(
    user: User,
    agency: Agency,
    *,
    role: Role,
    teams: Iterable[Team] = (),
    by: Membership | None = None,
    pending: bool = False,
) -> Membership:
    """Give a user a membership in an agency; ``by`` is None only at installation.

    :param pending: it gives nothing until the user accepts it
    """
    if by and by.agency_id != agency.pk:
        raise Refused(_("Zugänge gibt jede Stelle selbst."))
    if Membership.objects.filter(user=user, agency=agency).exists():
        raise Refused(_("Diese Person hat bereits einen Zugang zu dieser Stelle."))
    accepted_at = None if pending else timezone.now()
    member = Membership.objects.create(
        user=user, agency=agency, role=role, is_active=not pending, accepted_at=accepted_at
    )
    _place(member, teams)
    if by:
        audit.record("member.join", member, by=by, role=role)
        _tell_oversight(member, before="")
    return member


@transaction.atomic
def change_member(member: Membership, *, role: Role, teams: Iterable[Team], by: Membership) -> Membership:
    """Change role and teams; it counts from the member's next request on."""
    _same_agency(member, by)
    was = member.role
    if member.pk == by.pk and role != member.role:
        raise Refused(_("Die eigene Rolle können Sie nicht ändern. Bitten Sie eine andere Person darum."))
    member.role = role
    member.__dict__.pop("permissions", None)
    member.save(update_fields=["role"])
    _place(member, teams)
    audit.record("member.change", member, by=by, role=role, was=was, teams=sorted(team.pk for team in teams))
    _tell_oversight(member, before=was)
    return member


@transaction.atomic
def deactivate_member(member: Membership, *, by: Membership) -> None:
    """Close a membership; a user without any other loses login and sessions at once.

    One that was never accepted leaves no trace but in the log: it goes.
    """
    _same_agency(member, by)
    if member.is_pending:
        audit.record("member.withdraw", member, by=by)
        member.delete()
        return
    if member.pk == by.pk:
        raise Refused(_("Den eigenen Zugang können Sie nicht sperren."))
    member.is_active = False
    member.save(update_fields=["is_active"])
    sync_groups(member.user)
    if not member.user.memberships.filter(is_active=True).exists():
        member.user.is_active = False
        member.user.save(update_fields=["is_active"])
        end_sessions(member.user)
    audit.record("member.deactivate", member, by=by)


@transaction.atomic
def reactivate_member(member: Membership, *, by: Membership) -> None:
    """Open a closed membership again."""
    _same_agency(member, by)
    if member.is_pending:
        raise Refused(_("Diese Einladung hat noch niemand angenommen."))
    member.is_active = member.user.is_active = True
    member.save(update_fields=["is_active"])
    member.user.save(update_fields=["is_active"])
    sync_groups(member.user)
    audit.record("member.reactivate", member, by=by)


@transaction.atomic
def state_capacity(
    agency: Agency,
    *,
    free: int | None,
    waiting_days: int | None,
    note: str,
    as_of: date | None = None,
    by: Membership,
) -> Agency:
    """Publish how many places are free and how long the wait is, with the day it is true for."""
    agency.capacity_free, agency.waiting_days, agency.capacity_note = free, waiting_days, note
    agency.capacity_as_of = as_of or timezone.localdate()
    agency.save(update_fields=["capacity_free", "waiting_days", "capacity_note", "capacity_as_of"])
    audit.record("agency.capacity", agency, by=by)
    return agency


@transaction.atomic
def set_clocks(agency: Agency, *, reminder: int, escalation: int, expiry: int, by: Membership) -> Agency:
    """Set the referral clocks, in working days; they must ascend."""
    agency.reminder_days, agency.escalation_days, agency.expiry_days = reminder, escalation, expiry
    agency.full_clean(exclude=["group"])
    agency.save(update_fields=["reminder_days", "escalation_days", "expiry_days"])
    audit.record("agency.clocks", agency, by=by)
    return agency


def end_sessions(user: User) -> None:
    """Delete every session of a user. Sessions are few thousand rows; this is rare."""
    for session in Session.objects.filter(expire_date__gte=timezone.now()):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _tell_oversight(member: Membership, *, before: str) -> None:
    """Whoever gives a role that reads cases does not read them, and is not alone in knowing of it."""
    if oversight.reads_cases(member.role) and not oversight.reads_cases(before):
        tasks.tell_oversight.defer(agency=member.agency_id)


def _same_agency(member: Membership, by: Membership) -> None:
    if member.agency_id != by.agency_id:
        raise Refused(_("Diese Person gehört zu einer anderen Stelle."))


def _place(member: Membership, teams: Iterable[Team]) -> None:
    teams = list(teams)
    if any(team.agency_id != member.agency_id for team in teams):
        raise Refused(_("Das Team gehört zu einer anderen Stelle."))
    member.teams.set(teams)
    sync_groups(member.user)


def sync_groups(user: User) -> None:
    """Mirror the memberships in ``user.groups``, which django-guardian's own queries read.

    Who sees what is decided by the active membership (``Membership.group_ids`` and row-level security);
    this mirror is never wider than the union of all active memberships.
    """
    active = Membership.objects.filter(user=user, is_active=True).select_related("agency")
    user.groups.set({group_id for member in active for group_id in member.group_ids})
