"""Turns an interpreted row into a case to be opened, and names at the field what the case file refuses."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from agencies.cases.importing.rows import Row
from agencies.cases.importing.targets import NEEDED, TARGETS
from agencies.cases.models import Household
from agencies.cases.opening import NewCase
from agencies.cases.sections import SECTIONS
from agencies.enums import Category

#: Target keys whose field has another name.
_RENAMED = {
    "residence_kind": (Category.RESIDENCE, "kind"),
    "residence_from": (Category.RESIDENCE, "valid_from"),
    "residence_until": (Category.RESIDENCE, "valid_until"),
}
#: Not fields of a section: joined before, or kept beside the sections.
_APART = {"full_name", "postcode_town", "house_number", "mobile"}
_APART |= {"birth_date", "foreign_reference", "household_reference", "remark"}
MAX_SCHOOL_YEARS = 25


@cache
def places() -> dict[str, tuple[Category, str]]:
    """Target key → section and field."""
    found = {}
    for target in TARGETS:
        if target.key in _APART:
            continue
        owners = [
            category
            for category, model in SECTIONS.items()
            if target.key in {field.name for field in model._meta.fields}
        ]
        found[target.key] = _RENAMED.get(target.key) or (owners[0], target.key)
    return found


def sections_of(values: Mapping[str, Any]) -> dict[Category, dict[str, Any]]:
    """Fields of the sections, by category."""
    sections: dict[Category, dict[str, Any]] = {Category.IDENTITY: {}}
    for key, value in values.items():
        if key in places():
            category, name = places()[key]
            sections.setdefault(category, {})[name] = value
    identity = sections[Category.IDENTITY]
    if isinstance(spellings := identity.get("other_spellings"), str):
        parts = (part.strip() for part in re.split(r"[,;/\n]", spellings))
        identity["other_spellings"] = [part for part in parts if part]
    if born := values.get("birth_date"):
        identity |= {"birth_year": born.year, "birth_month": born.month, "birth_day": born.day}
    return sections


def settle(row: Row) -> None:
    """Sort out what the models refuse: an error where the field is needed, else the field stays empty."""
    for key, message in _faults(row.values):
        if key in NEEDED:
            row.errors.append((key, message))
        else:
            row.values.pop(key, None)
            row.gaps.append((key, message))


def _faults(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Target key and German sentence for what the models refuse; constraints of the database come later."""
    keys = {place: key for key, place in places().items()}
    found: list[tuple[str, str]] = []
    for category, fields in sections_of(values).items():
        for name, value in fields.items():
            if message := _refusal(category, name, value):
                found.append((keys.get((category, name), "birth_date"), message))
    years = values.get("school_years")
    if years is not None and not 0 <= years <= MAX_SCHOOL_YEARS:
        text = _("Die Zahl der Schuljahre muss zwischen 0 und %(most)s liegen.") % {"most": MAX_SCHOOL_YEARS}
        found = [fault for fault in found if fault[0] != "school_years"] + [("school_years", text)]
    return found


def _refusal(category: Category, name: str, value: Any) -> str:
    field = SECTIONS[category]._meta.get_field(name)
    assert isinstance(field, Field)
    if field.blank and value in field.empty_values:
        return ""
    if field.choices and isinstance(value, str):
        return _choice_refusal(category, name, value)
    return _clean(field, value)


@lru_cache(maxsize=2048)
def _choice_refusal(category: Category, name: str, value: str) -> str:
    """Django walks the whole list of countries for each value; there are few different ones in a file."""
    return _clean(SECTIONS[category]._meta.get_field(name), value)


def _clean(field: Any, value: Any) -> str:
    try:
        field.clean(value, None)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def household_key(values: Mapping[str, Any]) -> str:
    """Digest of the agency's number of the household; empty without one."""
    number = re.sub(r"\W", "", str(values.get("household_reference", ""))).casefold()
    return hashlib.sha256(f"household\x1f{number}".encode()).hexdigest()[:32] if number else ""


def new_case(values: Mapping[str, Any], *, household: Household | None) -> NewCase:
    """The case of one row. A remark may hold anything, so it goes where nothing is passed on by default."""
    sections = sections_of(values)
    remark = values.get("remark", "")
    return NewCase(
        identity=sections.pop(Category.IDENTITY),
        sections=sections,
        household=household,
        foreign_reference=str(values.get("foreign_reference", "")),
        household_reference=str(values.get("household_reference", "")),
        notes=[(Category.HEALTH, remark)] if remark else [],
    )


def display_name(values: Mapping[str, Any]) -> str:
    """As clerks file it, or what there is of it."""
    return ", ".join(filter(None, (values.get("family_name", ""), values.get("given_name", ""))))
