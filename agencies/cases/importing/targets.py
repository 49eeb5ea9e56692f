"""The fields a spreadsheet column can fill, and the words agencies head such columns with."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from agencies.cases.importing import values
from agencies.cases.names import normalise


@dataclass(frozen=True)
class Target:
    """`key` names the value in an interpreted row, `label` is shown, `max_length` bounds texts."""

    key: str
    label: str
    synonyms: str
    parse: Callable[[Any], Any] = values.parse_text
    max_length: int | None = None
    #: A share of cells that can be read as this field says something about the column.
    telling: bool = False


TARGETS = (
    Target(
        "family_name",
        "Nachname",
        "Name|Familienname|Zuname|Surname|Last name|Nachname der Person",
        max_length=120,
    ),
    Target("given_name", "Vorname", "Vornamen|Rufname|First name|Given name", max_length=120),
    Target(
        "full_name",
        "Name, Vorname",
        "Nachname Vorname|Vorname Name|Vor- und Nachname|Vorname Nachname|Vor- und Zuname|Kunde|Kundin|Klient"
        "|Person|Teilnehmer|Teilnehmerin|Teilnehmer/in|Schüler|Schülerin|Schüler/in|Bewohner|Bewohner/in"
        "|Leistungsberechtigte|Leistungsberechtigter|Antragsteller|Antragsteller/in|Kind"
        "|Vollständiger Name|Familienname Vorname|Name und Vorname",
        max_length=240,
    ),
    Target("original_name", "Name in Originalschrift", "Originalschrift|Originalname", max_length=240),
    Target(
        "other_spellings",
        "Weitere Schreibweisen",
        "Aliasname|Alias|Aliasnamen|Andere Schreibweise|Schreibweise",
    ),
    Target(
        "birth_date",
        "Geburtsdatum",
        "Geb.-Datum|Geb. Datum|Gebdat|Geb.-Dat.|Geburtsdat.|GebDatum|geb.|geb. am|geboren am"
        "|Geburtstag|GD|Date of birth|DOB|Geburtsjahr",
        values.parse_partial_date,
        telling=True,
    ),
    Target("birth_place", "Geburtsort", "Geb.-Ort|Geburtsort und -land", max_length=120),
    Target("gender", "Geschlecht", "m/w|m/w/d|Anrede|Geschl.|Gender|Sex", values.parse_gender, telling=True),
    Target(
        "nationality",
        "Staatsangehörigkeit",
        "Nationalität|Nat.|Staat|Staatsang.|StA|STAG|Herkunftsland|Herkunft|Land|Staatsbürgerschaft|Nationality",
        values.parse_nationality,
        telling=True,
    ),
    Target(
        "foreign_reference",
        "Aktenzeichen / Kundennummer",
        "Aktenzeichen|AZ|Az.|Kundennummer|Kunden-Nr.|KdNr|Kdnr.|AZR-Nummer|AZR-Nr.|AZR|Fallnummer|Fall-Nr.|Akte"
        "|Personennummer|Pers.-Nr.|Geschäftszeichen|Kunden-ID|ID|BAMF-Az|Ausländernummer",
        max_length=60,
    ),
    Target(
        "household_reference",
        "BG-Nummer",
        "BG-Nr.|BG Nr|BG|Bedarfsgemeinschaft|Nummer der Bedarfsgemeinschaft|Haushaltsnummer|Familiennummer",
        max_length=60,
    ),
    Target(
        "street",
        "Straße und Hausnummer",
        "Straße|Str.|Anschrift|Adresse|Wohnanschrift|Street",
        max_length=120,
    ),
    Target("house_number", "Hausnummer", "Haus-Nr.|Hausnr.|HNr|HsNr|Hs.-Nr.", max_length=12),
    Target("postcode", "PLZ", "Postleitzahl|Zip|Postcode", values.parse_postcode, telling=True),
    Target("town", "Ort", "Wohnort|Stadt|Gemeinde|Town|City", max_length=80),
    Target("postcode_town", "PLZ und Ort", "PLZ Ort|PLZ/Ort|PLZ Wohnort", max_length=90),
    Target("care_of", "wohnhaft bei", "c/o|bei", max_length=120),
    Target(
        "phone",
        "Telefon",
        "Tel.|Telefonnummer|Tel.-Nr.|Festnetz|Rufnummer|Phone",
        values.parse_phone,
        40,
        True,
    ),
    Target("mobile", "Mobiltelefon", "Mobil|Handy|Handynummer|Mobilnummer|Mobile", values.parse_phone, 40),
    Target("email", "E-Mail", "Email|Mail|E-Mail-Adresse|Mailadresse", values.parse_email, 254, True),
    Target(
        "preferred_language",
        "Sprache für Gespräche",
        "Gesprächssprache|Korrespondenzsprache|Verständigung|Kontaktsprache",
        values.parse_language,
    ),
    Target(
        "interpreter_needed",
        "Sprachmittlung nötig",
        "Dolmetscher|Dolmetscher nötig|Sprachmittler|Dolmetscherbedarf|Sprachmittlung",
        values.parse_bool,
    ),
    Target(
        "residence_kind",
        "Aufenthaltsstatus",
        "Aufenthalt|Status|Aufenthaltstitel|Titel|Aufenthaltserlaubnis|Aufenthaltsrecht",
        values.parse_residence,
        telling=True,
    ),
    Target(
        "residence_from",
        "Aufenthalt gültig ab",
        "gültig ab|gültig von|erteilt am|Titel ab",
        values.parse_date,
    ),
    Target(
        "residence_until",
        "Aufenthalt gültig bis",
        "gültig bis|Titel bis|Ablauf|Ablaufdatum|befristet bis|Aufenthalt bis|Gültigkeit",
        values.parse_until,
    ),
    Target(
        "entered_on",
        "Einreise am",
        "Einreise|Einreisedatum|eingereist am|in Deutschland seit",
        values.parse_date,
    ),
    Target("recognised_on", "Anerkennung am", "Anerkennungsdatum|Bescheid vom", values.parse_date),
    Target(
        "residence_requirement", "Wohnsitzauflage für", "Wohnsitzauflage|Wohnsitzregelung", max_length=120
    ),
    Target("requirement_until", "Wohnsitzauflage bis", "Auflage bis", values.parse_until),
    Target(
        "german_level",
        "Deutschkenntnisse",
        "Sprachniveau|Deutsch|Deutschniveau|Sprachstand|GER-Niveau|GER|Niveau|Level|Deutschkenntnis",
        values.parse_cefr,
        telling=True,
    ),
    Target(
        "certified_level",
        "Sprachzertifikat",
        "Zertifikat|Zertifikat Niveau|Deutsch-Zertifikat",
        values.parse_cefr,
    ),
    Target("certified_on", "Zertifikat vom", "Zertifikatsdatum|Prüfung am|Prüfungsdatum", values.parse_date),
    Target(
        "mother_tongue",
        "Muttersprache",
        "Erstsprache|Sprache|Herkunftssprache",
        values.parse_language,
        telling=True,
    ),
    Target("other_languages", "Weitere Sprachen", "Sprachkenntnisse|Fremdsprachen", values.parse_languages),
    Target(
        "course_ends_on", "Kurs endet am", "Kursende|IK Ende|Integrationskurs bis|Kurs bis", values.parse_date
    ),
    Target("school_years", "Schuljahre", "Schulbesuch in Jahren|Schulbesuch Jahre", values.parse_int),
    Target(
        "qualification_title",
        "Abschluss im Herkunftsland",
        "Berufsabschluss|Ausbildung|Abschluss",
        max_length=160,
    ),
    Target("occupation", "Tätigkeit", "Beschäftigung|derzeitige Tätigkeit", max_length=160),
    Target(
        "last_occupation", "Zuletzt ausgeübter Beruf", "Beruf|letzter Beruf|erlernter Beruf", max_length=160
    ),
    Target("employer", "Arbeitgeber", "Firma|Betrieb", max_length=160),
    Target("wishes", "Berufswunsch", "Wunschberuf|Zielberuf", max_length=240),
    Target(
        "remark",
        "Bemerkung (Notiz zu „Gesundheit und Hemmnisse“)",
        "Bemerkung|Bemerkungen|Bem.|Notiz|Notizen|Anmerkung|Anmerkungen|Kommentar|Hinweis",
        max_length=5_000,
    ),
)
#: Without these nobody is a case; every other field may stay empty.
NEEDED = frozenset(("family_name", "given_name", "full_name", "birth_date"))
BY_KEY = {target.key: target for target in TARGETS}


def header_form(text: str) -> str:
    return normalise(text).replace(" ", "")


@cache
def header_table() -> dict[str, str]:
    """Plain header without spaces → target key; the first target that claims a word keeps it."""
    table: dict[str, str] = {}
    for target in TARGETS:
        for word in (target.label, *target.synonyms.split("|")):
            table.setdefault(header_form(word), target.key)
    return table


def is_known_header(text: object) -> bool:
    return isinstance(text, str) and header_form(text) in header_table()
