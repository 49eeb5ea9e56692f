"""The typed sections of a case: one model per data category, each row owned by its case.

A section's primary key is its case, so a case with all its sections is one query. Which agency may see
or change a section is decided by row-level security on the section's own table; every change is kept
by a trigger in ``CaseChange``.
"""

from collections.abc import Collection
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.cases import enums
from agencies.cases.birthdates import PartialDate
from agencies.cases.vocabulary import languages, nationalities
from agencies.enums import CEFR, Category, ResidenceKind


class Section(models.Model):
    """What all sections share: the case, and when the entries were last confirmed."""

    category: ClassVar[Category]
    objects: ClassVar[models.Manager[Self]]
    case = models.OneToOneField(
        "cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="%(class)s"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.category}:{self.case_id}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """What a constraint refuses stands at the field that its ``violation_error_code`` names."""
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            found = error.error_dict.get(NON_FIELD_ERRORS, [])
            raise ValidationError({one.code or NON_FIELD_ERRORS: one for one in found}) from error


class Identity(Section):
    """The person. Birth day and month may be unknown, as in "00.00.1990"."""

    category = Category.IDENTITY
    family_name = models.CharField(_("Familienname"), max_length=120)
    given_name = models.CharField(_("Vorname"), max_length=120)
    original_name = models.CharField(_("Name in Originalschrift"), max_length=240, blank=True)
    other_spellings = ArrayField(
        models.CharField(max_length=240), verbose_name=_("Weitere Schreibweisen"), default=list, blank=True
    )
    birth_year = models.PositiveSmallIntegerField(_("Geburtsjahr"))
    birth_month = models.PositiveSmallIntegerField(_("Geburtsmonat"), null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("Geburtstag"), null=True, blank=True)
    birth_place = models.CharField(_("Geburtsort"), max_length=120, blank=True)
    gender = models.CharField(
        _("Geschlecht"), max_length=10, choices=enums.Gender, default=enums.Gender.UNKNOWN
    )
    nationality = models.CharField(_("Staatsangehörigkeit"), max_length=2, choices=nationalities, blank=True)

    class Meta:
        verbose_name = _("Identität")
        constraints = [
            models.CheckConstraint(
                name="birth_year_plausible",
                condition=Q(birth_year__range=(1900, 2200)),
                violation_error_code="birth_year",
                violation_error_message=_("Das Geburtsjahr ist nicht möglich."),
            ),
            models.CheckConstraint(
                name="birth_month_valid",
                condition=Q(birth_month__isnull=True) | Q(birth_month__range=(1, 12)),
                violation_error_code="birth_month",
                violation_error_message=_("Den Geburtsmonat gibt es nicht."),
            ),
            models.CheckConstraint(
                name="birth_day_needs_month",
                condition=Q(birth_day__isnull=True) | Q(birth_day__range=(1, 31), birth_month__isnull=False),
                violation_error_code="birth_day",
                violation_error_message=_("Den Geburtstag gibt es nicht, oder der Monat fehlt."),
            ),
        ]

    @property
    def name(self) -> str:
        """As clerks file it: family name first."""
        return f"{self.family_name}, {self.given_name}"

    @property
    def birth_date(self) -> PartialDate:
        return PartialDate(self.birth_year, self.birth_month, self.birth_day)


class Contact(Section):
    category = Category.CONTACT
    street = models.CharField(_("Straße und Hausnummer"), max_length=120, blank=True)
    postcode = models.CharField(_("Postleitzahl"), max_length=10, blank=True)
    town = models.CharField(_("Ort"), max_length=80, blank=True)
    care_of = models.CharField(_("wohnhaft bei"), max_length=120, blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    preferred_language = models.CharField(
        _("Sprache für Gespräche"), max_length=3, choices=languages, blank=True
    )
    interpreter_needed = models.BooleanField(_("Sprachmittlung nötig"), default=False)

    class Meta:
        verbose_name = _("Kontakt")


class Residence(Section):
    category = Category.RESIDENCE
    kind = models.CharField(
        _("Aufenthaltsstatus"), max_length=20, choices=ResidenceKind, default=ResidenceKind.UNKNOWN
    )
    valid_from = models.DateField(_("gültig ab"), null=True, blank=True)
    valid_until = models.DateField(_("gültig bis"), null=True, blank=True)
    work_permission = models.CharField(
        _("Erwerbstätigkeit"),
        max_length=20,
        choices=enums.WorkPermission,
        default=enums.WorkPermission.UNKNOWN,
    )
    entered_on = models.DateField(_("Einreise am"), null=True, blank=True)
    recognised_on = models.DateField(_("Anerkennung am"), null=True, blank=True)
    residence_requirement = models.CharField(
        _("Wohnsitzauflage für"),
        max_length=120,
        blank=True,
        help_text=_("Ort oder Kreis nach § 12a AufenthG"),
    )
    requirement_until = models.DateField(
        _("Wohnsitzauflage bis"), null=True, blank=True, help_text=_("längstens drei Jahre ab Anerkennung")
    )

    class Meta:
        verbose_name = _("Aufenthalt")
        constraints = [
            models.CheckConstraint(
                name="residence_dates_ordered",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("„Gültig bis“ liegt vor „gültig ab“."),
                violation_error_code="valid_until",
            )
        ]


class Language(Section):
    category = Category.LANGUAGE
    mother_tongue = models.CharField(_("Muttersprache"), max_length=3, choices=languages, blank=True)
    other_languages = ArrayField(
        models.CharField(max_length=3, choices=languages),
        verbose_name=_("Weitere Sprachen"),
        default=list,
        blank=True,
    )
    german_level = models.CharField(_("Deutsch, selbst eingeschätzt"), max_length=4, choices=CEFR, blank=True)
    certified_level = models.CharField(_("Deutsch, mit Zertifikat"), max_length=4, choices=CEFR, blank=True)
    certified_on = models.DateField(_("Zertifikat vom"), null=True, blank=True)
    literacy = models.CharField(
        _("Schrift"), max_length=20, choices=enums.Literacy, default=enums.Literacy.UNKNOWN
    )
    course_status = models.CharField(
        _("Integrationskurs"), max_length=20, choices=enums.CourseStatus, default=enums.CourseStatus.UNKNOWN
    )
    course_ends_on = models.DateField(_("Kurs endet am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Sprache")


class Education(Section):
    category = Category.EDUCATION
    school_years = models.PositiveSmallIntegerField(_("Schuljahre"), null=True, blank=True)
    school_leaving = models.CharField(
        _("Schulabschluss"), max_length=10, choices=enums.SchoolLeaving, default=enums.SchoolLeaving.UNKNOWN
    )
    qualification = models.CharField(
        _("Beruflicher Abschluss"),
        max_length=12,
        choices=enums.Qualification,
        default=enums.Qualification.UNKNOWN,
    )
    qualification_title = models.CharField(_("Abschluss im Herkunftsland"), max_length=160, blank=True)
    qualification_country = models.CharField(
        _("erworben in"), max_length=2, choices=nationalities, blank=True
    )
    recognition = models.CharField(
        _("Anerkennung"),
        max_length=12,
        choices=enums.RecognitionStatus,
        default=enums.RecognitionStatus.UNKNOWN,
    )
    recognition_on = models.DateField(_("Stand der Anerkennung vom"), null=True, blank=True)

    class Meta:
        verbose_name = _("Bildung und Anerkennung")
        constraints = [
            models.CheckConstraint(
                name="school_years_plausible",
                condition=Q(school_years__isnull=True) | Q(school_years__lte=25),
                violation_error_code="school_years",
                violation_error_message=_("Bitte höchstens 25 Schuljahre angeben."),
            )
        ]


class Work(Section):
    category = Category.WORK
    status = models.CharField(
        _("Derzeitige Lage"), max_length=20, choices=enums.WorkStatus, default=enums.WorkStatus.UNKNOWN
    )
    since = models.DateField(_("seit"), null=True, blank=True)
    occupation = models.CharField(_("Tätigkeit"), max_length=160, blank=True)
    employer = models.CharField(_("Arbeitgeber"), max_length=160, blank=True)
    hours_per_week = models.DecimalField(
        _("Stunden je Woche"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    experience_years = models.PositiveSmallIntegerField(_("Berufserfahrung in Jahren"), null=True, blank=True)
    last_occupation = models.CharField(_("Zuletzt ausgeübter Beruf"), max_length=160, blank=True)
    driving_licence = models.BooleanField(_("Führerschein"), default=False)

    class Meta:
        verbose_name = _("Arbeit")
        constraints = [
            models.CheckConstraint(
                name="work_hours_plausible",
                condition=Q(hours_per_week__isnull=True) | Q(hours_per_week__range=(0, 80)),
                violation_error_code="hours_per_week",
                violation_error_message=_("Bitte 0 bis 80 Stunden angeben."),
            )
        ]


class Inclinations(Section):
    category = Category.INCLINATIONS
    wishes = models.CharField(_("Berufswunsch"), max_length=240, blank=True)
    strengths = models.TextField(_("Stärken und Interessen"), max_length=2000, blank=True)
    working_hours = models.CharField(_("Gewünschte Arbeitszeit"), max_length=120, blank=True)
    mobility = models.CharField(_("Mobilität"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("Neigungen")


class Family(Section):
    category = Category.FAMILY
    marital_status = models.CharField(
        _("Familienstand"), max_length=10, choices=enums.MaritalStatus, default=enums.MaritalStatus.UNKNOWN
    )
    single_parent = models.BooleanField(_("alleinerziehend"), default=False)
    children_under_3 = models.PositiveSmallIntegerField(_("Kinder unter 3 Jahren"), default=0)
    children_under_18 = models.PositiveSmallIntegerField(_("Kinder unter 18 Jahren"), default=0)
    childcare = models.CharField(
        _("Kinderbetreuung"),
        max_length=12,
        choices=enums.ChildcareStatus,
        default=enums.ChildcareStatus.UNKNOWN,
    )
    childcare_note = models.CharField(_("Betreuungszeiten"), max_length=160, blank=True)
    cares_for_relative = models.BooleanField(_("pflegt Angehörige"), default=False)

    class Meta:
        verbose_name = _("Familie und Kinderbetreuung")
        constraints = [
            models.CheckConstraint(
                name="small_children_are_children",
                condition=Q(children_under_3__lte=models.F("children_under_18")),
                violation_error_message=_(
                    "Kinder unter 3 Jahren zählen auch zu den Kindern unter 18 Jahren."
                ),
                violation_error_code="children_under_18",
            )
        ]


class Benefits(Section):
    category = Category.BENEFITS
    kind = models.CharField(
        _("Leistung"), max_length=10, choices=enums.BenefitKind, default=enums.BenefitKind.UNKNOWN
    )
    since = models.DateField(_("Bezug seit"), null=True, blank=True)
    approved_until = models.DateField(_("bewilligt bis"), null=True, blank=True)
    health_insurer = models.CharField(_("Krankenkasse"), max_length=80, blank=True)
    sanction_until = models.DateField(_("Leistungsminderung bis"), null=True, blank=True)

    class Meta:
        verbose_name = _("Leistungen")


class HousingSituation(Section):
    category = Category.HOUSING
    kind = models.CharField(
        _("Wohnform"), max_length=12, choices=enums.HousingKind, default=enums.HousingKind.UNKNOWN
    )
    since = models.DateField(_("seit"), null=True, blank=True)
    rooms = models.DecimalField(_("Zimmer"), max_digits=3, decimal_places=1, null=True, blank=True)
    monthly_cost = models.DecimalField(
        _("Monatliche Kosten in Euro"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    must_leave_by = models.DateField(_("Auszug bis"), null=True, blank=True)
    searching = models.BooleanField(_("sucht eine Wohnung"), default=False)

    class Meta:
        verbose_name = _("Wohnen")
        constraints = [
            models.CheckConstraint(
                name="housing_cost_not_negative",
                condition=Q(monthly_cost__isnull=True) | Q(monthly_cost__gte=0),
                violation_error_code="monthly_cost",
                violation_error_message=_("Die Kosten können nicht negativ sein."),
            )
        ]


class Debts(Section):
    category = Category.DEBTS
    status = models.CharField(
        _("Schulden"), max_length=12, choices=enums.DebtStatus, default=enums.DebtStatus.UNKNOWN
    )
    amount = models.DecimalField(
        _("Höhe in Euro, etwa"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    note = models.CharField(_("Gläubiger und Stand"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("Schulden")
        constraints = [
            models.CheckConstraint(
                name="debts_not_negative",
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                violation_error_code="amount",
                violation_error_message=_("Der Betrag kann nicht negativ sein."),
            )
        ]


class Health(Section):
    category = Category.HEALTH
    work_capacity = models.CharField(
        _("Erwerbsfähigkeit"), max_length=10, choices=enums.WorkCapacity, default=enums.WorkCapacity.UNKNOWN
    )
    disability_degree = models.PositiveSmallIntegerField(_("Grad der Behinderung"), null=True, blank=True)
    limitations = models.TextField(_("Einschränkungen im Arbeitsalltag"), max_length=2000, blank=True)
    barriers = models.TextField(_("Weitere Hemmnisse"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("Gesundheit und Hemmnisse")
        constraints = [
            models.CheckConstraint(
                name="disability_degree_valid",
                condition=Q(disability_degree__isnull=True) | Q(disability_degree__range=(20, 100)),
                violation_error_code="disability_degree",
                violation_error_message=_("Der Grad der Behinderung liegt zwischen 20 und 100."),
            )
        ]


SECTIONS: dict[Category, type[Section]] = {
    model.category: model
    for model in (
        Identity,
        Contact,
        Residence,
        Language,
        Education,
        Work,
        Inclinations,
        Family,
        Benefits,
        HousingSituation,
        Debts,
        Health,
    )
}
