"""Who may do what inside an agency: roles, permissions and the table between them, as plain data."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """One act a role may allow; the value is the name templates use (``may.open_cases``)."""

    VIEW_CASES = "view_cases", _("Fälle lesen, die der eigenen Stelle offenstehen")
    OPEN_CASES = "open_cases", _("Fälle anlegen")
    EDIT_CASES = "edit_cases", _("Fälle bearbeiten und Notizen schreiben")
    ASSIGN_CASES = "assign_cases", _("Fallmanager/in und Team eines Falls bestimmen")
    MOVE_LEAD = "move_lead", _("Federführung abgeben")
    DISCLOSE = "disclose", _("Daten an andere Stellen übermitteln und Übermittlungen beenden")
    DISCLOSE_IMMIGRATION = (
        "disclose_immigration",
        _("Über Übermittlungen an die Ausländerbehörde entscheiden"),
    )
    IMPORT_CASES = "import_cases", _("Falllisten einlesen")
    EXPORT = "export", _("Sichtbare Listen als Datei ausgeben")
    SEND_REFERRALS = "send_referrals", _("Überweisungen senden und abschließen")
    ANSWER_REFERRALS = "answer_referrals", _("Überweisungen annehmen, bearbeiten und beantworten")
    ASSIGN_REFERRALS = "assign_referrals", _("Überweisungen im Eingang verteilen")
    JOIN_MEETINGS = "join_meetings", _("An Runden Tischen der eigenen Stelle teilnehmen")
    MODERATE_MEETINGS = "moderate_meetings", _("Runde Tische einrichten und Sitzungen moderieren")
    ALL_TEAMS = "all_teams", _("Fälle aller Teams der eigenen Stelle sehen")
    READ_LOG = "read_log", _("Zugriffsprotokoll der eigenen Stelle einsehen")
    MANAGE_MEMBERS = "manage_members", _("Zugänge einladen, ändern und sperren")
    AGENCY_SETTINGS = "agency_settings", _("Kapazität und Fristen der Stelle pflegen")


class Role(models.TextChoices):
    FALLMANAGEMENT = "fallmanagement", _("Fallmanagement")
    SACHBEARBEITUNG = "sachbearbeitung", _("Sachbearbeitung")
    EINGANG = "eingang", _("Eingangssteuerung")
    FACHDIENST = "fachdienst", _("Fachdienst")
    TEAMLEITUNG = "teamleitung", _("Teamleitung")
    LEITUNG = "leitung", _("Leitung")
    DATENSCHUTZ = "datenschutz", _("Datenschutz")
    KURSBUERO = "kursbuero", _("Kursbüro")
    REDAKTION = "redaktion", _("Redaktion")
    VERWALTUNG = "verwaltung", _("Technische Verwaltung")


@dataclass(frozen=True)
class RoleRule:
    """A row of the role table: what the role may do, and the sentence that explains it."""

    sentence: Promise | str
    permissions: frozenset[Permission]


P = Permission
_CASEWORK = {
    P.VIEW_CASES,
    P.EDIT_CASES,
    P.SEND_REFERRALS,
    P.ANSWER_REFERRALS,
    P.EXPORT,
    P.JOIN_MEETINGS,
}

ROLE_TABLE: dict[Role, RoleRule] = {
    Role.FALLMANAGEMENT: RoleRule(
        _("Führt Fälle der eigenen Teams, überweist an andere Stellen und übermittelt die nötigen Daten."),
        frozenset(_CASEWORK | {P.OPEN_CASES, P.DISCLOSE, P.MOVE_LEAD}),
    ),
    Role.SACHBEARBEITUNG: RoleRule(
        _("Bearbeitet Fälle der eigenen Teams, beantwortet Überweisungen, übermittelt selbst keine Daten."),
        frozenset(_CASEWORK - {P.SEND_REFERRALS} | {P.OPEN_CASES}),
    ),
    Role.EINGANG: RoleRule(
        _("Nimmt neue Fälle und Überweisungen der ganzen Stelle entgegen und verteilt sie auf die Teams."),
        frozenset(
            _CASEWORK
            | {P.OPEN_CASES, P.ASSIGN_CASES, P.ASSIGN_REFERRALS, P.IMPORT_CASES, P.ALL_TEAMS, P.DISCLOSE}
        ),
    ),
    Role.FACHDIENST: RoleRule(
        _("Unterstützt mit Fachwissen: ergänzt Fälle der eigenen Teams und beantwortet Überweisungen."),
        frozenset({P.VIEW_CASES, P.EDIT_CASES, P.ANSWER_REFERRALS, P.JOIN_MEETINGS}),
    ),
    Role.TEAMLEITUNG: RoleRule(
        _("Sieht alle Teams der Stelle, verteilt Arbeit und entscheidet über heikle Übermittlungen."),
        frozenset(
            _CASEWORK
            | {P.OPEN_CASES, P.ASSIGN_CASES, P.MOVE_LEAD, P.DISCLOSE, P.DISCLOSE_IMMIGRATION, P.IMPORT_CASES}
            | {P.ASSIGN_REFERRALS, P.ALL_TEAMS, P.READ_LOG, P.AGENCY_SETTINGS, P.MODERATE_MEETINGS}
        ),
    ),
    Role.LEITUNG: RoleRule(
        _("Pflegt Kapazität und Fristen der Stelle und sieht keine Fallinhalte."),
        frozenset({P.AGENCY_SETTINGS}),
    ),
    Role.DATENSCHUTZ: RoleRule(
        _("Prüft, wer wann auf welche Fälle zugegriffen hat, ohne die Fallinhalte selbst zu lesen."),
        frozenset({P.READ_LOG}),
    ),
    Role.KURSBUERO: RoleRule(
        _("Nimmt Überweisungen in Kurse entgegen und beantwortet sie."),
        frozenset({P.VIEW_CASES, P.ANSWER_REFERRALS, P.ASSIGN_REFERRALS, P.JOIN_MEETINGS}),
    ),
    Role.REDAKTION: RoleRule(
        _("Pflegt öffentliche Seiten und sieht keine Fallinhalte."),
        frozenset(),
    ),
    Role.VERWALTUNG: RoleRule(
        _("Verwaltet die Zugänge der eigenen Stelle und sieht keine Fallinhalte."),
        frozenset({P.MANAGE_MEMBERS, P.AGENCY_SETTINGS}),
    ),
}


def permissions_of(role: str) -> frozenset[Permission]:
    """The permissions of a role; an unknown role has none (deny by default)."""
    try:
        return ROLE_TABLE[Role(role)].permissions
    except (KeyError, ValueError):
        return frozenset()
