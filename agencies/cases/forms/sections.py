"""One form per data category, made from the section's own model."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases.birthdates import PartialDate
from agencies.cases.forms.fields import (
    BirthDateField,
    GermanDateField,
    GermanDecimalField,
    LinesField,
    PlainCharField,
    PostcodeField,
    ReadableEmailField,
)
from agencies.cases.presentation import BIRTH_PARTS, fields_of
from agencies.cases.sections import SECTIONS, Section
from agencies.enums import Category

SEEN_SALT = "cases.seen"
Groups = tuple[tuple[Promise | str, tuple[str, ...]], ...]

#: Per category the headings of its form and the fields under each; others stand under no heading.
GROUPS: dict[Category, Groups] = {
    Category.IDENTITY: (
        (gettext_lazy("Name"), ("family_name", "given_name", "original_name", "other_spellings")),
        (gettext_lazy("Person"), ("birth_date", "birth_place", "gender", "nationality")),
    ),
    Category.CONTACT: (
        (gettext_lazy("Anschrift"), ("street", "care_of", "postcode", "town")),
        (
            gettext_lazy("Erreichbarkeit"),
            ("phone", "email", "preferred_language", "interpreter_needed"),
        ),
    ),
    Category.RESIDENCE: (
        (gettext_lazy("Status"), ("kind", "work_permission", "valid_from", "valid_until")),
        (gettext_lazy("Einreise und Anerkennung"), ("entered_on", "recognised_on")),
        (gettext_lazy("Wohnsitzauflage"), ("residence_requirement", "requirement_until")),
    ),
    Category.LANGUAGE: (
        (gettext_lazy("Deutsch"), ("german_level", "certified_level", "certified_on", "literacy")),
        (gettext_lazy("Integrationskurs"), ("course_status", "course_ends_on")),
        (gettext_lazy("Andere Sprachen"), ("mother_tongue", "other_languages")),
    ),
}


class SectionForm(forms.ModelForm):
    """Edits one section and carries, signed, the values it was made from."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    groups: Groups = ()

    def __init__(self, data: Any = None, *, instance: Section, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, **kwargs)
        self.section_key = f"{instance.category}:{instance.case_id}"
        self.initial["seen"] = signing.dumps([self.section_key, snapshot(instance)], salt=SEEN_SALT)
        if "birth_date" in self.fields:
            parts = (getattr(instance, name) for name in BIRTH_PARTS)
            self.initial["birth_date"] = PartialDate(*parts)
            self.order_fields([name for _legend, names in self.groups for name in names])

    def clean_seen(self) -> dict[str, Any]:
        """The values the user was shown."""
        try:
            key, values = signing.loads(self.cleaned_data["seen"], salt=SEEN_SALT)
        except (signing.BadSignature, ValueError):
            key, values = "", {}
        if key != self.section_key:
            raise ValidationError(_("Das Formular ist veraltet. Bitte laden Sie die Seite neu."))
        model = type(self.instance)
        return {name: model._meta.get_field(name).to_python(value) for name, value in values.items()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        born = data.pop("birth_date", None)
        if born is not None:
            parts = dict(zip(BIRTH_PARTS, (born.year, born.month, born.day), strict=True))
            data |= parts
            for name, value in parts.items():  # the instance is a copy that only shows what was typed
                setattr(self.instance, name, value)
        return data

    @property
    def touched(self) -> dict[str, Any]:
        """What the user changed against what they were shown; the rest is left as others may have made it."""
        seen = self.cleaned_data["seen"]
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "seen" and value != seen.get(name)
        }

    def ticked_languages(self) -> str:
        """What is ticked in the long list of languages, for the line that folds it."""
        chosen = set(self["other_languages"].value() or [])
        labels = dict(self.fields["other_languages"].choices)  # type: ignore[attr-defined]
        return ", ".join(str(label) for code, label in labels.items() if code in chosen)

    def fieldsets(self) -> list[tuple[Promise | str, list[forms.BoundField]]]:
        """The visible fields under their headings."""
        grouped = [(legend, [self[name] for name in names]) for legend, names in self.groups]
        return grouped or [("", self.visible_fields())]


def snapshot(section: Section) -> dict[str, Any]:
    """The values of a section as JSON can carry them; a field's ``to_python`` reads them back."""
    return {field.name: _json_value(getattr(section, field.name)) for field in fields_of(type(section))}


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _form_field(field: models.Field, **kwargs: Any) -> forms.Field | None:
    """The form field for a section's field: German dates and amounts, plain text, boxes for lists."""
    common: dict[str, Any] = {
        "label": field.verbose_name,
        "help_text": field.help_text,
        "required": not field.blank,
    }
    if isinstance(field, ArrayField):
        return _list_field(field, common)
    if isinstance(field, models.DateField):
        return GermanDateField(**common)
    if isinstance(field, models.DecimalField):
        return GermanDecimalField(max_digits=field.max_digits, decimal_places=field.decimal_places, **common)
    if field.choices:
        return _choice_field(field, common)
    if isinstance(field, models.TextField):
        widget = forms.Textarea(attrs={"rows": 4})
        return PlainCharField(max_length=field.max_length, widget=widget, **common)
    if isinstance(field, models.EmailField):
        return ReadableEmailField(max_length=field.max_length, **common)
    if field.name == "postcode":
        return PostcodeField(max_length=field.max_length, **common)
    if isinstance(field, models.CharField):
        return PlainCharField(max_length=field.max_length, **common)
    made = field.formfield(**kwargs)
    if isinstance(field, models.IntegerField) and made is not None:
        made.widget = forms.TextInput(attrs={"class": "kr-short", "inputmode": "numeric"})
    return made


def _list_field(field: ArrayField, common: Mapping[str, Any]) -> forms.Field:
    if field.base_field.choices:
        boxes = forms.CheckboxSelectMultiple(attrs={"class": "kr-check__box"})
        return forms.MultipleChoiceField(choices=field.base_field.choices, widget=boxes, **common)
    return LinesField(
        item_length=field.base_field.max_length or 240, **{**common, "help_text": _("eine je Zeile")}
    )


def _choice_field(field: models.Field, common: Mapping[str, Any]) -> forms.Field:
    if field.blank:
        return forms.ChoiceField(choices=[("", gettext_lazy("keine Angabe")), *field.flatchoices], **common)
    # Something is always chosen ("nicht bekannt" to begin with): no mark that asks for an entry.
    return forms.ChoiceField(choices=field.flatchoices, **{**common, "required": False})


@cache
def section_form(category: Category) -> type[SectionForm]:
    """The form class of a category."""
    model = SECTIONS[category]
    names = [field.name for field in fields_of(model) if field.name not in BIRTH_PARTS]
    attrs: dict[str, Any] = {"groups": GROUPS.get(category, ())}
    if category == Category.IDENTITY:
        attrs["birth_date"] = BirthDateField()
    base = type(f"{model.__name__}Base", (SectionForm,), attrs)
    made: Any = forms.modelform_factory(model, form=base, fields=names, formfield_callback=_form_field)
    return made
