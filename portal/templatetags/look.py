"""The components of Kreisrund's look as template tags: `{% load look %}` (shown at /galerie/ under DEBUG)."""

import datetime
from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

LEVEL_ICONS = {
    "neutral": "dot",
    "info": "info",
    "success": "success",
    "warning": "warning",
    "danger": "danger",
}
# Icons that KERN lacks; drawn in static/kreisrund/icons, masked in css/icons.css.
OWN_ICONS = {"dot", "clock", "lock", "people", "inbox", "outbox", "undo", "message", "sort", "folder"}

BADGE_END = mark_safe("</span>")


@register.simple_tag
def icon(name: str, size: str = "") -> str:
    """A decorative icon; the words beside it carry the meaning."""
    family = "kr-icon" if name in OWN_ICONS else "kern-icon"
    extra = f"{family}--{name}" + (f" kern-icon--{size}" if size else "")
    return format_html('<span class="kern-icon {}" aria-hidden="true"></span>', extra)


@register.simple_tag
def badge(text: str, level: str = "neutral", icon: str = "") -> str:
    """A status: words and icon, colour only as a third hint; neutral, info, success, warning or danger."""
    return _badge(level, icon) + conditional_escape(text) + BADGE_END


@cache
def _badge(level: str, icon: str) -> SafeString:
    """Everything before the words; a list shows the same few again and again."""
    name = icon or LEVEL_ICONS[level]
    family = "kr-icon" if name in OWN_ICONS else "kern-icon"
    mark = format_html('<span class="kern-icon {}--{}" aria-hidden="true"></span>', family, name)
    return format_html('<span class="kr-badge kr-badge--{}">{}', level, mark)


def _day(value: datetime.date) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.simple_tag
def due(value: datetime.date | None, soon: int = 3) -> str:
    """How far away a due date is, in calendar days; nothing when there is none."""
    if value is None:
        return ""
    day = _day(value)
    days = (day - timezone.localdate()).days
    if days < 0:
        level = "danger"
        text = ngettext("seit %(n)s Tag überfällig", "seit %(n)s Tagen überfällig", -days) % {"n": -days}
    elif days == 0:
        level, text = "warning", _("heute fällig")
    elif days == 1:
        level, text = "warning", _("morgen fällig")
    else:
        level = "warning" if days <= soon else "neutral"
        text = _("fällig in %(n)s Tagen") % {"n": days}
    return _clock(text, level, day)


@register.simple_tag
def waiting(working_days: int, warn: int = 5, alarm: int = 10) -> str:
    """How long an answer is missing, in working days; the agency's own limits colour it."""
    level = "danger" if working_days >= alarm else "warning" if working_days >= warn else "neutral"
    if working_days == 0:
        return _clock(_("seit heute ohne Antwort"), level)
    text = ngettext(
        "seit %(n)s Arbeitstag ohne Antwort", "seit %(n)s Arbeitstagen ohne Antwort", working_days
    )
    return _clock(text % {"n": working_days}, level)


def _clock(text: str, level: str, day: datetime.date | None = None) -> str:
    name = "clock" if level == "neutral" else LEVEL_ICONS[level]
    mark = icon(name, "small")
    if day is None:
        return format_html('<span class="kr-clock kr-clock--{}">{}{}</span>', level, mark, text)
    return format_html(
        '<time class="kr-clock kr-clock--{}" datetime="{}">{}{}</time>', level, day.isoformat(), mark, text
    )


@register.filter
def or_dash(value: Any) -> Any:
    """The value, or a dash that is read out as "keine Angabe"."""
    if value is None or value == "":
        return format_html(
            '<span class="kr-none" aria-hidden="true">–</span><span class="kern-sr-only">{}</span>',
            _("keine Angabe"),
        )
    return value


@register.simple_tag
def fact(label: str, value: Any = "", meta: str = "") -> str:
    """One line of `<dl class="kr-facts">`; `meta` says where the value comes from."""
    note = format_html('<span class="kr-facts__meta">{}</span>', meta) if meta else ""
    return format_html("<div><dt>{}</dt><dd><bdi>{}</bdi>{}</dd></div>", label, or_dash(value), note)


@register.inclusion_tag("components/progress.html")
def progress(value: int, total: int, label: str, url: str = "", done: bool = False) -> dict[str, Any]:
    """A progress bar; with `url` it asks for its successor every second until `done`."""
    percent = 100 if done else min(99, round(100 * value / total)) if total else 0
    return {"value": value, "total": total, "label": label, "url": url, "done": done, "percent": percent}


def _block(name: str, **values: Any) -> SafeString:
    return render_to_string(f"components/{name}.html", values)


@register.simple_block_tag
def page_header(content: SafeString, title: str, lead: str = "", preline: str = "") -> SafeString:
    """The page's only h1, with a lead and, as content, the actions at its end."""
    return _block("page_header", actions=content, title=title, lead=lead, preline=preline)


@register.simple_block_tag
def card(
    content: SafeString,
    title: str,
    id: str = "",
    meta: str = "",
    url: str = "",
    action: str = "",
    level: int = 2,
) -> SafeString:
    """A section with a heading; `url` and `action` put one link beside the heading."""
    values = {"title": title, "id": id, "meta": meta, "url": url, "action": action, "level": level}
    return _block("card", content=content, **values)


@register.simple_block_tag
def notice(content: SafeString, level: str, title: str, live: bool = False) -> SafeString:
    """A message that belongs to the page. Levels: info, success, warning, danger."""
    return _block("notice", content=content, level=level, title=title, live=live)


@register.simple_block_tag
def empty(content: SafeString, title: str, icon: str = "check") -> SafeString:
    """What a list says when nothing is in it; content: what to do next."""
    return _block("empty", content=content, title=title, icon=icon)


@register.simple_block_tag
def table(content: SafeString, caption: str, stacked: bool = True, show_caption: bool = False) -> SafeString:
    """A data table in a scroll region; `stacked`: rows become cards on narrow screens (by data-label)."""
    return _block("table", content=content, caption=caption, stacked=stacked, show_caption=show_caption)


@register.simple_block_tag
def dialog(content: SafeString, title: str, lead: str = "") -> SafeString:
    """The page a `data-dialog` link opens: shown in a dialog with JavaScript, as a page without."""
    return _block("dialog", content=content, title=title, lead=lead)


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(
    here: str, label1: str = "", url1: str = "", label2: str = "", url2: str = ""
) -> dict[str, Any]:
    """The way here: at most two levels above the page, as label and address."""
    return {"here": here, "label1": label1, "url1": url1, "label2": label2, "url2": url2}
