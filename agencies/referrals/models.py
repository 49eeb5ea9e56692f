"""Referrals, what was said and done about them, and the frozen copies for agencies that may not browse."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.cases.models import Case, Disclosure
from agencies.enums import Category, LegalBasis, Purpose
from agencies.models import Agency, Membership, Team
from agencies.referrals import states
from agencies.referrals.boxes import ReferralQuerySet
from agencies.referrals.enums import (
    FOLLOW_UPS,
    OPEN_STATES,
    UNANSWERED,
    UNDER_WAY,
    Act,
    DeclineReason,
    FollowUp,
    MessageKind,
    Outcome,
    Side,
    State,
)

# Sorted, so that migrations find them in the same order in every process.
_NOT_OVER = sorted([State.DRAFT, *OPEN_STATES])


class Referral(models.Model):
    """A request that another agency takes something on; closed only with an outcome.

    ``case`` is hidden from recipients that may not browse: never join it for them, show
    ``case_reference``. ``request`` is the text of a draft; on sending it becomes the first message, so
    that it ends with the recipient's access. From sending on, whom, what and why can no longer change.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    case_reference = models.CharField(_("Geschäftszeichen"), max_length=20)
    disclosure = models.OneToOneField(
        Disclosure, on_delete=models.PROTECT, null=True, blank=True, related_name="referral"
    )
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )

    sender = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("Absender"))
    sender_team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="+", verbose_name=_("Team des Absenders")
    )
    sender_group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+", editable=False)
    sender_member = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("überwiesen von")
    )
    recipient = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("Empfänger")
    )
    recipient_team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Team")
    )
    recipient_group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+", editable=False)

    purpose = models.CharField(_("Zweck"), max_length=30, choices=Purpose)
    legal_basis = models.CharField(_("Rechtsgrundlage"), max_length=20, choices=LegalBasis)
    categories = ArrayField(
        models.CharField(max_length=20, choices=Category),
        verbose_name=_("Datenkategorien"),
        default=list,
        blank=True,
    )
    necessity = models.TextField(_("Erforderlichkeit"), max_length=2000, blank=True)
    beyond_reason = models.TextField(_("Begründung für weitere Daten"), max_length=2000, blank=True)
    valid_until = models.DateField(_("Daten sichtbar bis"))
    request = models.TextField(_("Anliegen"), max_length=5000, blank=True)

    state = models.CharField(_("Stand"), max_length=12, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField(_("seit"))
    version = models.PositiveIntegerField(default=1)
    assigned_to = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("zuständig"),
    )
    accepted_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(_("Ergebnis"), max_length=20, choices=Outcome, blank=True)
    outcome_text = models.TextField(_("Erläuterung zum Ergebnis"), max_length=2000, blank=True)
    decline_reason = models.CharField(_("Ablehnungsgrund"), max_length=20, choices=DeclineReason, blank=True)
    parked_until = models.DateField(_("zurückgestellt bis"), null=True, blank=True)
    proposed_agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("vorgeschlagene Stelle"),
    )

    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("zur Entscheidung vorgelegt am"), null=True, blank=True)
    sent_at = models.DateTimeField(_("gesendet am"), null=True, blank=True)
    answered_at = models.DateTimeField(_("erste Antwort am"), null=True, blank=True)
    followed_up_at = models.DateTimeField(_("neu überwiesen am"), null=True, blank=True)
    closed_at = models.DateTimeField(_("beendet am"), null=True, blank=True)
    # The clock of whoever's turn it is (see clocks.py); it starts anew when the turn changes.
    remind_on = models.DateField(_("Erinnerung am"), null=True, blank=True)
    escalate_on = models.DateField(_("Eskalation am"), null=True, blank=True)
    expires_on = models.DateField(_("läuft ab am"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    #: Set by ``access.referral``, ``access.open_referral`` and ``access.name_referrals``.
    side: Side
    may_acts: list[Act]
    person: str
    released: Any
    #: Set by ``listing.with_clock``: the state in the reader's words.
    standing: str

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("Überweisung")
        verbose_name_plural = _("Überweisungen")
        ordering = ("-state_since", "-pk")
        constraints = [
            models.CheckConstraint(name="referral_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="referral_leaves_the_house", condition=~Q(sender=F("recipient"))),
            models.CheckConstraint(
                name="only_drafts_are_unsent",
                condition=Q(state=State.DRAFT, sent_at=None, disclosure=None)
                | (~Q(state=State.DRAFT) & Q(sent_at__isnull=False, disclosure__isnull=False, request="")),
            ),
            models.CheckConstraint(
                name="closing_needs_an_outcome",
                condition=~Q(state__in=[State.OUTCOME, State.CLOSED]) | ~Q(outcome=""),
                violation_error_message=_("Ohne Ergebnis kann die Überweisung nicht abgeschlossen werden."),
            ),
            models.CheckConstraint(
                name="declining_needs_a_reason",
                condition=~Q(state=State.DECLINED) | ~Q(decline_reason=""),
                violation_error_message=_("Eine Ablehnung braucht einen Grund."),
            ),
            models.CheckConstraint(
                name="taken_on_by_someone",
                condition=~Q(state__in=sorted(UNDER_WAY))
                | Q(accepted_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_dates_ordered",
                condition=(Q(answered_at=None) | Q(answered_at__gte=F("sent_at")))
                & (Q(closed_at=None) | Q(closed_at__gte=F("sent_at"))),
            ),
            models.CheckConstraint(
                name="over_has_a_date",
                condition=Q(state__in=_NOT_OVER, closed_at=None)
                | (~Q(state__in=_NOT_OVER) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="only_declined_referrals_wait",
                condition=Q(parked_until=None) | Q(state=State.DECLINED),
            ),
            models.UniqueConstraint(
                name="one_open_referral_per_purpose",
                fields=["case", "recipient_group", "purpose"],
                condition=Q(state__in=sorted(OPEN_STATES)),
                violation_error_message=_("Zu diesem Zweck läuft dort bereits eine Überweisung."),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient_group", "state", "-state_since"], name="referral_in_box"),
            models.Index(fields=["sender_group", "state", "-state_since"], name="referral_out_box"),
            models.Index(fields=["assigned_to", "state"], name="referral_assigned"),
            models.Index(fields=["remind_on"], condition=Q(remind_on__isnull=False), name="referral_remind"),
        ]

    def __str__(self) -> str:
        return f"{self.case_reference} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:detail", args=[self.pk])

    @property
    def turn(self) -> Side | None:
        """Whose turn it is; nobody's when the loop is over or a new referral has taken its place."""
        if self.followed_up_at:
            return None
        proposed = self.proposed_agency_id and self.state in UNANSWERED
        return Side.SENDER if proposed else states.TURN.get(State(self.state))

    @property
    def answer_until(self) -> date | None:
        """The last day for an answer, never after the data's last day: it expires when that day is over."""
        return self.expires_on - timedelta(days=1) if self.expires_on else None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def follow_up(self) -> FollowUp | None:
        """What the sender is to do after a refusal."""
        return FOLLOW_UPS[DeclineReason(self.decline_reason)] if self.decline_reason else None


class ReferralEvent(models.Model):
    """What happened to a referral since it was sent: who, when, from which state to which."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(_("Zeitpunkt"))
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    act = models.CharField(_("Vorgang"), max_length=20, choices=Act)
    before = models.CharField(max_length=12, choices=State)
    after = models.CharField(max_length=12, choices=State)
    text = models.TextField(_("Text"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("Verlaufseintrag")
        verbose_name_plural = _("Verlauf")
        ordering = ("at", "pk")
        indexes = [models.Index(fields=["referral", "at"], name="event_referral_at")]

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d %H:%M}"


class Message(models.Model):
    """What sender and recipient write to each other; the recipient reads it while it may read the data."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(_("Art"), max_length=10, choices=MessageKind, default=MessageKind.REMARK)
    text = models.TextField(_("Text"), max_length=5000)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("Zeitpunkt"))

    class Meta:
        verbose_name = _("Nachricht")
        verbose_name_plural = _("Nachrichten")
        ordering = ("at", "pk")
        indexes = [models.Index(fields=["referral", "at"], name="message_referral_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Snapshot(models.Model):
    """The frozen copy of released categories for a recipient that may not browse (§§ 78, 79 SGB X)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="snapshot")
    taken_at = models.DateTimeField(_("Stand"))

    class Meta:
        verbose_name = _("Datenauszug")
        verbose_name_plural = _("Datenauszüge")

    def __str__(self) -> str:
        return f"{self.taken_at:%Y-%m-%d %H:%M}"


class SnapshotContent(models.Model):
    """One released category as it stood: a list of {name, label, value}."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="contents")
    category = models.CharField(_("Datenkategorie"), max_length=20, choices=Category)
    rows = models.JSONField()

    class Meta:
        verbose_name = _("Inhalt eines Datenauszugs")
        verbose_name_plural = _("Inhalte von Datenauszügen")
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "category"], name="content_once_per_category")
        ]

    def __str__(self) -> str:
        return self.category


class Acknowledgement(models.Model):
    """A member has read that the data may only be used for the purpose they were passed on for (§ 78)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="acknowledgements")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("Zeitpunkt"))

    class Meta:
        verbose_name = _("Kenntnisnahme")
        verbose_name_plural = _("Kenntnisnahmen")
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "member"], name="acknowledged_once_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.at:%Y-%m-%d %H:%M}"
