"""The cards of the case page: one per visible category, with rows, notes and what may be done."""

from dataclasses import dataclass, field

from agencies.cases.dossier import Dossier, Signed
from agencies.cases.models import Case, HouseholdMember
from agencies.cases.presentation import Row, member_row, reference_row, section_of, section_rows
from agencies.enums import Category, Level

NOTES_OPEN = 2


@dataclass
class Card:
    """A category as the page shows it; empty lines are left out."""

    category: Category
    may_change: bool
    rows: list[Row]
    changed: Signed | None = None
    notes: list[Signed] = field(default_factory=list)
    members: list[tuple[HouseholdMember, Row]] = field(default_factory=list)

    @property
    def is_filled(self) -> bool:
        return bool(self.rows or self.notes or self.members)

    @property
    def newest_notes(self) -> list[Signed]:
        return self.notes[:NOTES_OPEN]

    @property
    def older_notes(self) -> list[Signed]:
        return self.notes[NOTES_OPEN:]

    @property
    def is_family(self) -> bool:
        return self.category == Category.FAMILY

    @property
    def is_identity(self) -> bool:
        return self.category == Category.IDENTITY


def cards_of(case: Case, hanging: Dossier) -> list[Card]:
    """One card per category the member sees, in the file's order."""
    return [_card(case, category, level, hanging) for category, level in case.levels.items()]


def _card(case: Case, category: Category, level: Level, hanging: Dossier) -> Card:
    section = section_of(case, category)
    rows = [row for row in section_rows(section) if row.value] if section else []
    if category == Category.IDENTITY:
        rows += [reference_row(reference) for reference in hanging.references]
    members = hanging.members if category == Category.FAMILY else []
    return Card(
        category=category,
        may_change=level == Level.CHANGE,
        rows=rows,
        changed=hanging.changes.get(category),
        notes=hanging.notes.get(category, []),
        members=[(member, member_row(member)) for member in members],
    )
