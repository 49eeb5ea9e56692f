"""Cases and disclosures, opened and passed on by members as they would do it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies import access
from agencies.cases import actions, disclosing
from agencies.cases.models import Case, Disclosure
from agencies.cases.sharing import bases_for
from agencies.enums import Category, Level, Purpose
from agencies.models import Agency, Membership, Team


def open_case(
    by: Membership,
    *,
    team: Team | None = None,
    family_name: str = "Rahimi",
    given_name: str = "Mohammed",
    **extra: Any,
) -> Case:
    """A case led by ``team`` (the member's first by default). ``sections`` and ``manager`` pass through."""
    identity = {"birth_year": 1990, "birth_month": 5, "birth_day": 3, **extra.pop("identity", {})}
    identity |= {"family_name": family_name, "given_name": given_name}
    with access.acting(by):
        team = team or by.teams.first() or by.agency.teams.first()
        return actions.open_case(by=by, team=team, identity=identity, **extra)


def share(
    case: Case,
    *categories: Category,
    to: Agency,
    by: Membership,
    team: Team | None = None,
    days: int = 30,
    purpose: Purpose = Purpose.ADVICE,
) -> Disclosure:
    """Disclose categories (identity by default) to an agency or one of its teams."""
    with access.acting(by):
        return disclosing.disclose(
            case,
            recipient=to,
            team=team,
            purpose=purpose,
            legal_basis=bases_for(to.kind)[0],
            categories=categories or (Category.IDENTITY,),
            necessity="Die Stelle braucht die Daten.",
            beyond_reason="Im Gespräch vereinbart.",
            valid_until=timezone.now() + timedelta(days=days),
            by=by,
        )


def held_by(case: Case) -> Disclosure:
    """The holding of the lead agency; only visible while acting for it."""
    return Disclosure.objects.get(case=case, level=Level.CHANGE, revoked_at=None)
