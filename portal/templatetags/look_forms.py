"""Tags inside the form templates: widgets with KERN's classes, and errors that lead to their fields."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

register = template.Library()

CHECKS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.filter
def kind(field: BoundField) -> str:
    """The layout a field takes: hidden, check, choices, group (several inputs), select, multiple or input."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.MultiWidget):
        return "group"
    if isinstance(widget, forms.Select):
        return "multiple" if widget.allow_multiple_selected else "select"
    return "input"


@register.simple_tag
def kern_widget(field: BoundField) -> SafeString:
    """The field's widget with KERN's class for its kind, keeping the classes it already has."""
    widget = field.field.widget
    base = "kern-form-input__select" if isinstance(widget, forms.Select) else "kern-form-input__input"
    if isinstance(widget, forms.CheckboxInput):
        base = "kr-check__box"
    if isinstance(widget, forms.ClearableFileInput | forms.FileInput):
        base = "kr-file"
    wrong = f" {base}--error" if field.errors and not isinstance(widget, CHECKS) else ""
    own = widget.attrs.get("class", "")
    attrs: dict[str, str | bool] = {"class": f"{base}{wrong} {own}".strip()}
    if widget.attrs.get("placeholder") == field.label:
        attrs["placeholder"] = ""  # a placeholder that repeats the label is noise
    return field.as_widget(attrs=attrs)


@register.simple_tag
def kern_option(option: BoundWidget, field: BoundField) -> SafeString:
    """One box of a group; an error is announced at each of its boxes."""
    option.data["attrs"]["class"] = "kr-check__box"
    if field.errors:
        option.data["attrs"]["aria-invalid"] = "true"
    return option.tag()


@register.simple_tag
def first_box(field: BoundField) -> str:
    """The id that an error link jumps to: a group has no box of the field's own id."""
    if field.field.widget.is_hidden:
        return ""
    if kind(field) == "choices":
        return field.subwidgets[0].id_for_label if field.subwidgets else ""
    return field.id_for_label or field.auto_id


@register.filter
def grouped(field: BoundField) -> list[tuple[str | None, list[BoundWidget]]]:
    """The options of a choice field as (group label or None, options), so optgroups become headings."""
    groups: list[tuple[str | None, list[BoundWidget]]] = []
    labels = _group_labels(field.field.widget.choices)
    for option in field.subwidgets:
        label = labels.get(str(option.data["value"]))
        if not groups or groups[-1][0] != label:
            groups.append((label, []))
        groups[-1][1].append(option)
    return groups


def _group_labels(choices: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, list | tuple):
            found.update({str(inner): str(value) for inner, _ in label})
    return found
