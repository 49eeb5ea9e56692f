"""The ways around the portal as data: what stands in the main navigation, the account menu and the footer."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership
from agencies.roles import Permission


@dataclass(frozen=True)
class Entry:
    """A link: words, page, prefix under which it is current, permissions of which one is needed."""

    label: Promise | str
    page: str
    prefix: str = ""
    needs: tuple[str, ...] = ()
    count: str = ""


CASEWORK = ("view_cases", "answer_referrals", "send_referrals")
REFERRALS = ("answer_referrals", "send_referrals", "assign_referrals")

MAIN = (
    Entry(_("Arbeitsplatz"), "agencies:start", "/arbeitsplatz/"),
    Entry(_("Fälle"), "cases:list", "/faelle/", CASEWORK),
    Entry(_("Überweisungen"), "referrals:inbox", "/ueberweisungen/", REFERRALS, "referrals"),
    Entry(_("Runder Tisch"), "roundtable:list", "/runder-tisch/", ("join_meetings",)),
    Entry(_("Einlesen"), "cases:import", "/einlesen/", ("import_cases",)),
    Entry(_("Zugriffsprotokoll"), "agencies:read_log", "/zugriffe/", ("read_log",)),
    Entry(_("Zugänge"), "agencies:members", "/zugaenge/", ("manage_members",)),
    Entry(_("Stelle"), "agencies:settings", "/stelle/", ("agency_settings",)),
)
USER = (
    Entry(_("Meine Stellen"), "agencies:switch"),
    Entry(_("Stellen im Kreis"), "agencies:directory"),
    Entry(_("Wer darf was"), "agencies:roles"),
    Entry(_("Passwort ändern"), "account_change_password"),
)
FOOTER = (
    Entry(_("Stellen im Kreis"), "agencies:directory"),
    Entry(_("Wer darf was"), "agencies:roles"),
)


def _reachable(entries: tuple[Entry, ...], member: Membership | None) -> list[tuple[Entry, str]]:
    """Entries whose page exists and for which the member holds one of the needed permissions."""
    found = []
    for entry in entries:
        if entry.needs and not (member and any(member.may(Permission(need)) for need in entry.needs)):
            continue
        try:
            found.append((entry, reverse(entry.page)))
        except NoReverseMatch:
            continue
    return found


def main_items(member: Membership, path: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The main navigation; the entry with the longest fitting address is the current one."""
    entries = _reachable(MAIN, member)
    fitting = [len(prefix) for entry, url in entries if path.startswith(prefix := entry.prefix or url)]
    return [
        {
            "label": entry.label,
            "url": url,
            "count": counts.get(entry.count, 0),
            "current": bool(fitting)
            and path.startswith(prefix := entry.prefix or url)
            and len(prefix) == max(fitting),
        }
        for entry, url in entries
    ]


def user_items(member: Membership | None) -> list[dict[str, Any]]:
    """The links of the account menu; none for someone who is not logged in."""
    return (
        []
        if member is None
        else [{"label": entry.label, "url": url} for entry, url in _reachable(USER, member)]
    )


def footer_items(member: Membership | None) -> list[dict[str, Any]]:
    """The links at the foot; under DEBUG the gallery too."""
    entries = _reachable(FOOTER, member) if member is not None else []
    items = [{"label": entry.label, "url": url} for entry, url in entries]
    if settings.DEBUG:
        items += [
            {"label": _("Galerie"), "url": url} for _entry, url in _reachable((Entry("", "gallery"),), member)
        ]
    return items
