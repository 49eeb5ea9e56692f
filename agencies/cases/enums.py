"""Vocabularies of the case file."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseStatus(models.TextChoices):
    NEW = "new", _("neu")
    ACTIVE = "active", _("in Bearbeitung")
    PARKED = "parked", _("ruht")
    CLOSED = "closed", _("abgeschlossen")


class Gender(models.TextChoices):
    FEMALE = "female", _("weiblich")
    MALE = "male", _("männlich")
    DIVERSE = "diverse", _("divers")
    UNKNOWN = "unknown", _("keine Angabe")


class WorkPermission(models.TextChoices):
    ALLOWED = "allowed", _("Erwerbstätigkeit gestattet")
    ON_APPROVAL = "on_approval", _("Beschäftigung nur mit Erlaubnis")
    NOT_ALLOWED = "not_allowed", _("Erwerbstätigkeit nicht gestattet")
    UNKNOWN = "unknown", _("nicht bekannt")


class Literacy(models.TextChoices):
    LATIN = "latin", _("lateinische Schrift")
    OTHER_SCRIPT = "other_script", _("andere Schrift, Zweitschriftlerner/in")
    LEARNING = "learning", _("in Alphabetisierung")
    NONE = "none", _("nicht alphabetisiert")
    UNKNOWN = "unknown", _("nicht bekannt")


class CourseStatus(models.TextChoices):
    NONE = "none", _("kein Kurs")
    ENTITLED = "entitled", _("Berechtigung liegt vor")
    WAITING = "waiting", _("auf Warteliste")
    ATTENDING = "attending", _("besucht einen Kurs")
    COMPLETED = "completed", _("abgeschlossen")
    UNKNOWN = "unknown", _("nicht bekannt")


class SchoolLeaving(models.TextChoices):
    NONE = "none", _("ohne Abschluss")
    PRIMARY = "primary", _("Grundschule")
    LOWER = "lower", _("Hauptschule oder vergleichbar")
    MIDDLE = "middle", _("mittlerer Abschluss oder vergleichbar")
    UPPER = "upper", _("Hochschulreife oder vergleichbar")
    UNKNOWN = "unknown", _("nicht bekannt")


class Qualification(models.TextChoices):
    NONE = "none", _("ohne Berufsabschluss")
    INFORMAL = "informal", _("angelernt, ohne Zeugnis")
    VOCATIONAL = "vocational", _("Berufsausbildung")
    ACADEMIC = "academic", _("Hochschulabschluss")
    UNKNOWN = "unknown", _("nicht bekannt")


class RecognitionStatus(models.TextChoices):
    NOT_NEEDED = "not_needed", _("nicht erforderlich")
    OPEN = "open", _("noch nicht beantragt")
    APPLIED = "applied", _("beantragt")
    PARTIAL = "partial", _("teilweise anerkannt")
    FULL = "full", _("voll anerkannt")
    REJECTED = "rejected", _("abgelehnt")
    UNKNOWN = "unknown", _("nicht bekannt")


class WorkStatus(models.TextChoices):
    UNEMPLOYED = "unemployed", _("arbeitslos")
    INSURED = "insured", _("sozialversicherungspflichtig beschäftigt")
    MINI_JOB = "mini_job", _("Minijob")
    APPRENTICESHIP = "apprenticeship", _("in Ausbildung")
    INTERNSHIP = "internship", _("im Praktikum")
    SELF_EMPLOYED = "self_employed", _("selbstständig")
    SCHOOL = "school", _("Schule oder Studium")
    NOT_AVAILABLE = "not_available", _("derzeit nicht verfügbar")
    UNKNOWN = "unknown", _("nicht bekannt")


class MaritalStatus(models.TextChoices):
    SINGLE = "single", _("ledig")
    MARRIED = "married", _("verheiratet")
    SEPARATED = "separated", _("getrennt lebend")
    DIVORCED = "divorced", _("geschieden")
    WIDOWED = "widowed", _("verwitwet")
    UNKNOWN = "unknown", _("nicht bekannt")


class ChildcareStatus(models.TextChoices):
    NOT_NEEDED = "not_needed", _("nicht erforderlich")
    SECURED = "secured", _("gesichert")
    PARTLY = "partly", _("teilweise gesichert")
    MISSING = "missing", _("fehlt")
    UNKNOWN = "unknown", _("nicht bekannt")


class Relation(models.TextChoices):
    PARTNER = "partner", _("Ehe- oder Lebenspartner/in")
    CHILD = "child", _("Kind")
    PARENT = "parent", _("Elternteil")
    SIBLING = "sibling", _("Geschwister")
    OTHER = "other", _("andere Person")


class BenefitKind(models.TextChoices):
    NONE = "none", _("keine Leistungen")
    SGB2 = "sgb2", _("Grundsicherung für Arbeitsuchende (SGB II)")
    SGB3 = "sgb3", _("Arbeitslosengeld (SGB III)")
    SGB12 = "sgb12", _("Sozialhilfe (SGB XII)")
    ASYLBLG = "asylblg", _("Asylbewerberleistungen (AsylbLG)")
    BAFOEG = "bafoeg", _("Ausbildungsförderung (BAföG, BAB)")
    UNKNOWN = "unknown", _("nicht bekannt")


class HousingKind(models.TextChoices):
    OWN_LEASE = "own_lease", _("eigener Mietvertrag")
    COUNTY_FLAT = "county_flat", _("vom Landkreis gemietete Wohnung")
    SHARED = "shared", _("Gemeinschaftsunterkunft")
    FAMILY = "family", _("bei Angehörigen oder Bekannten")
    HOMELESS = "homeless", _("wohnungslos")
    UNKNOWN = "unknown", _("nicht bekannt")


class DebtStatus(models.TextChoices):
    NONE = "none", _("keine Schulden bekannt")
    INSTALMENTS = "instalments", _("Ratenzahlung läuft")
    UNREGULATED = "unregulated", _("Schulden ohne Regelung")
    ADVICE = "advice", _("in Schuldnerberatung")
    INSOLVENCY = "insolvency", _("im Insolvenzverfahren")
    UNKNOWN = "unknown", _("nicht bekannt")


class WorkCapacity(models.TextChoices):
    FULL = "full", _("mindestens sechs Stunden täglich")
    PARTIAL = "partial", _("drei bis unter sechs Stunden täglich")
    BELOW = "below", _("unter drei Stunden täglich")
    UNKNOWN = "unknown", _("nicht geklärt")
