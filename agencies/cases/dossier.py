"""What hangs on a case besides its sections, fetched in one query: notes, people, numbers, last changes."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Expression, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, JSONObject, NullIf, Trim

from agencies.cases.models import Case, CaseChange, ForeignReference, HouseholdMember, Note
from agencies.enums import Category
from agencies.models import Agency

HERE = OuterRef("pk")


@dataclass(frozen=True)
class Signed:
    """Who did something, for which agency, when; ``text`` is what they wrote, if anything."""

    who: str
    agency: str
    at: datetime.datetime
    text: str = ""


@dataclass
class Dossier:
    """Everything the acting member may see beside the sections."""

    notes: dict[Category, list[Signed]] = field(default_factory=dict)
    changes: dict[Category, Signed] = field(default_factory=dict)
    members: list[HouseholdMember] = field(default_factory=list)
    references: list[ForeignReference] = field(default_factory=list)
    mates: list[dict[str, Any]] = field(default_factory=list)


def person(prefix: str) -> Expression:
    """The name of the user behind ``prefix``, or the user name where no name is kept."""
    full = Concat(f"{prefix}first_name", Value(" "), f"{prefix}last_name", output_field=CharField())
    return Coalesce(NullIf(Trim(full), Value("")), F(f"{prefix}username"), Value(""))


def _as_json(found: QuerySet, **parts: Any) -> ArraySubquery:
    return ArraySubquery(found.values(json=JSONObject(**parts)))


def dossier(case: Case) -> Dossier:
    """What hangs on a case fetched by ``access.case``; row-level security leaves out what is hidden."""
    attached = {"found_notes": _notes(), "found_changes": _changes(), "found_mates": _mates()}
    names = ("pk", "relation", "family_name", "given_name", "birth_year", "birth_month", "birth_day")
    members = HouseholdMember.objects.filter(case=HERE).order_by("pk")
    attached["found_members"] = _as_json(members, **dict(zip(names, names, strict=True)))
    numbers = ForeignReference.objects.filter(case=HERE).order_by("pk")
    attached["found_numbers"] = _as_json(numbers, number="number", agency="agency__short_name")
    return _assemble(case, Case.objects.filter(pk=case.pk).values(**attached)[0])


def _notes() -> ArraySubquery:
    """All notes, newest first."""
    return _as_json(
        Note.objects.filter(case=HERE).order_by("-created_at", "-pk"),
        category="category",
        text="text",
        at="created_at",
        who=person("author__user__"),
        agency="author__agency__short_name",
    )


def _changes() -> ArraySubquery:
    """The last change of each section."""
    found = CaseChange.objects.filter(case=HERE).exclude(category="")
    return _as_json(
        found.order_by("category", "-at").distinct("category"),
        category="category",
        at="at",
        who=person("user__"),
        agency="agency__short_name",
    )


def _mates() -> ArraySubquery:
    """The other cases of the household, with the names of those whose identity is open."""
    found = Case.objects.filter(household_id=OuterRef("household_id")).exclude(pk=HERE)
    return _as_json(
        found.order_by("reference"),
        pk="pk",
        reference="reference",
        family_name="identity__family_name",
        given_name="identity__given_name",
    )


def _assemble(case: Case, found: Any) -> Dossier:
    result = Dossier()
    for note in found["found_notes"]:
        result.notes.setdefault(Category(note.pop("category")), []).append(_signed(note))
    result.changes = {Category(change.pop("category")): _signed(change) for change in found["found_changes"]}
    result.members = [HouseholdMember(**values) for values in found["found_members"]]
    result.references = [
        ForeignReference(number=one["number"], agency=Agency(short_name=one["agency"]))
        for one in found["found_numbers"]
    ]
    # Who lives with whom is family data, even where the other case is open to the member.
    if Category.FAMILY in case.levels:
        result.mates = found["found_mates"]
    return result


def _signed(values: dict[str, Any]) -> Signed:
    return Signed(
        who=values["who"],
        agency=values["agency"] or "",
        at=datetime.datetime.fromisoformat(values["at"]),
        text=values.get("text", ""),
    )
