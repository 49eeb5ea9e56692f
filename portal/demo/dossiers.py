"""Whole case files, invented: what an agency would know of a person, before anything is written down."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from agencies.cases.enums import BenefitKind, CaseStatus, ChildcareStatus, WorkStatus
from agencies.enums import Category
from portal.demo import circumstances, places, wording
from portal.demo.life import Life, live
from portal.demo.origins import pick
from portal.demo.people import Household, Person, household, identity

#: In new cases these are not asked in the first talk.
LATER = (Category.EDUCATION, Category.INCLINATIONS, Category.DEBTS, Category.HEALTH, Category.HOUSING)


@dataclass
class Dossier:
    """One person's file: sections by category, the household's other members, notes with their day."""

    person: Person
    lead: str  # slug of the leading agency
    status: CaseStatus
    opened_on: date
    status_since: date
    sections: dict[Category, dict[str, Any]]
    members: list[dict[str, Any]] = field(default_factory=list)
    notes: list[tuple[date, Category, str]] = field(default_factory=list)
    parked_until: date | None = None
    number: str = ""  # in the agency's own software
    age: int = 0
    is_young_alone: bool = False


def dossiers(rng: Random, today: date, cases: int) -> Iterator[list[Dossier]]:
    """Households with ``cases`` cases in all."""
    left = cases
    while left > 0:
        home = household(rng, today)
        home.adults = home.adults[:left]
        left -= len(home.adults)
        yield files_of(rng, home, today)


def files_of(rng: Random, home: Household, today: date) -> list[Dossier]:
    """One file for each adult: same address, same members, statuses decided together."""
    address, members = places.address(rng), [_member(relation, other) for relation, other in home.others()]
    first: Life | None = None
    files: list[Dossier] = []
    for someone in home.adults:
        life = live(rng, someone, home, today, first.status if first else None)
        first = first or life
        file = _file(rng, life, address)
        # Each member is kept once, in the file of the first adult.
        file.members = members if life is first else []
        if (
            len(files) == 1
            and home.kind in ("family", "couple")
            and files[0].lead in ("jobcenter", "sozialamt")
        ):
            file.lead = files[0].lead
        files.append(file)
    return files


def _member(relation: str, other: Person) -> dict[str, Any]:
    return {
        "relation": relation,
        "family_name": other.family.spellings[0],
        "given_name": other.given.spellings[0],
        "birth_year": other.year,
        "birth_month": other.month,
        "birth_day": other.day,
    }


def _file(rng: Random, life: Life, address: dict[str, str]) -> Dossier:
    sections = {
        Category.IDENTITY: identity(rng, life.person),
        Category.CONTACT: circumstances.contact(rng, life, address),
    }
    sections |= {category: write(rng, life) for category, write in circumstances.WRITERS.items()}
    status, opened, since = _status(rng, life)
    if status == CaseStatus.NEW:
        sections |= {category: {} for category in LATER if rng.random() < 0.7}
    file = Dossier(life.person, lead_of(rng, life), status, opened, since, sections, age=life.person.age)
    file.is_young_alone = life.household.kind == "young"
    if status == CaseStatus.PARKED and rng.random() < 0.7:
        file.parked_until = life.today + timedelta(days=rng.randint(10, 150))
    if rng.random() < 0.7:
        file.number = _number(rng, file.lead)
    file.notes = _notes(rng, file, life)
    return file


def _status(rng: Random, life: Life) -> tuple[CaseStatus, date, date]:
    """Status, day of opening, day of the status; new ones are of the last three weeks."""
    today, days_here = life.today, (life.today - life.household.entered_on).days
    status = pick(
        rng, {CaseStatus.NEW: 11, CaseStatus.ACTIVE: 66, CaseStatus.PARKED: 8, CaseStatus.CLOSED: 15}
    )
    if days_here < 60:
        status = CaseStatus.NEW
    if status == CaseStatus.NEW:
        opened = today - timedelta(days=rng.randint(0, min(21, days_here)))
        return status, opened, opened
    age = rng.randint(25, min(days_here, 1100)) if days_here > 25 else days_here
    opened = today - timedelta(days=age)
    return status, opened, today - timedelta(days=rng.randint(0, min(age, 400)))


def lead_of(rng: Random, life: Life) -> str:
    """Slug of the agency whose file this is: it follows from the benefit and the age."""
    if life.household.kind == "young" and life.person.age < 21:
        return "jugendamt"
    if rng.random() < 0.045:
        return rng.choice(
            ("kvhs", "integrationsbuero", "schuldnerberatung", "auslaenderbehoerde", "bildungstraeger", "bbs")
        )
    if life.benefit in (BenefitKind.ASYLBLG, BenefitKind.SGB12):
        return "sozialamt"
    if life.benefit in (BenefitKind.SGB3, BenefitKind.BAFOEG):
        return "arbeitsagentur"
    if life.benefit == BenefitKind.NONE:
        return pick(rng, {"jobcenter": 5, "integrationsbuero": 2, "arbeitsagentur": 3})
    return "jobcenter"


def _number(rng: Random, lead: str) -> str:
    """A file number as the agency's own software might give it."""
    digits = rng.randrange(10**6)
    return {
        "jobcenter": f"25104//00{digits:06}",
        "sozialamt": f"50.2-{digits:06}",
        "jugendamt": f"51.4/{digits:06}",
        "arbeitsagentur": f"241A{digits:06}",
        "auslaenderbehoerde": f"33-LIN-{digits:06}",
    }.get(lead, f"L{digits:06}")


def _notes(rng: Random, file: Dossier, life: Life) -> list[tuple[date, Category, str]]:
    """Up to four remarks between opening and now, about things that are so."""
    count = 0 if file.status == CaseStatus.NEW else rng.choice((0, 1, 1, 2, 2, 3, 4))
    topics = [category for category in wording.NOTES if _fits(category, file, life)]
    chosen = rng.sample(topics, min(count, len(topics)))
    span = max(1, (life.today - file.opened_on).days)
    days = sorted(file.opened_on + timedelta(days=rng.randrange(span)) for _ in chosen)
    return [
        (day, category, rng.choice(wording.NOTES[category]))
        for day, category in zip(days, chosen, strict=True)
    ]


def _fits(category: Category, file: Dossier, life: Life) -> bool:
    fields = file.sections.get(category, {})
    if category == Category.DEBTS:
        return "amount" in fields
    if category == Category.HEALTH:
        return "limitations" in fields
    if category == Category.FAMILY:
        return fields.get("childcare") == ChildcareStatus.MISSING
    if category == Category.WORK:
        return life.work in (WorkStatus.UNEMPLOYED, WorkStatus.INTERNSHIP, WorkStatus.MINI_JOB)
    if category == Category.BENEFITS:
        return life.benefit not in (BenefitKind.NONE, BenefitKind.UNKNOWN)
    return True
