"""Whom a referral can go to: agencies and teams with their capacity, and who may decide about which."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.http import Http404
from django.utils import timezone

from agencies.cases.sharing import USUAL, purposes_for
from agencies.enums import AgencyKind, Category
from agencies.models import Agency, Membership, Team
from agencies.referrals.models import Referral
from agencies.roles import Permission

STALE_DAYS = 28


@dataclass
class Candidate:
    """An agency in the list of recipients, with one choice for itself and one for each team."""

    agency: Agency
    choices: list[dict[str, Any]] = field(default_factory=list)
    may_decide: bool = True

    @property
    def purposes(self) -> list[str]:
        """What one usually refers people there for."""
        return [str(purpose.label) for purpose in purposes_for(self.agency.kind)]

    @property
    def is_stale(self) -> bool:
        """Whether the capacity was stated too long ago to count on it."""
        as_of = self.agency.capacity_as_of
        return bool(as_of and (timezone.localdate() - as_of).days > STALE_DAYS)


def may_decide(member: Membership, recipient: Agency) -> bool:
    """Towards the immigration authority only named roles decide (§ 71 (2) SGB X); others prepare."""
    if recipient.kind != AgencyKind.IMMIGRATION_AUTHORITY:
        return True
    return member.may(Permission.DISCLOSE_IMMIGRATION)


def candidates(
    member: Membership, wanted: Mapping[str, Any], url: Callable[[Agency, Team | None], str] | None
) -> list[Candidate]:
    """The agencies that fit a cleaned filter; without ``url`` the choices are values for a button."""
    teams = Team.objects.filter(is_active=True).order_by("name")
    found = Agency.objects.filter(is_active=True).exclude(pk=member.agency_id)
    if text := wanted.get("q"):
        found = found.filter(Q(name__icontains=text) | Q(short_name__icontains=text))
    if kind := wanted.get("art"):
        found = found.filter(kind=kind)
    if purpose := wanted.get("zweck"):
        found = found.filter(kind__in=[row_kind for row_kind, usual in USUAL if usual == purpose])
    rows = found.prefetch_related(Prefetch("teams", teams, to_attr="open_teams"))
    return [Candidate(agency, _choices(agency, url), may_decide(member, agency)) for agency in rows]


def _choices(agency: Agency, url: Callable[[Agency, Team | None], str] | None) -> list[dict[str, Any]]:
    targets: Iterable[Team | None] = [None, *agency.open_teams]  # type: ignore[attr-defined]
    return [
        {
            "team": team,
            "url": url(agency, team) if url else "",
            "value": f"{agency.pk}-{team.pk if team else ''}",
        }
        for team in targets
    ]


def query(agency: Agency, team: Team | None) -> dict[str, Any]:
    """A choice as query parameters."""
    return {"an": agency.pk} | ({"team": team.pk} if team else {})


def chosen(member: Membership, values: Mapping[str, str]) -> tuple[Agency, Team | None]:
    """The recipient that ``query`` named: ``Http404`` if there is none."""
    number, team_number = values.get("an", ""), values.get("team", "")
    if "-" in number:
        number, team_number = number.split("-", 1)
    agency = Agency.objects.filter(pk=_number(number), is_active=True).exclude(pk=member.agency_id).first()
    if agency is None:
        raise Http404
    if not team_number:
        return agency, None
    team = agency.teams.filter(pk=_number(team_number), is_active=True).first()
    if team is None:
        raise Http404
    return agency, team


def withheld(referral: Referral) -> list[str]:
    """The categories the recipient does not get, for the sender's eyes."""
    return [str(category.label) for category in Category if category not in referral.categories]


def as_uuid(text: Any) -> UUID | None:
    """An id from an address; None for anything else."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _number(text: str) -> int:
    """An id from an address; 0, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
