"""How a case reads in German: every field as a labelled text, for pages, previews and snapshots."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from agencies.cases.birthdates import PartialDate
from agencies.cases.models import SECTIONS, Case, ForeignReference, HouseholdMember
from agencies.cases.sections import Section
from agencies.enums import Category

BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")
#: The code by which every vocabulary of the file says "not asked yet"; shown as nothing.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Row:
    """One line of a section: the field's name, its German label and its value as text."""

    name: str
    label: str
    value: str


def section_of(case: Case, category: Category) -> Section | None:
    """The section of a fetched case; None where it is hidden from the acting member."""
    return getattr(case, SECTIONS[category]._meta.model_name or "", None)


def fields_of(model: type[Section]) -> list[Field]:
    """The fields of a section that a user fills in."""
    return [field for field in model._meta.concrete_fields if field.name != "case"]


def is_untouched(section: Section) -> bool:
    """Whether nothing has been entered yet: a "nein" or a 0 then means nothing and is not shown."""
    return all(getattr(section, field.name) == field.get_default() for field in fields_of(type(section)))


def section_rows(section: Section) -> list[Row]:
    """Every field of a section in its order; the parts of the birth date are one row; empty is ""."""
    untouched = is_untouched(section)
    rows = []
    for field in fields_of(type(section)):
        if field.name == "birth_year":
            rows.append(Row("birth_date", _("Geburtsdatum"), birth_date_text(section)))
        elif field.name not in BIRTH_PARTS:
            text = "" if untouched else value_text(field, getattr(section, field.name))
            rows.append(Row(field.name, str(field.verbose_name), text))
    return rows


def birth_date_text(holder: Any) -> str:
    """Birth date of a person or household member, such as 00.05.1990; "" when nothing is known."""
    if holder.birth_year is None:
        return ""
    try:
        return str(PartialDate(holder.birth_year, holder.birth_month, holder.birth_day))
    except ValueError:
        return str(holder.birth_year)


def value_text(field: Field, value: Any) -> str:
    """One stored value as a clerk reads it."""
    if isinstance(field, ArrayField):
        return ", ".join(value_text(field.base_field, item) for item in value or [])
    if value is None or value in {"", UNKNOWN}:
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, datetime.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return _decimal_text(value)
    return str(value)


def _decimal_text(value: Decimal) -> str:
    """Money keeps its cents; halves of hours and rooms show a comma only where there is one."""
    whole = value == value.to_integral_value()
    exponent = value.as_tuple().exponent
    places = 0 if whole and isinstance(exponent, int) and exponent > -2 else None
    return formats.number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


def last_day(end: datetime.datetime) -> datetime.date:
    """The last day on which data are seen, from the moment they end: midnight ends the day before."""
    return timezone.localdate(end - datetime.timedelta(microseconds=1))


def member_row(member: HouseholdMember) -> Row:
    """A member of the household as one line."""
    name = f"{member.family_name}, {member.given_name}"
    born = birth_date_text(member)
    text = _("{name}, geboren {date}").format(name=name, date=born) if born else name
    return Row("household_member", member.get_relation_display(), text)


def reference_row(reference: ForeignReference) -> Row:
    """An agency's own file number as one line."""
    label = _("Aktenzeichen {agency}").format(agency=reference.agency.short_name)
    return Row("foreign_reference", label, reference.number)


def category_rows(case: Case, category: Category) -> list[Row]:
    """A category with what hangs on it: file numbers with identity, household members with family."""
    section = section_of(case, category)
    rows = section_rows(section) if section else []
    if category == Category.IDENTITY:
        rows += [reference_row(r) for r in case.foreign_references.select_related("agency").order_by("pk")]
    if category == Category.FAMILY:
        rows += [member_row(member) for member in case.household_members.order_by("pk")]
    return rows


def frozen(case: Case, categories: Iterable[Category]) -> dict[str, list[dict[str, str]]]:
    """What a recipient of these categories reads now, as plain data; no empty lines, no notes."""
    return {
        str(Category(category).value): [
            {"name": row.name, "label": row.label, "value": row.value}
            for row in category_rows(case, Category(category))
            if row.value
        ]
        for category in categories
    }
