"""What the county's agencies passed on to each other: usual disclosures, some of them ended."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from agencies import access
from agencies.cases import disclosing
from agencies.cases.enums import ChildcareStatus
from agencies.cases.models import Case, Disclosure
from agencies.cases.sharing import usual
from agencies.enums import Category, Purpose
from agencies.models import Membership
from agencies.roles import Permission
from portal.demo.clock import at, office_hour
from portal.demo.dossiers import Dossier
from portal.demo.filing import Opened
from portal.demo.origins import pick
from portal.demo.staffing import County

#: Recipient, purpose and what the clerk wrote. Only bodies that may browse: the others get referrals.
REASONS: dict[tuple[str, Purpose], str] = {
    ("jobcenter", Purpose.INTEGRATION_WORK): "Übergang in die Betreuung des Jobcenters nach der Anerkennung.",
    (
        "jobcenter",
        Purpose.BENEFIT_CLAIM,
    ): "Klärung der Zuständigkeit für die Leistungen ab dem Rechtskreiswechsel.",
    (
        "sozialamt",
        Purpose.HOUSING,
    ): "Verbleib in der vom Landkreis gemieteten Wohnung, Nutzungsgebühr ist zu klären.",
    (
        "sozialamt",
        Purpose.BENEFIT_CLAIM,
    ): "Abgleich des letzten Leistungsmonats, um Doppelzahlung zu vermeiden.",
    ("jugendamt", Purpose.CHILDCARE): "Kita-Platz fehlt, ohne Betreuung ist kein Kurs möglich.",
    ("jugendamt", Purpose.YOUTH_WELFARE): "Familie bittet um Unterstützung im Alltag.",
    (
        "arbeitsagentur",
        Purpose.INTEGRATION_WORK,
    ): "Vermittlung in Ausbildung, Berufsberatung ist eingeschaltet.",
    ("arbeitsagentur", Purpose.RECOGNITION): "Anerkennung des Abschlusses, Beratung zu den Kosten.",
}
ENDED = ("Anliegen erledigt.", "Person ist weggezogen.", "Zuständigkeit geklärt, Daten nicht mehr nötig.")


def pass_on_all(rng: Random, county: County, opened: Sequence[Opened], today: date) -> int:
    """Disclose about every fourth case to one agency, some to two; returns how many disclosures."""
    count = 0
    for file, case, manager in opened:
        if not manager.may(Permission.DISCLOSE):
            continue
        wanted = [pair for pair in REASONS if pair[0] != file.lead and _fits(file, *pair)]
        for slug, purpose in rng.sample(wanted, min(len(wanted), pick(rng, {0: 70, 1: 24, 2: 6}))):
            _pass_on(rng, county, file, case, manager, (slug, purpose), today)
            count += 1
    return count


def _fits(file: Dossier, slug: str, purpose: Purpose) -> bool:
    if purpose == Purpose.CHILDCARE:
        return file.sections[Category.FAMILY].get("childcare") == ChildcareStatus.MISSING
    if purpose == Purpose.YOUTH_WELFARE:
        return file.sections[Category.FAMILY].get("children_under_18", 0) > 0
    if purpose == Purpose.RECOGNITION:
        return bool(file.sections[Category.EDUCATION].get("qualification_title"))
    if slug == "jobcenter":
        return file.lead in ("sozialamt", "jugendamt", "integrationsbuero", "arbeitsagentur")
    if slug == "arbeitsagentur":
        return file.age < 25
    return file.lead == "jobcenter"


def _pass_on(
    rng: Random,
    county: County,
    file: Dossier,
    case: Case,
    by: Membership,
    what: tuple[str, Purpose],
    today: date,
) -> Disclosure:
    slug, purpose = what
    recipient = county.agencies[slug]
    row = usual(recipient.kind, purpose)
    assert row is not None, what
    age = (today - file.opened_on).days
    day = today - timedelta(days=rng.randint(0, min(age, row.days + 60)))
    moment = office_hour(rng, day)
    team = rng.choice(county.teams_of(slug)) if rng.random() < 0.5 else None
    with access.acting(by), at(moment):
        found = disclosing.disclose(
            case,
            recipient=recipient,
            team=team,
            purpose=purpose,
            legal_basis=row.legal_basis,
            categories=row.categories,
            necessity=REASONS[what],
            valid_until=moment + timedelta(days=row.days),
            by=by,
        )
    if rng.random() < 0.1 and found.is_active:
        with access.acting(by):
            disclosing.revoke(found, reason=rng.choice(ENDED), by=by)
    return found
