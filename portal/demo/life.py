"""How a person's way through residence law, language, school and work hangs together."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from agencies.cases.enums import BenefitKind, CourseStatus, Literacy, WorkPermission, WorkStatus
from agencies.enums import CEFR
from agencies.enums import ResidenceKind as R
from portal.demo.origins import pick
from portal.demo.people import Household, Person

#: Temporary protection ends on this day of a year (Council Implementing Decisions on § 24).
END_OF_PROTECTION = (3, 4)
RECOGNISED = {R.PAR_25_1, R.PAR_25_2, R.PAR_25_3}
IN_PROCEDURE = {R.GESTATTUNG, R.DULDUNG, R.DULDUNG_60C, R.DULDUNG_60D}
#: How long a document of this kind is issued for, in days.
TERMS = {
    R.GESTATTUNG: (90, 180), R.DULDUNG: (60, 180), R.DULDUNG_60C: (700, 1095), R.DULDUNG_60D: (900, 900),
    R.PAR_25_1: (1095, 1095), R.PAR_25_2: (1095, 1095), R.PAR_25_3: (365, 730), R.PAR_25A: (730, 1095),
    R.PAR_25B: (730, 730), R.PAR_104C: (548, 548), R.FAMILY: (365, 1095), R.FIKTION: (60, 180),
}  # fmt: skip
LEVELS = list(CEFR.values)


@dataclass
class Life:
    """What decides most of a person's file."""

    person: Person
    household: Household
    today: date
    status: R
    recognised_on: date | None
    permission: WorkPermission
    german: int
    course: CourseStatus
    course_ends_on: date | None
    work: WorkStatus
    benefit: BenefitKind

    @property
    def years(self) -> float:
        return (self.today - self.household.entered_on).days / 365.25

    @property
    def has_small_child(self) -> bool:
        return any(child.age < 3 for child in self.household.children)


def live(rng: Random, someone: Person, household: Household, today: date, status: R | None = None) -> Life:
    """Draw a life; partners pass ``status`` on, because families are decided together."""
    years = (today - household.entered_on).days / 365.25
    status = _possible(status or pick(rng, household.origin.statuses), someone, household, years)
    recognised = None
    if status in RECOGNISED:
        recognised = min(
            household.entered_on + timedelta(days=rng.randint(120, 500)), today - timedelta(days=15)
        )
    german = _german(rng, someone, years)
    course, ends = _course(rng, status, german, today)
    life = Life(
        someone, household, today, status, recognised, _permission(rng, status, years), german, course, ends,
        WorkStatus.UNEMPLOYED, BenefitKind.SGB2,
    )  # fmt: skip
    life.work = _work(rng, life)
    life.benefit = _benefit(rng, life)
    return life


def _possible(status: R, someone: Person, household: Household, years: float) -> R:
    """Replace a status the person cannot have yet, or no more, by the nearest one."""
    if status == R.GESTATTUNG and years > 4:
        return R.PAR_25_3
    if status == R.NIEDERLASSUNG and (years < 5 or someone.age < 21):
        return R.PAR_25_2
    if status == R.PAR_25A and (someone.age > 26 or years < 3):
        return R.DULDUNG
    if status == R.PAR_25B and years < 6:
        return R.DULDUNG
    if status == R.PAR_104C and household.entered_on > date(2017, 10, 31):
        return R.DULDUNG
    if status == R.DULDUNG_60C and not 17 <= someone.age <= 32:
        return R.DULDUNG
    return status


def _permission(rng: Random, status: R, years: float) -> WorkPermission:
    if status == R.GESTATTUNG and years < 0.5:
        return WorkPermission.NOT_ALLOWED
    if status == R.DULDUNG and rng.random() < 0.2:
        return WorkPermission.NOT_ALLOWED
    return WorkPermission.ON_APPROVAL if status in IN_PROCEDURE else WorkPermission.ALLOWED


def _german(rng: Random, someone: Person, years: float) -> int:
    """Index in ``LEVELS``: grows with the years, faster for the young."""
    pace = 1.1 if someone.age < 30 else 0.95 if someone.age < 45 else 0.65
    return min(5, max(0, round(rng.gauss(0.3 + pace * years**0.5, 0.9))))


def _course(rng: Random, status: R, german: int, today: date) -> tuple[CourseStatus, date | None]:
    """Integration course and its end: some end within the next weeks."""
    if german >= 3 and rng.random() < 0.8:
        return CourseStatus.COMPLETED, today - timedelta(days=rng.randint(40, 1200))
    if status in IN_PROCEDURE:
        return pick(rng, {CourseStatus.NONE: 60, CourseStatus.WAITING: 25, CourseStatus.ENTITLED: 15}), None
    kinds = {CourseStatus.ATTENDING: 45, CourseStatus.WAITING: 20, CourseStatus.ENTITLED: 18}
    found = pick(rng, kinds | {CourseStatus.NONE: 10, CourseStatus.UNKNOWN: 7})
    if found != CourseStatus.ATTENDING:
        return found, None
    return found, today + timedelta(days=rng.choice((rng.randint(4, 45), rng.randint(30, 260))))


