"""The closed vocabularies of the round table."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", _("jede Woche")
    FORTNIGHTLY = "fortnightly", _("alle zwei Wochen")
    MONTHLY = "monthly", _("jeden Monat")
    QUARTERLY = "quarterly", _("jedes Vierteljahr")
    NONE = "none", _("nach Bedarf")


class MeetingState(models.TextChoices):
    DRAFT = "draft", _("in Vorbereitung")
    INVITED = "invited", _("eingeladen")
    RUNNING = "running", _("läuft")
    CLOSED = "closed", _("geschlossen")
    CANCELLED = "cancelled", _("abgesagt")


class Reply(models.TextChoices):
    """What an invited person answered (PARTSTAT of RFC 5545)."""

    NONE = "none", _("noch keine Antwort")
    ACCEPTED = "accepted", _("zugesagt")
    TENTATIVE = "tentative", _("mit Vorbehalt")
    DECLINED = "declined", _("abgesagt")


class ItemKind(models.TextChoices):
    COMMITMENTS = "commitments", _("Offene Aufgaben")
    CASE = "case", _("Fall")
    GENERAL = "general", _("Allgemeines")


class ItemState(models.TextChoices):
    PROPOSED = "proposed", _("vorgeschlagen")
    PLANNED = "planned", _("auf der Tagesordnung")
    DONE = "done", _("besprochen")
    DEFERRED = "deferred", _("vertagt")
    REJECTED = "rejected", _("nicht aufgenommen")


class Trigger(models.TextChoices):
    """Why a case stands among the proposals when nobody typed it there."""

    BY_HAND = "by_hand", _("vorgeschlagen")
    ESCALATED = "escalated", _("Überweisung überfällig")
    GAP_AHEAD = "gap_ahead", _("Lücke droht")
    CONSENT_EXPIRING = "consent_expiring", _("Datenübermittlung läuft aus")
    HOUSING_HANDOVER = "housing_handover", _("Wechsel der Zuständigkeit beim Wohnen")


class CurtainLevel(models.TextChoices):
    """How much of a case an agency sees while the table speaks about it; each includes those before."""

    PSEUDONYM = "pseudonym", _("nur Deckname und Frage")
    SUMMARY = "summary", _("Zusammenfassung für diese Sitzung")
    CATEGORIES = "categories", _("übermittelte Datenkategorien")
    IDENTITY = "identity", _("auch die Identität")

    @property
    def reach(self) -> int:
        return list(CurtainLevel).index(self)


class TextKind(models.TextChoices):
    SUMMARY = "summary", _("Zusammenfassung")
    NOTES = "notes", _("Notizen")


class CommitmentState(models.TextChoices):
    OPEN = "open", _("offen")
    FULFILLED = "fulfilled", _("erledigt")
    WITHDRAWN = "withdrawn", _("zurückgenommen")


class CommitmentAct(models.TextChoices):
    MADE = "made", _("zugesagt")
    EXTENDED = "extended", _("verlängert")
    FULFILLED = "fulfilled", _("erledigt")
    WITHDRAWN = "withdrawn", _("zurückgenommen")
