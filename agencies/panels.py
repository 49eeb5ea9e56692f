"""The panels of the start page as data: what stands there, for whom, and which app's fragment fills it.

A panel names its pages by URL name only: the floors above own what it shows, and no import leads upwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership
from agencies.roles import Permission


@dataclass(frozen=True)
class Panel:
    """A card whose content ``fragment`` brings; ``page`` is the list behind it, also without JavaScript.

    ``column`` is 1 for what others want from us, 2 for our own cases.
    """

    title: Promise | str
    fragment: str
    page: str
    needs: tuple[Permission, ...]
    column: int = 1


@dataclass(frozen=True)
class Shortcut:
    """A quick action at the head of the start page."""

    label: Promise | str
    page: str
    icon: str
    needs: Permission


IN_BOX = (Permission.ANSWER_REFERRALS, Permission.ASSIGN_REFERRALS)
PANELS = (
    Panel(_("Fällig"), "referrals:panel_due", "referrals:inbox", (*IN_BOX, Permission.SEND_REFERRALS)),
    Panel(_("Neue Überweisungen"), "referrals:panel_new", "referrals:inbox", IN_BOX),
    Panel(
        _("Aufgaben aus Runden Tischen"),
        "roundtable:panel_commitments",
        "roundtable:commitments",
        (Permission.JOIN_MEETINGS,),
    ),
    Panel(_("Fristen in meinen Fällen"), "cases:panel_due", "cases:list", (Permission.OPEN_CASES,), 2),
    Panel(_("Meine Fälle"), "cases:panel_mine", "cases:list", (Permission.OPEN_CASES,), 2),
    Panel(
        _("Gesendet, noch offen"), "referrals:panel_waiting", "referrals:outbox", (Permission.SEND_REFERRALS,)
    ),
)
SHORTCUTS = (
    Shortcut(_("Fall anlegen"), "cases:create", "add", Permission.OPEN_CASES),
    Shortcut(_("Liste einlesen"), "cases:import", "download", Permission.IMPORT_CASES),
)


def address(name: str) -> str:
    """The address of a named page, or nothing while its app does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def panels_for(member: Membership) -> list[list[dict[str, Any]]]:
    """The columns of panels a member's role has use for; empty columns are left out."""
    columns: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    for panel in PANELS:
        if _may_any(member, panel.needs) and (fragment := address(panel.fragment)):
            row = {"title": panel.title, "fragment": fragment, "page": address(panel.page)}
            columns[panel.column].append(row)
    return [panels for panels in columns.values() if panels]


def shortcuts_for(member: Membership) -> list[dict[str, Any]]:
    """The quick actions a member's role allows."""
    return [
        {"label": shortcut.label, "url": url, "icon": shortcut.icon}
        for shortcut in SHORTCUTS
        if member.may(shortcut.needs) and (url := address(shortcut.page))
    ]


def _may_any(member: Membership, permissions: Iterable[Permission]) -> bool:
    return any(member.may(permission) for permission in permissions)
