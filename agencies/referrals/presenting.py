"""What a recipient sees of a case: one function for the preview, the live view and the frozen copy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from agencies.cases.models import Case, Identity, Note
from agencies.cases.presentation import Row, frozen
from agencies.enums import Category
from agencies.models import Agency, Membership
from agencies.referrals.models import Referral, Snapshot, SnapshotContent


@dataclass(frozen=True)
class Part:
    """One data category with its filled-in lines."""

    category: Category
    rows: list[Row] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(self.category.label)

    def data(self) -> list[dict[str, str]]:
        """The lines as plain data, as a snapshot keeps them."""
        return [{"name": row.name, "label": row.label, "value": row.value} for row in self.rows]


@dataclass(frozen=True)
class Released:
    """What a referral opens to the acting member, and what stands in the way."""

    parts: list[Part] = field(default_factory=list)
    taken_at: datetime | None = None  # the day a snapshot was frozen; None for a live view
    must_acknowledge: bool = False  # the purpose notice (§ 78 SGB X) comes first
    is_over: bool = False  # withdrawn, declined, revoked or expired


def preview(case: Case, recipient: Agency, categories: Iterable[str]) -> list[Part]:
    """Exactly what ``recipient`` would see of ``case``, today.

    Who may browse also sees the notes of a category, and later changes; all others see this, frozen.
    """
    chosen = [category for category in Category if category in set(categories)]
    lines = frozen(case, chosen)
    notes = _notes(case, chosen) if recipient.may_browse else {}
    return [Part(category, [*_rows(lines[category.value]), *notes.get(category, [])]) for category in chosen]


def preview_of(referral: Referral) -> list[Part]:
    """The preview of a draft or of a live referral, for whoever may see the case."""
    case = Case.objects.filter(pk=referral.case_id).first()
    return preview(case, referral.recipient, referral.categories) if case else []


def frozen_parts(referral: Referral) -> list[Part]:
    """The content of the snapshot as far as the database shows it to the acting member."""
    contents = SnapshotContent.objects.filter(snapshot__referral=referral)
    kept = {content.category: content.rows for content in contents}
    return [Part(category, _rows(kept[category])) for category in Category if category in kept]


def unread_by(member: Membership, referrals: Sequence[Referral]) -> set[UUID]:
    """Which of the referrals come with a snapshot whose purpose notice the member has not acknowledged."""
    snapshots = Snapshot.objects.filter(referral__in=[referral.pk for referral in referrals])
    return set(snapshots.exclude(acknowledgements__member=member).values_list("referral", flat=True))


def names_of(referrals: Sequence[Referral]) -> dict[UUID, str]:
    """The persons' names by referral, as far as the acting member sees them, live or in a snapshot."""
    identities = Identity.objects.in_bulk([referral.case_id for referral in referrals])
    found = {r.pk: identities[r.case_id].name for r in referrals if r.case_id in identities}
    contents = SnapshotContent.objects.filter(
        snapshot__referral__in=[r.pk for r in referrals if r.pk not in found], category=Category.IDENTITY
    ).values_list("snapshot__referral", "rows")
    for pk, rows in contents:
        values = {row["name"]: row["value"] for row in rows}
        found[pk] = f"{values.get('family_name', '')}, {values.get('given_name', '')}"
    return found


def _rows(lines: list[dict[str, str]]) -> list[Row]:
    return [Row(**line) for line in lines]


def _notes(case: Case, categories: list[Category]) -> dict[Category, list[Row]]:
    found: dict[Category, list[Row]] = {}
    notes = Note.objects.filter(case=case, category__in=categories).select_related("author__agency")
    for note in notes:
        label = _("Notiz vom {day} ({agency})").format(
            day=note.created_at.strftime("%d.%m.%Y"), agency=note.author.agency.short_name
        )
        found.setdefault(Category(note.category), []).append(Row("note", label, note.text))
    return found
