"""Cases, households, and what decides who sees them: disclosures and the grants derived from them."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from agencies.cases.enums import CaseStatus, Relation
from agencies.cases.importing.models import CaseOrigin, ImportBatch, ImportFile, ImportRow
from agencies.cases.retained import RetainedRecord
from agencies.cases.sections import SECTIONS, Identity, Section
from agencies.enums import Category, LegalBasis, Level, Purpose
from agencies.models import Agency, Membership, Team, User

__all__ = [
    "SECTIONS",
    "Case",
    "CaseChange",
    "CaseGrant",
    "CaseOrigin",
    "CaseSearch",
    "Disclosure",
    "ForeignReference",
    "Household",
    "HouseholdMember",
    "Identity",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "Note",
    "RetainedRecord",
    "Section",
]


def _category_permissions() -> list[tuple[str, Any]]:
    return [
        (f"{level}_{category}", f"{level} {category}")
        for category in Category.values
        for level in Level.values
    ]


class Household(models.Model):
    """People housed and calculated together; each adult's case points to it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Haushalt")
        verbose_name_plural = _("Haushalte")

    def __str__(self) -> str:
        return str(self.pk)


class Case(models.Model):
    """The frame of one person's file: what everyone sees who may know that the case exists."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(_("Geschäftszeichen"), max_length=20, unique=True)
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="cases", null=True, blank=True
    )
    lead_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("Federführende Stelle")
    )
    lead_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", verbose_name=_("Team"))
    manager = models.ForeignKey(
        Membership,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_cases",
        verbose_name=_("Fallmanager/in"),
    )
    status = models.CharField(_("Status"), max_length=10, choices=CaseStatus, default=CaseStatus.NEW)
    status_since = models.DateField(_("seit"), default=timezone.localdate)
    parked_until = models.DateField(_("ruht bis"), null=True, blank=True)
    opened_at = models.DateTimeField(_("angelegt am"), default=timezone.now, editable=False)

    #: Set by ``access.case``: what the member may see, how far, and whether their agency leads the case.
    levels: dict[Category, Level]
    is_led: bool

    class Meta:
        verbose_name = _("Fall")
        verbose_name_plural = _("Fälle")
        permissions = _category_permissions()
        constraints = [
            models.CheckConstraint(
                name="only_parked_cases_wait",
                condition=Q(parked_until__isnull=True) | Q(status=CaseStatus.PARKED),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.pk])


class ForeignReference(models.Model):
    """The number under which an agency keeps the same person in its own software."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="foreign_references")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("Aktenzeichen der Stelle"), max_length=60)

    class Meta:
        verbose_name = _("Aktenzeichen")
        verbose_name_plural = _("Aktenzeichen")
        constraints = [
            models.UniqueConstraint(fields=["case", "agency", "number"], name="foreign_reference_once")
        ]

    def __str__(self) -> str:
        return self.number


class HouseholdMember(models.Model):
    """A member of the household who has no case of their own; belongs to the category family."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="household_members")
    relation = models.CharField(_("Beziehung"), max_length=10, choices=Relation)
    family_name = models.CharField(_("Familienname"), max_length=120)
    given_name = models.CharField(_("Vorname"), max_length=120)
    birth_year = models.PositiveSmallIntegerField(_("Geburtsjahr"), null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(_("Geburtsmonat"), null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("Geburtstag"), null=True, blank=True)

    class Meta:
        verbose_name = _("Haushaltsmitglied")
        verbose_name_plural = _("Haushaltsmitglieder")
        constraints = [
            models.CheckConstraint(
                name="member_birth_parts_ordered",
                condition=(
                    Q(birth_month__isnull=True) | Q(birth_year__isnull=False, birth_month__range=(1, 12))
                )
                & (Q(birth_day__isnull=True) | Q(birth_month__isnull=False, birth_day__range=(1, 31))),
            )
        ]

    def __str__(self) -> str:
        return f"{self.family_name}, {self.given_name}"


class Note(models.Model):
    """A remark that belongs to one data category and is seen by whoever sees that category."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    category = models.CharField(_("Datenkategorie"), max_length=20, choices=Category)
    text = models.TextField(_("Notiz"), max_length=10_000)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("geschrieben am"), auto_now_add=True)

    class Meta:
        verbose_name = _("Notiz")
        verbose_name_plural = _("Notizen")
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(fields=["case", "category", "-created_at"], name="note_case_category")]

    def __str__(self) -> str:
        return f"{self.category} {self.created_at:%Y-%m-%d}"


