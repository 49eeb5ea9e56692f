"""Agencies with a team each, and members in every role."""

from dataclasses import dataclass, field
from itertools import count

from agencies import actions
from agencies.enums import AgencyKind
from agencies.models import Agency, Membership, Team, User
from agencies.roles import Role

PASSWORD = "kreisrund-tests"
_numbers = count(1)


def make_agency(kind: AgencyKind, *, slug: str = "", teams: int = 1) -> Agency:
    """An agency with ``teams`` teams (slugs ``team-1`` …)."""
    slug = slug or f"{kind.value.replace('_', '-')}-{next(_numbers)}"
    agency = actions.create_agency(name=f"{kind.label} {slug}", short_name=slug[:40], slug=slug, kind=kind)
    for number in range(1, teams + 1):
        actions.create_team(agency, name=f"Team {number}", slug=f"team-{number}")
    return agency


def make_member(
    agency: Agency, role: Role, *, teams: list[Team] | None = None, username: str = ""
) -> Membership:
    """A member with the role, in the agency's first team unless told otherwise."""
    username = username or f"{agency.slug}.{role.value}.{next(_numbers)}"
    user = User.objects.create_user(
        username,
        f"{username}@example.org",
        PASSWORD,
        first_name=role.value.title(),
        last_name=agency.slug.title(),
    )
    if teams is None:
        teams = list(agency.teams.order_by("pk")[:1])
    member = actions.join(user, agency, role=role, teams=teams)
    return Membership.objects.select_related("user", "agency").get(pk=member.pk)


@dataclass
class County:
    """Some agencies by slug, and members by (agency slug, role), made when first asked for."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    members: dict[tuple[str, str], Membership] = field(default_factory=dict)

    def __getitem__(self, slug: str) -> Agency:
        return self.agencies[slug]

    def team(self, slug: str, number: int = 1) -> Team:
        return self.agencies[slug].teams.get(slug=f"team-{number}")

    def member(self, slug: str, role: Role = Role.FALLMANAGEMENT) -> Membership:
        key = (slug, role)
        if key not in self.members:
            self.members[key] = make_member(self.agencies[slug], role, username=f"{slug}.{role.value}")
        return self.members[key]


COUNTY = {
    "jobcenter": AgencyKind.JOBCENTER,
    "jugendamt": AgencyKind.YOUTH_OFFICE,
    "sozialamt": AgencyKind.SOCIAL_OFFICE,
    "auslaenderbehoerde": AgencyKind.IMMIGRATION_AUTHORITY,
    "kvhs": AgencyKind.ADULT_EDUCATION_CENTRE,
}


def make_county(teams: int = 2) -> County:
    """Five agencies of different kinds with ``teams`` teams each."""
    return County({slug: make_agency(kind, slug=slug, teams=teams) for slug, kind in COUNTY.items()})
