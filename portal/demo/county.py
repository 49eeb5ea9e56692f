"""The agencies of the fictional county, their teams and who works there in which role."""

from dataclasses import dataclass, field

from agencies.enums import AgencyKind as K
from agencies.roles import Role

R = Role


@dataclass(frozen=True)
class Office:
    """One agency; ``staff`` says how many people hold a role, ``teams`` are pairs of slug and name."""

    slug: str
    name: str
    short: str
    kind: K
    teams: tuple[tuple[str, str], ...]
    staff: dict[R, int]
    free: int | None = None
    waiting_days: int | None = None
    note: str = ""
    clocks: tuple[int, int, int] = field(default=(5, 10, 30))


_HEAD = {R.TEAMLEITUNG: 1, R.LEITUNG: 1, R.DATENSCHUTZ: 1, R.VERWALTUNG: 1}
_SMALL = {R.TEAMLEITUNG: 1, R.LEITUNG: 1, R.VERWALTUNG: 1}

OFFICES: tuple[Office, ...] = (
    Office(
        "jobcenter",
        "Jobcenter Landkreis Lindenau",
        "Jobcenter",
        K.JOBCENTER,
        (
            ("aif", "Team Arbeit und Integration für Geflüchtete"),
            ("u25", "Team U25"),
            ("familie", "Team Familie und Alleinerziehende"),
            ("nord", "Team Nord"),
            ("sued", "Team Süd"),
        ),
        {
            R.FALLMANAGEMENT: 10,
            R.SACHBEARBEITUNG: 3,
            R.EINGANG: 2,
            R.FACHDIENST: 2,
            **_HEAD,
            R.TEAMLEITUNG: 2,
        },
        note="Erstgespräche innerhalb einer Woche.",
        free=40,
        waiting_days=6,
    ),
    Office(
        "sozialamt",
        "Sozialamt Landkreis Lindenau",
        "Sozialamt",
        K.SOCIAL_OFFICE,
        (
            ("asyl", "Team Asylbewerberleistungen"),
            ("sgb12", "Team Grundsicherung"),
            ("unterkunft", "Unterbringung"),
        ),
        {R.SACHBEARBEITUNG: 3, R.FALLMANAGEMENT: 2, R.EINGANG: 1, **_HEAD},
        free=15,
        waiting_days=10,
    ),
    Office(
        "jugendamt",
        "Jugendamt Landkreis Lindenau",
        "Jugendamt",
        K.YOUTH_OFFICE,
        (("uma", "Team junge Alleinreisende"), ("familie", "Team Familienhilfe"), ("kita", "Kita-Planung")),
        {R.FALLMANAGEMENT: 3, R.SACHBEARBEITUNG: 2, R.EINGANG: 1, R.FACHDIENST: 1, **_HEAD},
        free=6,
        waiting_days=21,
        note="Kita-Plätze in Erlenbach derzeit nur über die Warteliste.",
    ),
    Office(
        "auslaenderbehoerde",
        "Ausländerbehörde Landkreis Lindenau",
        "Ausländerbehörde",
        K.IMMIGRATION_AUTHORITY,
        (("aufenthalt", "Aufenthaltsrecht"), ("beschaeftigung", "Beschäftigungserlaubnisse")),
        {R.SACHBEARBEITUNG: 3, R.EINGANG: 1, **_HEAD},
        waiting_days=28,
        note="Bitte nur mit konkreter Frage anfragen.",
        clocks=(5, 15, 40),
    ),
    Office(
        "arbeitsagentur",
        "Agentur für Arbeit Lindenau",
        "Agentur für Arbeit",
        K.EMPLOYMENT_AGENCY,
        (
            ("vermittlung", "Arbeitsvermittlung"),
            ("berufsberatung", "Berufsberatung"),
            ("agservice", "Arbeitgeber-Service"),
        ),
        {R.FALLMANAGEMENT: 3, R.SACHBEARBEITUNG: 1, R.EINGANG: 1, R.FACHDIENST: 1, **_HEAD},
        free=25,
        waiting_days=9,
    ),
    Office(
        "bbs",
        "Berufsbildende Schulen Lindenau",
        "BBS Lindenau",
        K.VOCATIONAL_SCHOOL,
        (("sprachklassen", "Sprachförderklassen"), ("berufseinstieg", "Berufseinstiegsschule")),
        {R.SACHBEARBEITUNG: 1, R.FACHDIENST: 2, R.EINGANG: 1, **_SMALL},
        free=12,
        waiting_days=40,
        note="Aufnahme zum Beginn des Schulhalbjahrs.",
    ),
    Office(
        "kvhs",
        "Kreisvolkshochschule Lindenau",
        "KVHS",
        K.ADULT_EDUCATION_CENTRE,
        (("kursbuero", "Kursbüro"), ("beratung", "Lernberatung")),
        {R.KURSBUERO: 2, R.FACHDIENST: 2, R.EINGANG: 1, R.REDAKTION: 1, R.DATENSCHUTZ: 1, **_SMALL},
        free=18,
        waiting_days=35,
        note="Alphabetisierungskurs: noch 4 Plätze.",
    ),
    Office(
        "bildungstraeger",
        "Werkbrücke Bildung gGmbH",
        "Werkbrücke",
        K.TRAINING_PROVIDER,
        (("coaching", "Coaching"), ("werkstatt", "Werkstatt und Praktikum")),
        {R.FACHDIENST: 2, R.SACHBEARBEITUNG: 1, R.KURSBUERO: 1, **_SMALL},
        free=9,
        waiting_days=14,
    ),
    Office(
        "lernhaus",
        "Lernhaus Aue e. V.",
        "Lernhaus Aue",
        K.TRAINING_PROVIDER,
        (("sprache", "Sprache und Beruf"),),
        {R.KURSBUERO: 1, R.FACHDIENST: 1, **_SMALL},
        free=0,
        waiting_days=60,
        note="Nächster Kurs mit Kinderbetreuung nach den Ferien.",
    ),
    Office(
        "integrationsbuero",
        "Integrationsbüro Landkreis Lindenau",
        "Integrationsbüro",
        K.INTEGRATION_OFFICE,
        (("beratung", "Beratung"), ("anerkennung", "Anerkennungsberatung")),
        {R.FALLMANAGEMENT: 2, R.SACHBEARBEITUNG: 1, R.REDAKTION: 2, **_SMALL},
        free=20,
        waiting_days=5,
    ),
    Office(
        "gemeinde-lindenau",
        "Stadt Lindenau",
        "Stadt Lindenau",
        K.MUNICIPALITY,
        (("wohnen", "Wohnen und Soziales"),),
        {R.SACHBEARBEITUNG: 2, **_SMALL},
        free=3,
        waiting_days=45,
    ),
    Office(
        "gemeinde-erlenbach",
        "Gemeinde Erlenbach",
        "Erlenbach",
        K.MUNICIPALITY,
        (("soziales", "Bürgerbüro und Soziales"),),
        {R.SACHBEARBEITUNG: 1, **_SMALL},
        free=1,
        waiting_days=30,
    ),
    Office(
        "schuldnerberatung",
        "Schuldnerberatung im Landkreis Lindenau",
        "Schuldnerberatung",
        K.ADVICE_CENTRE,
        (("beratung", "Beratung"),),
        {R.FACHDIENST: 2, R.SACHBEARBEITUNG: 1, **_SMALL},
        free=5,
        waiting_days=25,
    ),
)

#: User names that work for a second agency too: the welfare department lends a hand at the Stadt Lindenau.
SECOND_JOBS: dict[str, tuple[str, R]] = {
    "integrationsbuero.fallmanagement": ("kvhs", R.FACHDIENST),
    "sozialamt.fallmanagement2": ("gemeinde-lindenau", R.SACHBEARBEITUNG),
}
