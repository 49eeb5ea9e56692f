"""What remains of a meeting: decisions, the commitments they make, and the locked minutes."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Membership
from agencies.roundtable.enums import CommitmentAct, CommitmentState


class Decision(models.Model):
    """What the table decided on an item; read by everyone at the table, so it names nobody."""

    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="decisions")
    text = models.TextField(_("Beschluss"), max_length=2000)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Beschluss")
        verbose_name_plural = _("Beschlüsse")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.text[:60]


class Commitment(models.Model):
    """What an agency promised, until when, and what counts as done. Ends only by a ``CommitmentEvent``."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="commitments")
    table = models.ForeignKey("RoundTable", on_delete=models.PROTECT, related_name="commitments")
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="commitments", verbose_name=_("Stelle")
    )
    person = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("zuständig"),
    )
    what = models.CharField(_("Aufgabe"), max_length=300)
    done_when = models.CharField(_("erledigt, wenn"), max_length=300)
    due_on = models.DateField(_("bis"))
    first_due_on = models.DateField(_("ursprünglich bis"))
    state = models.CharField(_("Stand"), max_length=10, choices=CommitmentState, default=CommitmentState.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Aufgabe")
        verbose_name_plural = _("Aufgaben")
        ordering = ("due_on", "made_at")
        constraints = [
            models.CheckConstraint(
                name="ended_commitments_have_a_day",
                condition=Q(state=CommitmentState.OPEN, ended_at__isnull=True)
                | (~Q(state=CommitmentState.OPEN) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.what


class CommitmentEvent(models.Model):
    """What happened to a commitment: never changed, never deleted."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=10, choices=CommitmentAct)
    text = models.CharField(_("Erläuterung"), max_length=500)
    due_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Vorgang zur Aufgabe")
        verbose_name_plural = _("Vorgänge zur Aufgabe")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.act


class Minutes(models.Model):
    """The record of a meeting as it was closed: what everyone at the table may read, pseudonyms only.

    ``sha256`` is taken over the canonical JSON (RFC 8785 style: sorted keys, no blanks) of this record and
    all its parts, and over the hash of the table's minutes before: none can be changed unnoticed.
    """

    meeting = models.OneToOneField("Meeting", on_delete=models.PROTECT, related_name="record")
    number = models.PositiveIntegerField(_("Nummer"))
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    before = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("Protokoll")
        verbose_name_plural = _("Protokolle")

    def __str__(self) -> str:
        return f"{self.number}"


class MinutesPart(models.Model):
    """What the record holds behind the curtain: summary and notes of one item, for who saw them then."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="parts")
    item = models.ForeignKey("Item", on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Protokollteil")
        verbose_name_plural = _("Protokollteile")
        constraints = [models.UniqueConstraint(fields=["minutes", "item"], name="one_part_per_item")]

    def __str__(self) -> str:
        return f"{self.minutes_id}/{self.item_id}"


class Addendum(models.Model):
    """A correction or addition after the minutes were locked; read by everyone at the table."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField(_("Nachtrag"), max_length=4000)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Nachtrag")
        verbose_name_plural = _("Nachträge")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.at:%d.%m.%Y}"