def _work(rng: Random, life: Life) -> WorkStatus:
    if life.person.age < 19:
        return pick(rng, {WorkStatus.SCHOOL: 75, WorkStatus.APPRENTICESHIP: 10, WorkStatus.UNEMPLOYED: 15})
    if life.status == R.DULDUNG_60C:
        return WorkStatus.APPRENTICESHIP
    if life.status == R.DULDUNG_60D:
        return WorkStatus.INSURED
    if life.permission == WorkPermission.NOT_ALLOWED or life.person.age > 64:
        return WorkStatus.NOT_AVAILABLE
    if life.has_small_child and life.person.is_woman and rng.random() < 0.6:
        return WorkStatus.NOT_AVAILABLE
    chance = 6 + 7 * life.german
    weights = {WorkStatus.UNEMPLOYED: 60, WorkStatus.INSURED: chance, WorkStatus.MINI_JOB: 9}
    weights |= {WorkStatus.INTERNSHIP: 4, WorkStatus.SELF_EMPLOYED: 1, WorkStatus.SCHOOL: 3}
    return pick(
        rng, weights | {WorkStatus.APPRENTICESHIP: 9 if life.person.age < 30 and life.german >= 3 else 0}
    )


def _benefit(rng: Random, life: Life) -> BenefitKind:
    if life.work == WorkStatus.INSURED and rng.random() < 0.6:
        return BenefitKind.NONE
    if life.status in IN_PROCEDURE:
        return BenefitKind.NONE if life.work == WorkStatus.APPRENTICESHIP else BenefitKind.ASYLBLG
    if life.person.age > 66:
        return BenefitKind.SGB12
    if life.work == WorkStatus.APPRENTICESHIP:
        return BenefitKind.BAFOEG
    if life.status == R.PAR_24 and life.household.entered_on >= date(2025, 4, 1):
        return BenefitKind.ASYLBLG
    if life.status == R.NIEDERLASSUNG and life.work == WorkStatus.UNEMPLOYED and rng.random() < 0.3:
        return BenefitKind.SGB3
    return BenefitKind.SGB2


def residence(rng: Random, life: Life) -> dict[str, Any]:
    """Fields of the residence section; documents run out on all sorts of days, some very soon."""
    fields: dict[str, Any] = {"kind": life.status, "work_permission": life.permission}
    fields["entered_on"] = life.household.entered_on
    fields["recognised_on"] = life.recognised_on
    if life.status == R.PAR_24:
        fields["valid_from"] = max(life.household.entered_on + timedelta(days=20), date(2022, 3, 20))
        fields["valid_until"] = _next_end_of_protection(life.today)
    elif life.status in TERMS:
        term = rng.randint(*TERMS[life.status])
        begun = life.today - timedelta(
            days=rng.randrange(term) if rng.random() < 0.96 else term + rng.randint(1, 20)
        )
        fields["valid_from"] = max(begun, life.recognised_on or life.household.entered_on)
        fields["valid_until"] = fields["valid_from"] + timedelta(days=term)
    if life.recognised_on and (until := _three_years_on(life.recognised_on)) > life.today:
        fields |= {"residence_requirement": "Landkreis Lindenau", "requirement_until": until}
    return fields


def _next_end_of_protection(today: date) -> date:
    end = date(today.year, *END_OF_PROTECTION)
    return end if end > today else date(today.year + 1, *END_OF_PROTECTION)


def _three_years_on(day: date) -> date:
    return day.replace(year=day.year + 3, day=min(day.day, 28))


def language(rng: Random, life: Life) -> dict[str, Any]:
    """Fields of the language section: certificates never exceed what the person can."""
    origin = life.household.origin
    mother_tongue = rng.choice(origin.languages)
    certified = life.german - rng.choice((0, 0, 1)) if life.course == CourseStatus.COMPLETED else 0
    fields: dict[str, Any] = {
        "mother_tongue": mother_tongue,
        "other_languages": [
            code for code in origin.other_languages if code != mother_tongue and rng.random() < 0.3
        ],
        "german_level": LEVELS[life.german],
        "certified_level": LEVELS[certified] if certified > 0 else "",
        "literacy": _literacy(rng, life),
        "course_status": life.course,
        "course_ends_on": life.course_ends_on,
    }
    if certified > 0 and life.course_ends_on:
        fields["certified_on"] = min(life.course_ends_on + timedelta(days=rng.randint(10, 60)), life.today)
    return fields


def _literacy(rng: Random, life: Life) -> Literacy:
    if life.german <= 1 and life.household.origin.country in ("AF", "SO", "ER", "IQ") and rng.random() < 0.3:
        return rng.choice((Literacy.NONE, Literacy.LEARNING, Literacy.LEARNING))
    if life.household.origin.latin or life.german >= 3:
        return Literacy.LATIN
    return Literacy.OTHER_SCRIPT if rng.random() < 0.6 else Literacy.LATIN
