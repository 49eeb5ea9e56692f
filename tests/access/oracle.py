"""Who sees what, written down once more in plain Python from the rules alone: no query, no model."""

from dataclasses import dataclass, field

SEES_CASES = {"fallmanagement", "sachbearbeitung", "eingang", "fachdienst", "teamleitung", "kursbuero"}
SEES_ALL_TEAMS = {"eingang", "teamleitung"}
DISCLOSES = {"fallmanagement", "eingang", "teamleitung"}
OPENS = DISCLOSES | {"sachbearbeitung"}
BROWSES = {"jobcenter", "jugendamt", "sozialamt"}


@dataclass
class Person:
    """A member; teams by number inside the agency."""

    agency: str
    role: str
    teams: frozenset[int]
    active: bool = True


@dataclass
class File:
    """A case: who leads it, which categories the lead holds, and what was written into them since."""

    agency: str
    team: int
    held: frozenset[str]
    texts: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Kept:
    """What a team kept of a file when its agency handed over the lead without this category."""

    file: int
    agency: str
    team: int
    category: str
    texts: list[str]


@dataclass
class Share:
    """A disclosure to an agency, or to one of its teams; ``ends`` on the world's clock, in days."""

    file: int
    agency: str
    team: int | None
    categories: frozenset[str]
    ends: float
    revoked: bool = False


@dataclass
class World:
    """Everything that decides, and the question it answers."""

    people: dict[str, Person]
    closed_agencies: set[str] = field(default_factory=set)
    files: list[File] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    day: float = 0.0

    def works(self, name: str) -> bool:
        person = self.people[name]
        return person.active and person.agency not in self.closed_agencies

    def sees(self, name: str) -> dict[int, dict[str, str]]:
        """Per visible file: the level of each visible category."""
        person = self.people[name]
        if not self.works(name) or person.role not in SEES_CASES:
            return {}
        found: dict[int, dict[str, str]] = {}
        for share in self.shares:
            if self._is_open(share) and self._reaches(person, share.agency, share.team):
                found.setdefault(share.file, {}).update(dict.fromkeys(share.categories, "view"))
        for number, file in enumerate(self.files):
            if self._reaches(person, file.agency, file.team):
                found.setdefault(number, {}).update(dict.fromkeys(file.held, "change"))
        return found

    def reads(self, name: str) -> set[tuple[int, str, str]]:
        """Each text open to the person: file, category, text."""
        return {
            (number, category, text)
            for number, levels in self.sees(name).items()
            for category in levels
            for text in self.files[number].texts.get(category, [])
        }

    def has_kept(self, name: str) -> list[tuple[int, str, list[str]]]:
        """What the person's team kept of files it led once: file, category, texts."""
        person = self.people[name]
        if not self.works(name) or person.role not in SEES_CASES:
            return []
        mine = [kept for kept in self.kept if self._reaches(person, kept.agency, kept.team)]
        return sorted((kept.file, kept.category, kept.texts) for kept in mine)

    def is_seen_by_others(self, number: int, besides: frozenset[str]) -> bool:
        """Whether somebody is shown a category of the file other than these."""
        return any(
            share.file == number and self._is_open(share) and share.categories - besides
            for share in self.shares
        )

    def hand_over(self, number: int, agency: str, team: int, categories: frozenset[str]) -> None:
        old = self.files[number]
        for category in old.held - categories:
            self.kept.append(Kept(number, old.agency, old.team, category, old.texts.get(category, [])))
        texts = {category: old.texts[category] for category in categories & set(old.texts)}
        self.files[number] = File(agency, team, categories, texts)

    def leads(self, name: str, number: int) -> bool:
        file, person = self.files[number], self.people[name]
        return number in self.sees(name) and self._reaches(person, file.agency, file.team)

    def _is_open(self, share: Share) -> bool:
        return not share.revoked and share.ends > self.day and share.agency in BROWSES

    def _reaches(self, person: Person, agency: str, team: int | None) -> bool:
        mine = team is None or team in person.teams or person.role in SEES_ALL_TEAMS
        return person.agency == agency and mine
