"""Tags for long lists: sort links, filter form, pagination and the bar for selected rows."""

from typing import Any

from django import template
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.templatetags.look import icon

register = template.Library()


def _query(context: Context, **changes: Any) -> str:
    """The current query string with changes; any change but `page` leads back to the first page."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_header(context: Context, label: str, key: str, default: str = "", numeric: bool = False) -> str:
    """A heading that sorts by `?sort=key`, again by `?sort=-key`; `default` is the order without either."""
    request = context.get("request")
    current = (request.GET.get("sort") if request else "") or default
    ascending, descending = current == key, current == f"-{key}"
    state = "ascending" if ascending else "descending" if descending else "none"
    mark = icon("arrow-up" if ascending else "arrow-down" if descending else "sort", "small")
    return format_html(
        '<th scope="col" class="kr-sort{}" aria-sort="{}"><a href="{}">{}{}</a></th>',
        " kr-num" if numeric else "",
        state,
        _query(context, sort=f"-{key}" if ascending else key),
        label,
        mark,
    )


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: Context, page: Any, total: int | None = None, capped: bool = False, noun: str = ""
) -> dict[str, Any]:
    """First, previous, next. `page` is a Django page or anything with its numbers; `capped`: "mehr als …"."""
    number = page.number
    if total is None:
        total = page.paginator.count
    return {
        "page": page,
        "number": number,
        "total": total,
        "capped": capped,
        "noun": noun or _("Einträge"),
        "first": _query(context, page=None) if number > 1 else "",
        "previous": _query(context, page=number - 1) if page.has_previous() else "",
        "next": _query(context, page=number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("components/filter_form.html", takes_context=True)
def filter_form(context: Context, form: BaseForm, label: str = "") -> dict[str, Any]:
    """A GET form over a list; it keeps the sort order and offers a way back to everything."""
    request = context.get("request")
    active = form.is_bound and any(form.data.get(form.add_prefix(name)) for name in form.fields)
    sort = request.GET.get("sort", "") if request else ""
    return {"form": form, "label": label or _("Liste filtern"), "active": active, "sort": sort}


@register.inclusion_tag("components/bulk_all.html")
def bulk_all() -> dict[str, Any]:
    """The heading cell whose box selects every row of the page."""
    return {}


@register.inclusion_tag("components/bulk_cell.html")
def bulk_cell(value: Any, label: str, name: str = "selected") -> dict[str, Any]:
    """The first cell of a row with its box; `label` names the row for screen readers."""
    return {"value": value, "label": label, "name": name}


@register.simple_block_tag
def bulk_bar(content: SafeString) -> SafeString:
    """The bar for selected rows: a count, and as content the buttons, inside the table's form."""
    return render_to_string("components/bulk_bar.html", {"content": content})
