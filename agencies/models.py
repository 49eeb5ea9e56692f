"""Users, agencies, their teams, the memberships that tie them together, and the two logs."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser, Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.enums import BROWSING_KINDS, AgencyKind, Category, Land, Purpose
from agencies.roles import Permission, Role, permissions_of


class User(AbstractUser):
    """A login. What it may do follows from the active membership alone, never from ``is_superuser``."""

    is_demo = models.BooleanField(_("Vorführzugang"), default=False, editable=False)

    class Meta:
        verbose_name = _("Zugang")
        verbose_name_plural = _("Zugänge")


class Agency(models.Model):
    """One cooperating body of the county."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    short_name = models.CharField(_("Kurzname"), max_length=40)
    slug = models.SlugField(unique=True)
    kind = models.CharField(_("Art"), max_length=30, choices=AgencyKind)
    land = models.CharField(_("Land"), max_length=2, choices=Land, default=Land.NI)
    email = models.EmailField(_("Funktionspostfach"), blank=True)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="agency")
    is_active = models.BooleanField(_("aktiv"), default=True)

    capacity_free = models.PositiveIntegerField(_("freie Plätze"), null=True, blank=True)
    waiting_days = models.PositiveIntegerField(_("Wartezeit in Tagen"), null=True, blank=True)
    capacity_note = models.CharField(_("Hinweis zur Kapazität"), max_length=200, blank=True)
    capacity_as_of = models.DateField(_("Stand"), null=True, blank=True)

    reminder_days = models.PositiveSmallIntegerField(_("Erinnerung nach Arbeitstagen"), default=5)
    escalation_days = models.PositiveSmallIntegerField(_("Eskalation nach Arbeitstagen"), default=10)
    expiry_days = models.PositiveSmallIntegerField(_("Ablauf nach Arbeitstagen"), default=30)

    class Meta:
        verbose_name = _("Stelle")
        verbose_name_plural = _("Stellen")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="agency_clocks_ascend",
                condition=Q(reminder_days__gt=0)
                & Q(reminder_days__lt=models.F("escalation_days"))
                & Q(escalation_days__lt=models.F("expiry_days")),
                violation_error_message=_(
                    "Erinnerung, Eskalation und Ablauf müssen in dieser Reihenfolge liegen."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_browse(self) -> bool:
        """Whether the agency may hold grants on live cases (§ 79 SGB X) or receives snapshots."""
        return self.kind in BROWSING_KINDS


class Team(models.Model):
    """A part of an agency with its own in-box and its own cases (need to know, § 35 (1) SGB I)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("Name"), max_length=80)
    slug = models.SlugField()
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="team")
    is_active = models.BooleanField(_("aktiv"), default=True)

    class Meta:
        verbose_name = _("Team")
        verbose_name_plural = _("Teams")
        ordering = ("agency__name", "name")
        constraints = [models.UniqueConstraint(fields=["agency", "slug"], name="team_slug_per_agency")]

    def __str__(self) -> str:
        return f"{self.agency.short_name} · {self.name}"


#: A membership nobody has worked with yet: not accepted, or in an account without any login.
UNUSED = Q(accepted_at=None) | Q(is_active=True, user__last_login=None)


class Membership(models.Model):
    """What one user may do in one agency; the *active* membership of a session is "the member".

    Somebody who has an account already is invited with a membership that gives nothing (not active, not
    accepted) until that person accepts it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("Rolle"), max_length=30, choices=Role)
    teams = models.ManyToManyField(Team, blank=True, related_name="members", verbose_name=_("Teams"))
    is_active = models.BooleanField(_("aktiv"), default=True)
    invited_at = models.DateTimeField(_("eingeladen am"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("angenommen am"), null=True, blank=True)
    chosen_at = models.DateTimeField(_("zuletzt gewählt am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Zugehörigkeit")
        verbose_name_plural = _("Zugehörigkeiten")
        ordering = ("agency__name", "user__last_name", "user__first_name")
        constraints = [
            models.UniqueConstraint(fields=["user", "agency"], name="membership_per_user_and_agency"),
            models.CheckConstraint(
                name="membership_works_once_accepted",
                condition=Q(is_active=False) | Q(accepted_at__isnull=False),
                violation_error_message=_("Diese Einladung hat noch niemand angenommen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.agency.short_name})"

    @property
    def name(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    @property
    def is_pending(self) -> bool:
        """Invited, and neither accepted nor declined."""
        return self.accepted_at is None

    @property
    def is_unused(self) -> bool:
        """The same as ``UNUSED``."""
        return self.is_pending or (self.is_active and self.user.last_login is None)

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.role)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @cached_property
    def group_ids(self) -> tuple[int, ...]:
        """Ids of the groups whose grants this member sees: the agency's and the teams' (one query).

        A membership that is pending or closed sees nothing.
        """
        if not self.is_active:
            return ()
        teams = Team.objects.filter(agency_id=self.agency_id, is_active=True)
        if not self.may(Permission.ALL_TEAMS):
            teams = teams.filter(members=self)
        return (self.agency.group_id, *teams.order_by("group_id").values_list("group_id", flat=True))


class ReadLog(models.Model):
    """One reading of personal data by staff: who, when, for which agency, what of which cases.

    Case ids are an array without foreign keys: a page of a list is one row, and the log outlives the
    erasure of a case. Rows can be added, never changed (the app role holds no UPDATE or DELETE).
    """

    class Surface(models.TextChoices):
        LIST = "list", _("Liste")
        SEARCH = "search", _("Suche")
        CASE = "case", _("Fall")
        HISTORY = "history", _("Verlauf")
        EXPORT = "export", _("Ausgabe als Datei")
        SNAPSHOT = "snapshot", _("Datenauszug")
        REFERRAL = "referral", _("Überweisung")
        MEETING = "meeting", _("Runder Tisch")

    at = models.DateTimeField(_("Zeitpunkt"), auto_now_add=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    surface = models.CharField(_("Wo"), max_length=10, choices=Surface)
    case_ids = ArrayField(models.UUIDField())
    categories = ArrayField(models.CharField(max_length=20, choices=Category))
    purpose = models.CharField(_("Zweck"), max_length=30, choices=Purpose, blank=True)
    disclosure_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("Zugriff")
        verbose_name_plural = _("Zugriffe")
        indexes = [
            models.Index(fields=["agency", "-at"], name="readlog_agency_at"),
            models.Index(
                fields=["disclosure_id"], name="readlog_disclosure", condition=Q(disclosure_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.surface}"


class AuditEntry(models.Model):
    """One act: who did what to which object. Holds no personal data, only ids and codes."""

    at = models.DateTimeField(_("Zeitpunkt"), auto_now_add=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(_("Vorgang"), max_length=60)
    target = models.CharField(_("Gegenstand"), max_length=80)
    case_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Protokolleintrag")
        verbose_name_plural = _("Protokoll")
        indexes = [models.Index(fields=["agency", "-at"], name="audit_agency_at")]

    def __str__(self) -> str:
        return f"{self.verb} {self.target}"
