"""The closed vocabularies that every floor above the agencies shares."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyKind(models.TextChoices):
    JOBCENTER = "jobcenter", _("Jobcenter")
    SOCIAL_OFFICE = "social_office", _("Sozialamt")
    YOUTH_OFFICE = "youth_office", _("Jugendamt")
    IMMIGRATION_AUTHORITY = "immigration_authority", _("Ausländerbehörde")
    EMPLOYMENT_AGENCY = "employment_agency", _("Agentur für Arbeit")
    VOCATIONAL_SCHOOL = "vocational_school", _("Berufsbildende Schule")
    ADULT_EDUCATION_CENTRE = "adult_education_centre", _("Volkshochschule")
    TRAINING_PROVIDER = "training_provider", _("Bildungsträger")
    INTEGRATION_OFFICE = "integration_office", _("Integrationsbüro")
    MUNICIPALITY = "municipality", _("Gemeinde")
    ADVICE_CENTRE = "advice_centre", _("Beratungsstelle")


#: Bodies of § 35 SGB I: only among them may data be retrieved from a live case (§ 79 (1) SGB X).
#: Everyone else receives a frozen snapshot of what was released.
BROWSING_KINDS = frozenset(
    {
        AgencyKind.JOBCENTER,
        AgencyKind.SOCIAL_OFFICE,
        AgencyKind.YOUTH_OFFICE,
        AgencyKind.EMPLOYMENT_AGENCY,
    }
)


class Category(models.TextChoices):
    """Data categories: the parts of a case that are shared, or not, as one."""

    IDENTITY = "identity", _("Identität")
    CONTACT = "contact", _("Kontakt")
    RESIDENCE = "residence", _("Aufenthalt")
    LANGUAGE = "language", _("Sprache")
    EDUCATION = "education", _("Bildung und Anerkennung")
    WORK = "work", _("Arbeit")
    INCLINATIONS = "inclinations", _("Neigungen")
    FAMILY = "family", _("Familie und Kinderbetreuung")
    BENEFITS = "benefits", _("Leistungen")
    HOUSING = "housing", _("Wohnen")
    DEBTS = "debts", _("Schulden")
    HEALTH = "health", _("Gesundheit und Hemmnisse")


#: Art. 9 GDPR: special categories, never ticked by default and never without their own reason.
SPECIAL_CATEGORIES = frozenset({Category.HEALTH})


class Level(models.TextChoices):
    """How far a grant reaches; ``change`` includes ``view``."""

    VIEW = "view", _("lesen")
    CHANGE = "change", _("lesen und bearbeiten")


class Purpose(models.TextChoices):
    """What data are passed on for (Zweck, § 67d and § 78 SGB X)."""

    CASE_MANAGEMENT = "case_management", _("Fallführung")
    INTEGRATION_WORK = "integration_work", _("Eingliederung in Arbeit und Ausbildung")
    LANGUAGE_COURSE = "language_course", _("Vermittlung in einen Sprachkurs")
    SCHOOL_TRAINING = "school_training", _("Schule und Ausbildung")
    RECOGNITION = "recognition", _("Anerkennung von Abschlüssen")
    YOUTH_WELFARE = "youth_welfare", _("Hilfe für junge Menschen und Familien")
    CHILDCARE = "childcare", _("Kinderbetreuung")
    BENEFIT_CLAIM = "benefit_claim", _("Klärung von Leistungen")
    HOUSING = "housing", _("Wohnraum")
    RESIDENCE_QUESTION = "residence_question", _("Aufenthaltsrechtliche Frage")
    DEBT_ADVICE = "debt_advice", _("Schuldnerberatung")
    ADVICE = "advice", _("Beratung")
    HANDOVER = "handover", _("Wechsel der Federführung")


class LegalBasis(models.TextChoices):
    """The norm that carries a disclosure; the sender answers for it (§ 67d (2) SGB X)."""

    COLLECTION = "sgb10_67a", _("Erhebung zur eigenen Aufgabe (§ 67a SGB X)")
    OWN_OR_RECIPIENT_TASK = (
        "sgb10_69",
        _("Aufgabenerfüllung nach dem Sozialgesetzbuch (§ 69 Abs. 1 Nr. 1 SGB X)"),
    )
    CONSENT = "consent", _("Einwilligung der betroffenen Person (§ 67b Abs. 2 SGB X)")
    RESIDENCE_LAW = "sgb10_71_2", _("Ausländerrechtliche Übermittlung (§ 71 Abs. 2 SGB X)")
    REQUEST_RESIDENCE = "aufenthg_87", _("Ersuchen der Ausländerbehörde (§§ 86, 87 AufenthG)")
    CONTRACTOR_MEASURE = "sgb2_16", _("Durchführung einer Maßnahme im Auftrag (§ 16 SGB II, § 69 SGB X)")


class ResidenceKind(models.TextChoices):
    GESTATTUNG = "gestattung", _("Aufenthaltsgestattung")
    DULDUNG = "duldung", _("Duldung")
    DULDUNG_60C = "duldung_60c", _("Ausbildungsduldung (§ 60c AufenthG)")
    DULDUNG_60D = "duldung_60d", _("Beschäftigungsduldung (§ 60d AufenthG)")
    PAR_24 = "par_24", _("Aufenthaltserlaubnis § 24 (Ukraine)")
    PAR_25_1 = "par_25_1", _("Aufenthaltserlaubnis § 25 Abs. 1 (Asyl)")
    PAR_25_2 = "par_25_2", _("Aufenthaltserlaubnis § 25 Abs. 2 (Flüchtling, subsidiär)")
    PAR_25_3 = "par_25_3", _("Aufenthaltserlaubnis § 25 Abs. 3 (Abschiebungsverbot)")
    PAR_25_4 = "par_25_4", _("Aufenthaltserlaubnis § 25 Abs. 4 (vorübergehender Aufenthalt)")
    PAR_25_5 = "par_25_5", _("Aufenthaltserlaubnis § 25 Abs. 5 (Ausreise unmöglich)")
    PAR_25A = "par_25a", _("Aufenthaltserlaubnis § 25a (gut integrierte Jugendliche)")
    PAR_25B = "par_25b", _("Aufenthaltserlaubnis § 25b (nachhaltige Integration)")
    PAR_104C = "par_104c", _("Chancen-Aufenthaltsrecht (§ 104c AufenthG)")
    FAMILY = "family", _("Aufenthaltserlaubnis aus familiären Gründen (§§ 28–36 AufenthG)")
    NIEDERLASSUNG = "niederlassung", _("Niederlassungserlaubnis")
    FIKTION = "fiktion", _("Fiktionsbescheinigung")
    EU = "eu", _("Freizügigkeit (EU)")
    GERMAN = "german", _("Deutsche Staatsangehörigkeit")
    UNKNOWN = "unknown", _("nicht bekannt")


class CEFR(models.TextChoices):
    """Language levels of the Common European Framework of Reference (GER)."""

    NONE = "none", _("keine Kenntnisse")
    A1 = "A1", "A1"
    A2 = "A2", "A2"
    B1 = "B1", "B1"
    B2 = "B2", "B2"
    C1 = "C1", "C1"
    C2 = "C2", "C2"


class Land(models.TextChoices):
    """German Länder by ISO 3166-2 suffix; public holidays depend on them."""

    BB = "BB", "Brandenburg"
    BE = "BE", "Berlin"
    BW = "BW", "Baden-Württemberg"
    BY = "BY", "Bayern"
    HB = "HB", "Bremen"
    HE = "HE", "Hessen"
    HH = "HH", "Hamburg"
    MV = "MV", "Mecklenburg-Vorpommern"
    NI = "NI", "Niedersachsen"
    NW = "NW", "Nordrhein-Westfalen"
    RP = "RP", "Rheinland-Pfalz"
    SH = "SH", "Schleswig-Holstein"
    SL = "SL", "Saarland"
    SN = "SN", "Sachsen"
    ST = "ST", "Sachsen-Anhalt"
    TH = "TH", "Thüringen"