class CaseChange(models.Model):
    """What a section or the frame held before: written by database triggers, never by hand."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="changes")
    category = models.CharField(max_length=20, blank=True)  # empty: the frame
    at = models.DateTimeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        verbose_name = _("Änderung")
        verbose_name_plural = _("Änderungen")
        indexes = [models.Index(fields=["case", "category", "-at"], name="change_case_category_at")]

    def __str__(self) -> str:
        return f"{self.category} {self.at:%Y-%m-%d %H:%M}"


class Disclosure(models.Model):
    """One lawful passing-on of named categories to one recipient, for a purpose, until a date.

    Without sender it is the collection of data by the recipient itself (§ 67a SGB X) and makes that
    agency the lead. Rows are never changed except to be revoked; grants follow by trigger.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="disclosures")
    sender = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Absender")
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
        models.CharField(max_length=20, choices=Category), verbose_name=_("Datenkategorien")
    )
    level = models.CharField(_("Umfang"), max_length=10, choices=Level, default=Level.VIEW)
    necessity = models.TextField(_("Erforderlichkeit"), max_length=2000, blank=True)
    #: Never in the future (database constraint): grants hold from the next request on.
    valid_from = models.DateTimeField(_("von"), default=timezone.now)
    valid_until = models.DateTimeField(_("bis"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("entschieden von")
    )
    revoked_at = models.DateTimeField(_("beendet am"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_reason = models.CharField(_("Grund"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("Datenübermittlung")
        verbose_name_plural = _("Datenübermittlungen")
        ordering = ("-valid_from",)
        constraints = [
            models.CheckConstraint(name="disclosure_names_categories", condition=Q(categories__len__gte=1)),
            models.CheckConstraint(
                name="disclosure_ends_after_start",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                violation_error_message=_("Das Ende der Übermittlung muss nach ihrem Beginn liegen."),
            ),
            models.CheckConstraint(
                name="disclosure_leaves_the_house",
                condition=Q(sender__isnull=True) | ~Q(sender=F("recipient")),
            ),
            models.CheckConstraint(
                name="sharing_is_reasoned_and_ends",
                condition=Q(level=Level.CHANGE) | (~Q(necessity="") & Q(valid_until__isnull=False)),
                violation_error_message=_("Eine Übermittlung braucht eine Begründung und ein Ende."),
            ),
            models.CheckConstraint(
                name="leading_needs_identity",
                condition=Q(level=Level.VIEW) | Q(categories__contains=[Category.IDENTITY]),
                violation_error_message=_("Ohne Identität kann keine Stelle den Fall führen."),
            ),
            models.CheckConstraint(
                name="leading_has_no_end", condition=Q(level=Level.VIEW) | Q(valid_until__isnull=True)
            ),
            # Deferred, because handing over the lead inserts the new row before it revokes the old one.
            ExclusionConstraint(
                name="one_lead_per_case",
                expressions=[("case", "=")],
                condition=Q(level=Level.CHANGE, revoked_at__isnull=True),
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.purpose}"

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None and (self.valid_until is None or self.valid_until > timezone.now())


class CaseGrant(GroupObjectPermissionBase):
    """This group may see (or change) this part of this case until then, because of that disclosure.

    django-guardian's direct group permission on ``Case``; the only door to a live case. Rows are derived
    from disclosures by a database trigger and are read-only to the application. The row with the empty
    category is the frame (permission ``view_case``); ``case_opened_at`` is copied so that the newest cases
    of a group are read from one index.
    """

    # Nothing but the trigger writes here, from disclosures whose own keys are checked: checking theirs a
    # second time, for fifteen rows a case, would be a third of what opening a case costs.
    group = models.ForeignKey(Group, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    permission = models.ForeignKey(Permission, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    content_object = models.ForeignKey(
        Case,
        on_delete=models.CASCADE,
        db_column="case_id",
        db_constraint=False,
        db_index=False,
        related_name="grants",
    )
    disclosure = models.ForeignKey(
        Disclosure, on_delete=models.CASCADE, db_index=False, related_name="grants"
    )
    valid_until = models.DateTimeField(null=True)
    case_opened_at = models.DateTimeField()
    category = models.CharField(max_length=20)
    level = models.CharField(max_length=10, choices=Level)

    class Meta:
        verbose_name = _("Freigabe")
        verbose_name_plural = _("Freigaben")
        indexes = [
            models.Index(
                F("group"),
                F("case_opened_at").desc(),
                F("content_object").desc(),
                include=["valid_until"],
                condition=Q(category=""),
                name="grant_newest_first",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "category", "group"],
                include=["level", "valid_until"],
                name="one_grant_per_group_and_category",
            ),
        ]


class CaseSearch(models.Model):
    """What a case can be found by; read only through the database function ``search_cases``."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="+")
    keys = ArrayField(models.CharField(max_length=40))
    text = models.TextField()

    class Meta:
        verbose_name = _("Suchbegriffe")
        verbose_name_plural = _("Suchbegriffe")
        indexes = [
            GinIndex(fields=["keys"], name="casesearch_keys"),
            GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="casesearch_text"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)
