"""The sections that follow from a life: contact, school, work, family, benefits, housing, debts, health."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from agencies.cases.enums import (
    BenefitKind,
    ChildcareStatus,
    DebtStatus,
    HousingKind,
    MaritalStatus,
    Qualification,
    RecognitionStatus,
    SchoolLeaving,
    WorkCapacity,
    WorkStatus,
)
from agencies.enums import Category
from portal.demo import life as lives
from portal.demo import places, wording
from portal.demo.life import Life
from portal.demo.origins import pick

Fields = dict[str, Any]
EMPLOYED = {WorkStatus.INSURED, WorkStatus.MINI_JOB, WorkStatus.INTERNSHIP}


def contact(rng: Random, life: Life, address: dict[str, str]) -> Fields:
    name = life.person.given.spellings[0].split()[0].lower()
    fields: Fields = {**address, "phone": places.phone(rng) if rng.random() < 0.85 else ""}
    if rng.random() < 0.35 and name.isascii():
        fields["email"] = f"{name}{rng.randint(1, 99)}@example.org"
    if rng.random() < 0.06:
        fields["care_of"] = rng.choice(("Wessels", "Petersen", "Erdgeschoss links", "Familie Harms"))
    fields["interpreter_needed"] = life.german <= 1 and rng.random() < 0.8
    fields["preferred_language"] = "de" if life.german >= 3 else rng.choice(life.household.origin.languages)
    return fields


def education(rng: Random, life: Life) -> Fields:
    years = min(16, max(0, round(rng.gauss(9.5, 3.2)))) if life.person.age > 18 else rng.randint(5, 10)
    ladder = (
        (4, SchoolLeaving.NONE),
        (6, SchoolLeaving.PRIMARY),
        (9, SchoolLeaving.LOWER),
        (11, SchoolLeaving.MIDDLE),
    )
    leaving = next((kind for limit, kind in ladder if years <= limit), SchoolLeaving.UPPER)
    fields: Fields = {"school_years": years, "school_leaving": leaving}
    *_, qualification, title = occupation_of(rng, life)
    if life.person.age < 21 or (
        years < 9 and qualification in (Qualification.ACADEMIC, Qualification.VOCATIONAL)
    ):
        qualification, title = Qualification.NONE, ""
    fields |= {"qualification": qualification, "qualification_title": title}
    fields["recognition"] = RecognitionStatus.NOT_NEEDED
    if title:
        weights = {RecognitionStatus.OPEN: 40, RecognitionStatus.APPLIED: 22, RecognitionStatus.PARTIAL: 14}
        weights |= {RecognitionStatus.FULL: 16, RecognitionStatus.REJECTED: 8}
        fields |= {"qualification_country": life.household.origin.country, "recognition": pick(rng, weights)}
        if fields["recognition"] != RecognitionStatus.OPEN:
            fields["recognition_on"] = _after(life, rng, 60)
    return fields


def occupation_of(rng: Random, life: Life) -> tuple[str, str, Qualification, str]:
    return wording.OCCUPATIONS[rng.randrange(len(wording.OCCUPATIONS))]


def work(rng: Random, life: Life) -> Fields:
    him, her, *_ = occupation_of(rng, life)
    fields: Fields = {"status": life.work, "since": _after(life, rng, 30)}
    fields["driving_licence"] = life.person.age > 19 and rng.random() < (
        0.18 if life.person.is_woman else 0.4
    )
    if life.person.age > 23:
        fields["last_occupation"] = her if life.person.is_woman else him
        fields["experience_years"] = min(life.person.age - 19, abs(round(rng.gauss(5, 4))))
    if life.work in EMPLOYED:
        him, her, *_ = rng.choice(wording.OCCUPATIONS[-10:])
        fields |= {
            "occupation": her if life.person.is_woman else him,
            "employer": rng.choice(wording.EMPLOYERS),
        }
        hours = {WorkStatus.MINI_JOB: (5, 10), WorkStatus.INTERNSHIP: (20, 39)}.get(life.work, (20, 40))
        fields["hours_per_week"] = Decimal(rng.randint(*hours))
    if life.work == WorkStatus.APPRENTICESHIP:
        pair = rng.choice(wording.APPRENTICESHIPS)
        fields |= {"occupation": pair[life.person.is_woman], "employer": rng.choice(wording.EMPLOYERS)}
    return fields


def inclinations(rng: Random, life: Life) -> Fields:
    return {
        "wishes": rng.choice(wording.WISHES),
        "strengths": rng.choice(wording.STRENGTHS),
        "working_hours": rng.choice(wording.HOURS),
        "mobility": rng.choice(wording.MOBILITY),
    }


def family(rng: Random, life: Life) -> Fields:
    home = life.household
    small = sum(child.age < 3 for child in home.children)
    fields: Fields = {"children_under_3": small, "children_under_18": len(home.children)}
    fields["single_parent"] = home.kind == "single_parent"
    if home.kind in ("couple", "family"):
        fields["marital_status"] = MaritalStatus.MARRIED if rng.random() < 0.93 else MaritalStatus.SINGLE
    elif home.kind == "single_parent":
        left = (MaritalStatus.SEPARATED, MaritalStatus.DIVORCED, MaritalStatus.WIDOWED, MaritalStatus.MARRIED)
        fields["marital_status"] = rng.choice(left)
    else:
        fields["marital_status"] = MaritalStatus.SINGLE if rng.random() < 0.8 else MaritalStatus.MARRIED
    young = [child for child in home.children if child.age < 11]
    fields["childcare"] = ChildcareStatus.NOT_NEEDED
    if young:
        weights = {ChildcareStatus.SECURED: 50, ChildcareStatus.PARTLY: 25, ChildcareStatus.MISSING: 25}
        fields["childcare"] = pick(rng, weights)
        fields["childcare_note"] = rng.choice(wording.CARE_NOTES) if rng.random() < 0.5 else ""
    fields["cares_for_relative"] = rng.random() < 0.03
    return fields


def benefits(rng: Random, life: Life) -> Fields:
    fields: Fields = {"kind": life.benefit, "health_insurer": rng.choice(wording.INSURERS)}
    if life.benefit in (BenefitKind.NONE, BenefitKind.UNKNOWN):
        return fields
    fields["since"] = _after(life, rng, 10)
    fields["approved_until"] = life.today + timedelta(days=rng.randint(5, 360))
    if life.benefit == BenefitKind.SGB2 and rng.random() < 0.02:
        fields["sanction_until"] = life.today + timedelta(days=rng.randint(5, 60))
    return fields


def housing(rng: Random, life: Life) -> Fields:
    new = life.years < 1.5
    weights = {HousingKind.SHARED: 50 if new else 14, HousingKind.COUNTY_FLAT: 22, HousingKind.FAMILY: 8}
    weights |= {HousingKind.OWN_LEASE: 12 if new else 60, HousingKind.HOMELESS: 1}
    kind = pick(rng, weights)
    rooms = min(6, 1 + life.household.size // 2) if kind != HousingKind.SHARED else 1
    fields: Fields = {"kind": kind, "since": _after(life, rng, 14), "rooms": Decimal(rooms)}
    if kind in (HousingKind.OWN_LEASE, HousingKind.COUNTY_FLAT):
        fields["monthly_cost"] = Decimal(260 + rooms * rng.randint(110, 170))
    if kind == HousingKind.HOMELESS:
        fields["rooms"] = None
    fields["searching"] = kind != HousingKind.OWN_LEASE and rng.random() < 0.6
    if kind == HousingKind.SHARED and life.recognised_on and rng.random() < 0.4:
        fields["must_leave_by"] = life.today + timedelta(days=rng.randint(20, 240))
        fields["searching"] = True
    return fields


def debts(rng: Random, life: Life) -> Fields:
    weights = {
        DebtStatus.NONE: 55,
        DebtStatus.UNKNOWN: 20,
        DebtStatus.INSTALMENTS: 12,
        DebtStatus.UNREGULATED: 9,
    }
    kind = pick(rng, weights | {DebtStatus.ADVICE: 4})
    if kind in (DebtStatus.NONE, DebtStatus.UNKNOWN):
        return {"status": kind}
    amount = Decimal(rng.randint(3, 90) * 50)
    return {"status": kind, "amount": amount, "note": rng.choice(wording.CREDITORS)}


def health(rng: Random, life: Life) -> Fields:
    capacity = pick(
        rng, {WorkCapacity.FULL: 74, WorkCapacity.UNKNOWN: 15, WorkCapacity.PARTIAL: 9, WorkCapacity.BELOW: 2}
    )
    fields: Fields = {"work_capacity": capacity}
    if capacity in (WorkCapacity.PARTIAL, WorkCapacity.BELOW):
        fields["limitations"] = rng.choice(wording.LIMITATIONS)
        fields["disability_degree"] = rng.choice((None, None, 30, 50, 60))
    if rng.random() < 0.2:
        fields["barriers"] = rng.choice(wording.BARRIERS)
    return fields


def _after(life: Life, rng: Random, least: int) -> Any:
    """A day between arrival (plus ``least`` days) and now."""
    span = max(1, (life.today - life.household.entered_on).days - least)
    return life.today - timedelta(days=rng.randrange(span))


#: In the order of the case file; identity and contact need more than a life and come first.
WRITERS: dict[Category, Callable[[Random, Life], Fields]] = {
    Category.RESIDENCE: lives.residence,
    Category.LANGUAGE: lives.language,
    Category.EDUCATION: education,
    Category.WORK: work,
    Category.INCLINATIONS: inclinations,
    Category.FAMILY: family,
    Category.BENEFITS: benefits,
    Category.HOUSING: housing,
    Category.DEBTS: debts,
    Category.HEALTH: health,
}
