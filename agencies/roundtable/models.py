"""Round tables and their meetings: agenda, curtain, and what was decided and promised.

What names a person (``ItemCase``) and what is written about one (``ItemText``) have tables of their own:
row-level security hides them from whoever the curtain is closed for, and leaves agenda and decisions,
which know pseudonyms only, to everyone at the table.
"""

from datetime import datetime
from secrets import token_urlsafe
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.cases.models import Case
from agencies.models import Agency, Membership
from agencies.roundtable.enums import (
    CurtainLevel,
    ItemKind,
    ItemState,
    MeetingState,
    Reply,
    Rhythm,
    TextKind,
    Trigger,
)
from agencies.roundtable.records import (
    Addendum,
    Commitment,
    CommitmentEvent,
    Decision,
    Minutes,
    MinutesPart,
)

__all__ = [
    "Addendum",
    "Ask",
    "CalendarKey",
    "Commitment",
    "CommitmentEvent",
    "Curtain",
    "CurtainRequest",
    "Decision",
    "Item",
    "ItemCase",
    "ItemText",
    "Meeting",
    "Minutes",
    "MinutesPart",
    "Opening",
    "Participant",
    "RoundTable",
    "Seat",
]


def room_key() -> str:
    """The unguessable part of the projector's address."""
    return token_urlsafe(18)


class RoundTable(models.Model):
    """A standing body of agencies that meets in a rhythm."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("Name"), max_length=120, unique=True)
    rhythm = models.CharField(_("Rhythmus"), max_length=12, choices=Rhythm, default=Rhythm.MONTHLY)
    duration = models.PositiveSmallIntegerField(_("Dauer in Minuten"), default=60)
    place = models.CharField(_("Ort"), max_length=200, blank=True)
    video_link = models.URLField(_("Videokonferenz"), max_length=300, blank=True)
    moderator = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("Moderation")
    )
    agencies = models.ManyToManyField(Agency, through="Seat", related_name="round_tables")
    is_active = models.BooleanField(_("aktiv"), default=True)

    class Meta:
        verbose_name = _("Runder Tisch")
        verbose_name_plural = _("Runde Tische")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """An agency's place at a table."""

    table = models.ForeignKey(RoundTable, on_delete=models.CASCADE, related_name="seats")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="seats")

    class Meta:
        verbose_name = _("Platz")
        verbose_name_plural = _("Plätze")
        constraints = [models.UniqueConstraint(fields=["table", "agency"], name="one_seat_per_agency")]

    def __str__(self) -> str:
        return str(self.agency)


class Meeting(models.Model):
    """One sitting of a table. ``version`` rises with every write to anything in it (``writing.changing``)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    table = models.ForeignKey(RoundTable, on_delete=models.PROTECT, related_name="meetings")
    state = models.CharField(_("Stand"), max_length=10, choices=MeetingState, default=MeetingState.DRAFT)
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))
    place = models.CharField(_("Ort"), max_length=200, blank=True)
    video_link = models.URLField(_("Videokonferenz"), max_length=300, blank=True)
    moderator = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("Moderation")
    )
    version = models.BigIntegerField(default=1)
    current_item = models.ForeignKey(
        "Item", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    current_since = models.DateTimeField(null=True, blank=True)
    room_key = models.CharField(max_length=40, unique=True, default=room_key, editable=False)
    #: SEQUENCE of RFC 5545: rises when time or place change, so that calendars take the newer invitation.
    sequence = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Sitzung")
        verbose_name_plural = _("Sitzungen")
        ordering = ("-starts_at",)
        constraints = [
            models.CheckConstraint(
                name="meeting_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Das Ende der Sitzung muss nach ihrem Beginn liegen."),
            ),
            models.CheckConstraint(
                name="only_running_meetings_have_an_item",
                condition=Q(current_item__isnull=True) | Q(state=MeetingState.RUNNING),
            ),
            models.UniqueConstraint(
                fields=["table"],
                condition=Q(state=MeetingState.RUNNING),
                name="one_running_meeting_per_table",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.starts_at:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("roundtable:meeting", args=[self.pk])


class Participant(models.Model):
    """A person invited to a meeting, what they answered, and since when they are there."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="participants")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reply = models.CharField(_("Antwort"), max_length=10, choices=Reply, default=Reply.NONE)
    present_since = models.DateTimeField(_("anwesend seit"), null=True, blank=True)
    was_present = models.BooleanField(_("war anwesend"), default=False)

    class Meta:
        verbose_name = _("Teilnehmer/in")
        verbose_name_plural = _("Teilnehmende")
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="invited_once")]

    def __str__(self) -> str:
        return str(self.member)


