"""Who sees how much of a case at the table, written down in plain Python from the rules alone: no query."""

from dataclasses import dataclass, field

from tests.access.oracle import BROWSES, World


@dataclass
class Point:
    """An item of an agenda: whose case, and how far the lead wants the curtain open for whom."""

    file: int
    has_text: bool = False
    wanted: dict[str, str] = field(default_factory=dict)
    #: Agencies that took over the case after the text was written: it stays with the lead of then.
    handed_to: set[str] = field(default_factory=set)
    is_over: bool = False


@dataclass
class Sitting(World):
    """A running meeting on top of who sees which cases."""

    seats: set[str] = field(default_factory=set)
    invited: set[str] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    points: list[Point] = field(default_factory=list)
    current: int | None = None

    @property
    def on_agenda(self) -> list[int]:
        """Points of the running meeting."""
        return [number for number, point in enumerate(self.points) if not point.is_over]

    def call(self, number: int) -> None:
        self.current = number

    def close(self) -> None:
        self.current, self.present = None, set()
        for point in self.points:
            point.is_over = True

    def level(self, name: str, number: int) -> str:
        """What the person is shown: the lead its own case always, all others what is open."""
        if self.leads(name, self.points[number].file):
            return "identity"
        return self.open_now().get((number, name), "pseudonym")

    def reads_text(self, name: str, number: int) -> bool:
        point = self.points[number]
        withheld = self.people[name].agency in point.handed_to
        return point.has_text and self.level(name, number) != "pseudonym" and not withheld

    def open_now(self) -> dict[tuple[int, str], str]:
        """Per item and person present: how far the curtain is open, where it is."""
        if self.current is None:
            return {}
        there = [n for n in self.present if self.works(n) and self.people[n].agency in self.seats]
        found = {(self.current, name): self._reach(name, self.points[self.current]) for name in there}
        return {key: level for key, level in found.items() if level != "pseudonym"}

    def _reach(self, name: str, point: Point) -> str:
        agency = self.people[name].agency
        wanted = point.wanted.get(agency, "pseudonym")
        if self.leads(name, point.file):
            return "identity"
        if wanted in ("pseudonym", "summary") or agency not in BROWSES:
            return wanted if wanted == "pseudonym" else "summary"
        held = set(self.sees(name).get(point.file, {}))
        if wanted == "identity" and "identity" in held:
            return "identity"
        return "categories" if held - {"identity"} else "summary"
