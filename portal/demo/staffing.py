"""Sets up the county: agencies, teams and people with their logins, through the actions of the agencies."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from agencies import actions
from agencies.models import Agency, Membership, Team, User
from agencies.roles import Permission, Role
from portal.demo.county import OFFICES, SECOND_JOBS, Office
from portal.demo.names_other import STAFF_FAMILY, STAFF_FEMALE, STAFF_MALE

PASSWORD = "kreisrund-demo"  # noqa: S105  # told to everyone, works only with DEMO=1


@dataclass
class County:
    """What was set up, by slug: ``teams`` by (agency slug, team slug), ``members`` by user name."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    teams: dict[tuple[str, str], Team] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)

    def teams_of(self, slug: str) -> list[Team]:
        return [team for (agency, _), team in self.teams.items() if agency == slug]

    def staff(self, slug: str, permission: Permission) -> list[Membership]:
        """The members of an agency whose role has the permission, in the order of their user names."""
        return [
            member
            for member in self.members.values()
            if member.agency.slug == slug and member.may(permission)
        ]

    def staff_of_team(self, team: Team, permission: Permission) -> list[Membership]:
        return [
            member for member in self.staff(team.agency.slug, permission) if team.group_id in member.group_ids
        ]


def load() -> County:
    """The county as it is in the database."""
    county = County({agency.slug: agency for agency in Agency.objects.all()})
    for team in Team.objects.select_related("agency").order_by("pk"):
        county.teams[team.agency.slug, team.slug] = team
    for member in Membership.objects.select_related("user", "agency").order_by("pk"):
        if member.user.username.startswith(f"{member.agency.slug}."):
            county.members[member.user.username] = member
    return county


@transaction.atomic
def set_up(rng: Random, today: date) -> County:
    """Create every office with teams and staff; every login has the demo password."""
    names = _names(rng)
    password = make_password(PASSWORD)  # once: hashing is slow on purpose
    for office in OFFICES:
        _open_office(office, rng, today)
        _hire(office, names, password)
    for username, (slug, role) in SECOND_JOBS.items():
        agency = Agency.objects.get(slug=slug)
        actions.join(User.objects.get(username=username), agency, role=role, teams=agency.teams.all()[:1])
    return load()


def _open_office(office: Office, rng: Random, today: date) -> None:
    reminder, escalation, expiry = office.clocks
    agency = actions.create_agency(
        name=office.name,
        short_name=office.short,
        slug=office.slug,
        kind=office.kind,
        email=f"postfach@{office.slug}.example.org",
        capacity_free=office.free,
        waiting_days=office.waiting_days,
        capacity_note=office.note,
        capacity_as_of=today - timedelta(days=rng.randint(0, 20))
        if office.waiting_days is not None
        else None,
        reminder_days=reminder,
        escalation_days=escalation,
        expiry_days=expiry,
    )
    for slug, name in office.teams:
        actions.create_team(agency, name=name, slug=slug)


def _hire(office: Office, names: list[tuple[str, str]], password: str) -> None:
    """People of each role take turns over the teams, so that each team has someone who works cases."""
    agency = Agency.objects.get(slug=office.slug)
    teams = list(agency.teams.order_by("pk"))
    for role, count in office.staff.items():
        for number in range(count):
            first, last = names.pop()
            username = f"{office.slug}.{role.value}{number + 1 if number else ''}"
            user = User.objects.create(
                username=username,
                first_name=first,
                last_name=last,
                email=f"{username}@example.org",
                password=password,
                is_demo=True,
            )
            # With fewer people than teams, everyone stands in for the others.
            mine = teams if count < len(teams) else [teams[number % len(teams)]]
            actions.join(user, agency, role=role, teams=mine)


def _names(rng: Random) -> list[tuple[str, str]]:
    """As many different full names as are needed; no family name twice while there are others."""
    first = [*STAFF_FEMALE, *STAFF_MALE]
    families = STAFF_FAMILY * 3
    rng.shuffle(families)
    return list(dict.fromkeys((rng.choice(first), family) for family in families))


def accounts() -> list[dict[str, str]]:
    """What ``.local/demo.json`` lists: every demo login in each of its agencies."""
    found = Membership.objects.filter(user__is_demo=True, is_active=True).select_related("user", "agency")
    return [
        {
            "username": member.user.username,
            "password": PASSWORD,
            "agency": member.agency.name,
            "agency_kind": member.agency.kind,
            "role": member.role,
        }
        for member in found.order_by("pk")
    ]


def workers(county: County, team: Team) -> list[Membership]:
    """Who manages the cases of a team: case managers, else clerks, else whoever may edit."""
    able = county.staff_of_team(team, Permission.EDIT_CASES)
    for role in (Role.FALLMANAGEMENT, Role.SACHBEARBEITUNG, Role.FACHDIENST):
        if chosen := [member for member in able if member.role == role]:
            return chosen
    return able
