"""Opens cases, one or many, with a few statements for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.cases.models import Case, CaseSearch, Disclosure, ForeignReference, Household, Note
from agencies.cases.references import format_reference
from agencies.cases.searching import search_terms
from agencies.cases.sections import SECTIONS, Identity, Section
from agencies.enums import Category, LegalBasis, Level, Purpose
from agencies.errors import Refused
from agencies.models import AuditEntry, Membership, Team


@dataclass
class NewCase:
    """What is known of a case to be opened.

    ``identity`` needs at least the names and ``birth_year``. Entries that name the same ``household`` object
    share it; an unsaved one is saved once. ``pk`` is an id chosen by a form, so that a form sent twice opens
    one case.
    """

    identity: Mapping[str, Any]
    sections: Mapping[Category, Mapping[str, Any]] = field(default_factory=dict)
    manager: Membership | None = None
    household: Household | None = None
    foreign_reference: str = ""
    household_reference: str = ""
    notes: Sequence[tuple[Category, str]] = ()
    pk: UUID | None = None

    @property
    def numbers(self) -> list[str]:
        """The agency's own numbers of the person and of the household, each once."""
        return list(dict.fromkeys(filter(None, (self.foreign_reference, self.household_reference))))


@transaction.atomic
def open_cases(
    entries: Sequence[NewCase], *, by: Membership, team: Team, opened_at: datetime | None = None
) -> list[Case]:
    """Open a case for each entry, led by ``team``, as a collection by its agency (§ 67a SGB X); all or none.

    Meant for some hundred entries a call: the number of statements does not depend on it.

    :raises Refused: the team is not one of the member's agency
    """
    if team.agency_id != by.agency_id:
        raise Refused(_("Das Team gehört zu einer anderen Stelle."))
    if not entries:
        return []
    opened_at = opened_at or timezone.now()
    households = [entry.household or Household() for entry in entries]
    _insert(Household, {home.pk: home for home in households if home._state.adding}.values())
    references = next_references(len(entries), opened_at.year)
    cases = [
        Case(
            pk=entry.pk or uuid4(),
            reference=reference,
            household=household,
            lead_agency_id=by.agency_id,
            lead_team=team,
            manager=entry.manager,
            opened_at=opened_at,
        )
        for entry, household, reference in zip(entries, households, references, strict=True)
    ]
    _insert(Case, cases)
    _insert(Disclosure, [_holding(case, team=team, by=by) for case in cases])
    _fill(list(zip(cases, entries, strict=True)), by=by)
    return cases


def _insert(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """One statement; psycopg binds at most 65,535 values, so long lists go in parts."""
    model._default_manager.bulk_create(list(rows), batch_size=65_000 // len(model._meta.concrete_fields))


def next_references(count: int, year: int) -> list[str]:
    """The next ``count`` free references of the county, in one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_reference') FROM generate_series(1, %s)", [count])
        return [format_reference(year, number) for (number,) in cursor.fetchall()]


def _holding(case: Case, *, team: Team, by: Membership) -> Disclosure:
    """The agency keeps the case as its own file; its grants follow."""
    return Disclosure(
        case=case,
        recipient_id=team.agency_id,
        recipient_team=team,
        recipient_group_id=team.group_id,
        purpose=Purpose.CASE_MANAGEMENT,
        legal_basis=LegalBasis.COLLECTION,
        categories=Category.values,
        level=Level.CHANGE,
        decided_by=by,
    )


def _fill(pairs: list[tuple[Case, NewCase]], *, by: Membership) -> None:
    """Sections, numbers, notes, search terms and log; the grants are there by now."""
    identities = [Identity(case=case, **entry.identity) for case, entry in pairs]
    _insert(Identity, identities)
    for category, model in SECTIONS.items():
        if category != Category.IDENTITY:
            _insert_section(model, [(case, entry.sections.get(category)) for case, entry in pairs])
    numbers = [
        ForeignReference(case=case, agency_id=by.agency_id, number=number)
        for case, entry in pairs
        for number in entry.numbers
    ]
    _insert(ForeignReference, numbers)
    notes = [
        Note(case=case, category=category, text=text, author=by)
        for case, entry in pairs
        for category, text in entry.notes
    ]
    _insert(Note, notes)
    _insert(CaseSearch, map(_search_row, pairs, identities))
    log = [_entry("case.open", case, by=by) for case, _known in pairs]
    log += [_entry("case.note", note.case, by=by, category=note.category) for note in notes]
    _insert(AuditEntry, log)


def _insert_section(model: type[Section], given: list[tuple[Case, Mapping[str, Any] | None]]) -> None:
    """Most sections of most cases are empty at first: the database fills those in from one row."""
    _insert(model, [model(case=case, **values) for case, values in given if values])
    empty = [case.pk for case, values in given if not values]
    if not empty:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    blank = model()
    defaults = [field.get_db_prep_save(getattr(blank, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} (case_id, {names}) "  # names of our own models
            f"SELECT unnest(%s::uuid[]), {', '.join(['%s'] * len(fields))}",
            [empty, *defaults],
        )


def _search_row(pair: tuple[Case, NewCase], identity: Identity) -> CaseSearch:
    case, entry = pair
    return CaseSearch(case=case, **search_terms(case.reference, identity, entry.numbers))


def _entry(verb: str, case: Case, *, by: Membership, **detail: Any) -> AuditEntry:
    """As ``audit.record`` writes it."""
    return AuditEntry(
        user_id=by.user_id,
        agency_id=by.agency_id,
        verb=verb,
        target=f"{case._meta.label_lower}:{case.pk}",
        case_id=case.pk,
        detail=detail,
    )