class Item(models.Model):
    """A point of an agenda, or of the table's backlog (no meeting). Holds no personal data.

    A case is a pseudonym here, drawn anew for each meeting; ``title`` is for items without a case.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    table = models.ForeignKey(RoundTable, on_delete=models.CASCADE, related_name="items")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, null=True, blank=True, related_name="items"
    )
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(_("Art"), max_length=12, choices=ItemKind)
    state = models.CharField(_("Stand"), max_length=10, choices=ItemState, default=ItemState.PROPOSED)
    trigger = models.CharField(_("Anlass"), max_length=20, choices=Trigger, default=Trigger.BY_HAND)
    pseudonym = models.CharField(_("Deckname"), max_length=30, blank=True)
    title = models.CharField(_("Thema"), max_length=120, blank=True)
    question = models.TextField(_("Frage an den Tisch"), max_length=1000, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Minuten"), default=10)
    called_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    rejected_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Tagesordnungspunkt")
        verbose_name_plural = _("Tagesordnung")
        ordering = ("position", "created_at")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "pseudonym"], condition=~Q(pseudonym=""), name="pseudonym_once_per_meeting"
            ),
            models.CheckConstraint(
                name="cases_have_pseudonyms_only",
                condition=~Q(kind=ItemKind.CASE) | Q(title=""),
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym or self.title


class ItemCase(models.Model):
    """Whose case an item is about: visible to whoever sees the case, and to nobody else."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, primary_key=True, related_name="subject")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("besprochener Fall")
        verbose_name_plural = _("besprochene Fälle")

    def __str__(self) -> str:
        return str(self.item_id)


class ItemText(models.Model):
    """The summary written for the meeting, or the notes taken in it; behind the curtain."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=10, choices=TextKind)
    text = models.TextField(blank=True, max_length=40_000)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Text")
        verbose_name_plural = _("Texte")
        constraints = [models.UniqueConstraint(fields=["item", "kind"], name="one_text_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Ask(models.Model):
    """What an item asks of one agency."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="asks")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(_("Bitte an die Stelle"), max_length=300)

    class Meta:
        verbose_name = _("Bitte")
        verbose_name_plural = _("Bitten")
        constraints = [models.UniqueConstraint(fields=["item", "agency"], name="one_ask_per_agency")]

    def __str__(self) -> str:
        return self.what


class Curtain(models.Model):
    """How much of an item's case the lead agency lets another agency see; no row: the pseudonym.

    What is really shown is the lesser of this and what the disclosures allow (``curtain_reach`` in SQL).
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="curtains")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("sieht"), max_length=10, choices=CurtainLevel)
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Vorhang")
        verbose_name_plural = _("Vorhänge")
        constraints = [models.UniqueConstraint(fields=["item", "agency"], name="one_curtain_per_agency")]

    def __str__(self) -> str:
        return self.level


class CurtainRequest(models.Model):
    """An agency asks the lead to see more of a case than it does."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="requests")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("möchte sehen"), max_length=10, choices=CurtainLevel)
    reason = models.CharField(_("Begründung"), max_length=300)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Bitte um Einsicht")
        verbose_name_plural = _("Bitten um Einsicht")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "agency"], condition=Q(answered_at__isnull=True), name="one_open_request"
            )
        ]

    def __str__(self) -> str:
        return self.level


class Openings(models.QuerySet["Opening"]):
    def at(self, moment: datetime | Now) -> Self:
        """Those open at a moment: who could see what."""
        ended = Q(closed_at__lte=moment) | Q(ends_at__lte=moment)
        return self.filter(opened_at__lte=moment).exclude(ended)

    def now(self) -> Self:
        ended = Q(ends_at__lte=Now())
        return self.filter(closed_at=None).exclude(ended)


class Opening(models.Model):
    """The curtain open for one person from … until …: who could see what, at any moment, in one query.

    Written by database functions when an item is called or left and when somebody comes or goes.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="openings")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=CurtainLevel)
    opened_at = models.DateTimeField()
    #: When a disclosure runs out meanwhile: nobody writes then, so the end is known beforehand.
    ends_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = Openings.as_manager()

    class Meta:
        verbose_name = _("Einsicht")
        verbose_name_plural = _("Einsichten")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "member"], condition=Q(closed_at__isnull=True), name="open_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.opened_at:%H:%M}"


class CalendarKey(models.Model):
    """The secret of a member's calendar feed, as a hash; without a row there is no feed."""

    member = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Kalenderadresse")
        verbose_name_plural = _("Kalenderadressen")

    def __str__(self) -> str:
        return f"{self.made_at:%d.%m.%Y}"
