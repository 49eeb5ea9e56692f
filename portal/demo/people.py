"""Invented people and the households they live in; the same from the same seed and reference day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from agencies.cases.enums import Gender, Relation
from portal.demo.origins import Name, Origin, any_origin, pick


@dataclass
class Person:
    """Someone with a name and a birth date; ``year`` … ``day`` as known to the authorities."""

    origin: Origin
    gender: Gender
    given: Name
    family: Name
    year: int
    month: int | None
    day: int | None
    age: int

    @property
    def is_woman(self) -> bool:
        return self.gender == Gender.FEMALE


@dataclass
class Household:
    """People living together: who has a case, who has none, and who is whose partner or child."""

    origin: Origin
    entered_on: date
    adults: list[Person]
    partner: Person | None = None
    children: list[Person] = field(default_factory=list)
    kind: str = "single"

    @property
    def size(self) -> int:
        return len(self.adults) + len(self.children) + (self.partner is not None)

    def others(self) -> Iterator[tuple[Relation, Person]]:
        """The members without a case of their own."""
        if self.partner:
            yield Relation.PARTNER, self.partner
        for child in self.children:
            yield Relation.CHILD, child


SHAPES = {"single": 37, "couple": 8, "family": 29, "single_parent": 14, "siblings": 5, "young": 7}
CHILDREN = {1: 26, 2: 33, 3: 22, 4: 11, 5: 5, 6: 3}
#: Percent of people whose birth day is not known, by origin; registers of war and of the countryside.
UNKNOWN_DAYS = {"AF": 14, "SO": 15, "ER": 10, "IQ": 7, "SY": 5}


def birth(rng: Random, origin: Origin, age: int, today: date) -> tuple[int, int | None, int | None]:
    """Year, month and day so that the person has (about) this age; unknown parts are None."""
    born = today.replace(year=today.year - age, day=min(today.day, 28)) - timedelta(days=rng.randrange(365))
    roll, unknown = rng.random() * 100, UNKNOWN_DAYS.get(origin.country, 1)
    if roll < unknown * 0.8:
        return born.year, None, None
    if roll < unknown:
        return born.year, born.month, None
    if roll < unknown * 1.8:
        return born.year, 1, 1
    return born.year, born.month, born.day


def person(rng: Random, origin: Origin, gender: Gender, age: int, family: Name, today: date) -> Person:
    given = rng.choice(origin.female if gender == Gender.FEMALE else origin.male)
    family = family.for_woman() if gender == Gender.FEMALE else family.for_man()
    return Person(origin, gender, given, family, *birth(rng, origin, age, today), age)


def identity(rng: Random, someone: Person) -> dict[str, object]:
    """Fields of the identity section: one office wrote the name this way, others that way."""
    given, family = (_spelling(rng, name) for name in (someone.given, someone.family))
    spellings = {
        f"{_any(rng, someone.given)} {_any(rng, someone.family)}" for _ in range(rng.choice((0, 0, 1, 2)))
    }
    original = [someone.given.original, someone.family.original]
    return {
        "family_name": family,
        "given_name": given,
        "original_name": " ".join(original) if all(original) and rng.random() < 0.8 else "",
        "other_spellings": sorted(spellings - {f"{given} {family}"}),
        "birth_year": someone.year,
        "birth_month": someone.month,
        "birth_day": someone.day,
        "birth_place": rng.choice(someone.origin.cities) if rng.random() < 0.7 else "",
        "gender": someone.gender,
        "nationality": someone.origin.country if rng.random() < 0.985 else rng.choice(("XX", "ZZ")),
    }


def _spelling(rng: Random, name: Name) -> str:
    return name.spellings[0] if rng.random() < 0.6 else rng.choice(name.spellings)


def _any(rng: Random, name: Name) -> str:
    return rng.choice(name.spellings)


def entry(rng: Random, origin: Origin, today: date) -> date:
    """The day of arrival in Germany, three weeks ago at the latest."""
    years: range = pick(rng, origin.arrivals)
    year = rng.choice(years)
    first = date(2022, 3, 1) if (origin.country, year) == ("UA", 2022) else date(year, 1, 1)
    return min(first + timedelta(days=rng.randrange(300)), today - timedelta(days=rng.randint(21, 200)))


def household(rng: Random, today: date) -> Household:
    """One household of a shape that occurs, with everyone in it."""
    origin = any_origin(rng)
    kind, family = pick(rng, SHAPES), rng.choice(origin.family)
    home = Household(origin, entry(rng, origin, today), [], kind=kind)
    if kind == "young":
        home.adults = [person(rng, origin, Gender.MALE, rng.randint(16, 20), family, today)]
    elif kind == "siblings":
        for _ in range(rng.choice((2, 2, 3))):
            gender = rng.choice((Gender.MALE, Gender.MALE, Gender.FEMALE))
            home.adults.append(person(rng, origin, gender, rng.randint(18, 30), family, today))
    elif kind == "single":
        age = min(67, max(18, round(rng.gauss(33, 11))))
        home.adults = [person(rng, origin, _gender(rng, origin), age, family, today)]
    else:
        _family(rng, home, family, today)
    return home


def _gender(rng: Random, origin: Origin) -> Gender:
    if rng.random() < 0.004:
        return Gender.DIVERSE
    return Gender.FEMALE if rng.random() < origin.share_of_women else Gender.MALE


def _family(rng: Random, home: Household, family: Name, today: date) -> None:
    """Couples with or without children, and single parents."""
    mother_age = min(58, max(20, round(rng.gauss(35, 8))))
    mother = person(rng, home.origin, Gender.FEMALE, mother_age, family, today)
    home.adults = [mother]
    if home.kind == "single_parent":
        if rng.random() < 0.12:
            home.adults = [person(rng, home.origin, Gender.MALE, mother_age + 3, family, today)]
    else:
        father = person(
            rng, home.origin, Gender.MALE, max(20, mother_age + rng.randint(-3, 9)), family, today
        )
        if rng.random() < 0.25:  # couples do not always share a name
            mother.family = rng.choice(home.origin.family).for_woman()
        home.adults = [father, mother]
        if rng.random() < 0.4:
            home.adults, home.partner = [father], mother
    if home.kind != "couple":
        oldest = min(17, mother_age - 18)
        for _ in range(pick(rng, CHILDREN)):
            gender = rng.choice((Gender.MALE, Gender.FEMALE))
            age = rng.randint(0, max(oldest, 0))
            home.children.append(person(rng, home.origin, gender, age, family, today))
        home.children.sort(key=lambda child: -child.age)
