"""The kept changes of a case as people read them: who, when, from what to what."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases.birthdates import PartialDate
from agencies.cases.models import Case, CaseChange, HouseholdMember
from agencies.cases.presentation import BIRTH_PARTS, member_row, value_text
from agencies.cases.sections import SECTIONS
from agencies.enums import Category
from agencies.models import Agency, Membership, Team

#: Frame fields that point to rows: the model whose name is shown.
POINTERS = {"lead_agency_id": Agency, "lead_team_id": Team, "manager_id": Membership}
FRAME = ""


def _person_text(values: Mapping[str, Any] | None) -> str:
    fields = {field.name for field in HouseholdMember._meta.fields}
    row = member_row(HouseholdMember(**{k: v for k, v in values.items() if k in fields})) if values else None
    return f"{row.value} ({row.label})" if row else ""


def _number_text(values: Mapping[str, Any] | None) -> str:
    return str(values["number"]) if values else ""


#: Rows that hang on a section and come and go as a whole: what they are called, how they are written.
PARTS: dict[str, tuple[Any, Callable[[Mapping[str, Any] | None], str]]] = {
    "household_member": (gettext_lazy("Haushaltsmitglied"), _person_text),
    "foreign_reference": (gettext_lazy("Aktenzeichen der Stelle"), _number_text),
}


@dataclass(frozen=True)
class Line:
    """One field: what stood there, what stands there now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One act of changing."""

    at: datetime.datetime
    who: str
    agency: str
    part: str
    lines: list[Line]


def changes_of(case: Case, categories: Iterable[str]) -> QuerySet[CaseChange]:
    """The changes of these parts of a case, newest first; the frame is the empty category."""
    found = CaseChange.objects.filter(case=case, category__in=list(categories))
    return found.select_related("user", "agency").order_by("-at", "-pk")


def entries(changes: Iterable[CaseChange]) -> list[Entry]:
    """Changes in German."""
    changes = list(changes)
    names = _pointed_names(changes)
    return [
        Entry(
            at=change.at,
            who=(change.user.get_full_name() or change.user.get_username())
            if change.user
            else _("Das System"),
            agency=change.agency.short_name if change.agency else "",
            part=str(Category(change.category).label) if change.category else _("Fall"),
            lines=_lines(change, names),
        )
        for change in changes
    ]


def _lines(change: CaseChange, names: Mapping[tuple[str, Any], str]) -> list[Line]:
    model = SECTIONS[Category(change.category)] if change.category else Case
    before, after = dict(change.before), dict(change.after)
    lines = []
    if any(part in after for part in BIRTH_PARTS):
        lines.append(_birth_line(before, after))
    for name in after:
        if name in BIRTH_PARTS:
            continue
        if name in POINTERS:
            label = str(Case._meta.get_field(name.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]
            lines.append(Line(label, names.get((name, before[name]), ""), names.get((name, after[name]), "")))
        elif name == "household_id":
            lines.append(Line(_("Haushalt"), "", _("mit einem anderen Fall verbunden")))
        elif name in PARTS:
            label, text = PARTS[name]
            lines.append(Line(str(label), text(before[name]), text(after[name])))
        else:
            lines.append(_line(model, name, before[name], after[name]))
    return lines


def _line(model: Any, name: str, before: Any, after: Any) -> Line:
    try:
        field = model._meta.get_field(name)
        return Line(
            str(field.verbose_name),
            value_text(field, field.to_python(before)),
            value_text(field, field.to_python(after)),
        )
    except (FieldDoesNotExist, ValidationError):  # a field of an older version of the model
        return Line(name, str(before or ""), str(after or ""))


def _birth_line(before: Mapping[str, Any], after: Mapping[str, Any]) -> Line:
    """Only changed parts are kept: an unchanged one is shown as dots."""

    def text(values: Mapping[str, Any]) -> str:
        day, month, year = (values.get(part, ...) for part in reversed(BIRTH_PARTS))
        if ... not in (day, month, year):
            return str(PartialDate(year, month, day))
        parts = (("…" if part is ... else f"{part or 0:02}") for part in (day, month, year))
        return ".".join(parts)

    return Line(_("Geburtsdatum"), text(before), text(after))


def _pointed_names(changes: list[CaseChange]) -> dict[tuple[str, Any], str]:
    """The names behind the keys of frame changes, one query per kind."""
    found: dict[tuple[str, Any], str] = {}
    for name, model in POINTERS.items():
        keys = {side.get(name) for change in changes for side in (change.before, change.after)} - {None}
        if keys:
            related = {Membership: ("user", "agency"), Team: ("agency",)}.get(model, ())
            rows = model.objects.filter(pk__in=keys).select_related(*related)  # type: ignore[attr-defined]
            found |= {(name, row.pk): str(row) for row in rows}
    return found
