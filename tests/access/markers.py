"""A case whose every text can be recognised wherever it turns up."""

from typing import Any

from django.db import models

from agencies import access
from agencies.cases import actions
from agencies.cases.models import SECTIONS, Case
from agencies.enums import Category
from agencies.models import Membership
from tests import factories

SECRET = "Qx{}qx"
AMOUNT = "7391.55"
AMOUNT_SHOWN = "7.391,55"


def marker(category: str, name: str) -> str:
    return SECRET.format(f"{category[:4]}{name[:3]}".title())


def texts(category: Category) -> dict[str, Any]:
    """A marker for each free text of a section, and an amount that nothing else amounts to."""
    values: dict[str, Any] = {}
    for field in SECTIONS[category]._meta.concrete_fields:
        if isinstance(field, models.EmailField):
            values[field.name] = f"{marker(category, field.name)}@example.org".lower()
        elif isinstance(field, models.CharField | models.TextField) and not field.choices:
            values[field.name] = marker(category, field.name)[: (field.max_length or 99) - 1]
        elif isinstance(field, models.DecimalField) and field.max_digits - field.decimal_places > 4:
            values[field.name] = AMOUNT
    return values


def words_of(category: Category) -> list[str]:
    """What must not turn up anywhere for somebody to whom the category is hidden."""
    written = [AMOUNT_SHOWN if value == AMOUNT else value for value in texts(category).values()]
    return [*written, SECRET.format(f"Note{category}")]


def marked_case(by: Membership) -> Case:
    """Every section, a note in every category, a change in each text, a relative and a file number."""
    sections = {category: texts(category) for category in Category if category != Category.IDENTITY}
    case = factories.open_case(
        by, family_name="Rawanpur", given_name="Sina", sections=sections, foreign_reference="AZ-4711"
    )
    with access.acting(by):
        for category in Category:
            actions.add_note(case, category=category, text=SECRET.format(f"Note{category}"), by=by)
        relative = {"relation": "child", "family_name": SECRET.format("Kind"), "given_name": "L"}
        actions.add_household_member(case, relative, by=by)
        for category, values in sections.items():
            old = {name: value for name, value in values.items() if "@" not in value and value != AMOUNT}
            new = {name: f"{value}2" for name, value in old.items()}
            actions.update_section(case, category, new, seen=old, by=by)
            actions.update_section(case, category, old, seen=new, by=by)
    return case
