"""What agencies write into cells, and what it means."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.cases.birthdates import PartialDate
from agencies.cases.importing import values
from agencies.cases.importing.targets import TARGETS
from agencies.cases.importing.words import nationality_table
from agencies.enums import ResidenceKind

RESIDENCES = [
    ("Aufenthaltsgestattung", "gestattung"),
    ("Gestattung (§ 55 AsylG)", "gestattung"),
    ("Duldung", "duldung"),
    ("geduldet", "duldung"),
    ("Duldung § 60a Abs. 2 AufenthG", "duldung"),
    ("§ 60c", "duldung_60c"),
    ("Ausbildungsduldung", "duldung_60c"),
    ("Beschäftigungsduldung § 60d AufenthG", "duldung_60d"),
    ("§ 24", "par_24"),
    ("AE § 24 AufenthG bis 04.03.2027", "par_24"),
    ("24", "par_24"),
    ("§ 25 Abs. 1", "par_25_1"),
    ("§ 25 Abs. 2 AufenthG", "par_25_2"),
    ("§25(2)", "par_25_2"),
    ("25.2", "par_25_2"),
    (25.2, "par_25_2"),
    ("AE § 25 II", "par_25_2"),
    ("§ 25 Abs. 2 S. 1 Alt. 2", "par_25_2"),
    ("subsidiärer Schutz", "par_25_2"),
    ("Flüchtling", "par_25_2"),
    ("§ 25 III AufenthG", "par_25_3"),
    ("Abschiebungsverbot", "par_25_3"),
    ("§ 25a", "par_25a"),
    ("25 b", "par_25b"),
    ("Chancen-Aufenthalt", "par_104c"),
    ("§ 104c AufenthG", "par_104c"),
    ("§ 28 Abs. 1", "family"),
    ("§ 36a AufenthG", "family"),
    ("NE", "niederlassung"),
    ("§ 26 Abs. 4 AufenthG", "niederlassung"),
    ("Fiktionsbescheinigung (§ 81 Abs. 4)", "fiktion"),
    ("§ 25 Abs. 5", "par_25_5"),
    ("§ 25 IV AufenthG", "par_25_4"),
    ("EU", "eu"),
    ("deutsch", "german"),
    ("par_25_2", "par_25_2"),
    ("unbekannt", "unknown"),
]


@pytest.mark.parametrize(("written", "code"), RESIDENCES)
def test_residence(written, code):
    assert values.parse_residence(written) == code


@pytest.mark.parametrize(
    "written",
    ["§ 25", "§ 25 Abs. 6", "AE bis 24.09.2027", "24 Monate", "Aufenthaltserlaubnis", "Visum", "Duldung EU"],
)
def test_residence_refuses_what_is_not_clear(written):
    with pytest.raises(ValueError, match=f"^„{written}“ ist als Aufenthaltsstatus nicht bekannt.$"):
        values.parse_residence(written)


def test_residence_codes_are_those_of_the_case_file():
    assert {code for _written, code in RESIDENCES} == set(ResidenceKind.values)


@pytest.mark.parametrize(
    ("parse", "written", "expected"),
    [
        (values.parse_date, "3.5.2027", datetime.date(2027, 5, 3)),
        (values.parse_date, "03.05.27", datetime.date(2027, 5, 3)),
        (values.parse_date, "03.05.90", datetime.date(1990, 5, 3)),
        (values.parse_date, "2027-05-03", datetime.date(2027, 5, 3)),
        (values.parse_date, 46510, datetime.date(2027, 5, 3)),
        (values.parse_date, datetime.date(2027, 5, 3), datetime.date(2027, 5, 3)),
        (values.parse_until, "unbefristet", None),
        (values.parse_until, "3.5.2027", datetime.date(2027, 5, 3)),
        (values.parse_partial_date, "00.05.1990", PartialDate(1990, 5)),
        (values.parse_decimal, "1.234,56", Decimal("1234.56")),
        (values.parse_decimal, "412,5 €", Decimal("412.5")),
        (values.parse_decimal, "1.234", Decimal(1234)),
        (values.parse_decimal, "12.5", Decimal("12.5")),
        (values.parse_decimal, "1,234.5", Decimal("1234.5")),
        (values.parse_decimal, "-3", Decimal(-3)),
        (values.parse_decimal, 3.1, Decimal("3.1")),
        (values.parse_int, "12", 12),
        (values.parse_bool, "Ja", True),
        (values.parse_bool, "x", True),
        (values.parse_bool, 1, True),
        (values.parse_bool, "NEIN", False),
        (values.parse_bool, False, False),
        (values.parse_cefr, "B1", "B1"),
        (values.parse_cefr, "b 1", "B1"),
        (values.parse_cefr, "A2.1", "A2"),
        (values.parse_cefr, "telc Deutsch B1+", "B1"),
        (values.parse_cefr, "keine Kenntnisse", "none"),
        (values.parse_language, "Arabisch", "ar"),
        (values.parse_language, "Farsi / Dari", "fa"),
        (values.parse_language, "Tigrinya", "ti"),
        (values.parse_language, "Kurdisch (Kurmandschi)", "ku"),
        (values.parse_language, "uk", "uk"),
        (values.parse_languages, "Arabisch, Englisch und Kurdisch; Arabisch", ["ar", "en", "ku"]),
        (values.parse_nationality, "Syrien", "SY"),
        (values.parse_nationality, "syrisch", "SY"),
        (values.parse_nationality, "Syrische", "SY"),
        (values.parse_nationality, "Afghane", "AF"),
        (values.parse_nationality, "UKR", "UA"),
        (values.parse_nationality, "ua", "UA"),
        (values.parse_nationality, "türkisch", "TR"),
        (values.parse_nationality, "Iran", "IR"),
        (values.parse_nationality, "staatenlos", "XX"),
        (values.parse_nationality, "ungeklärt", "ZZ"),
        (values.parse_gender, "W", "female"),
        (values.parse_gender, "Herr", "male"),
        (values.parse_gender, "männl.", "male"),
        (values.parse_gender, 1, "male"),
        (values.parse_gender, 2.0, "female"),
        (values.parse_gender, "unbekannt", "unknown"),
        (values.parse_partial_date, "03.05.1990 00:00:00", PartialDate(1990, 5, 3)),
        (values.parse_partial_date, "1990-05-03T00:00:00", PartialDate(1990, 5, 3)),
        (values.parse_partial_date, "1990/05/03", PartialDate(1990, 5, 3)),
        (values.parse_partial_date, "19900503", PartialDate(1990, 5, 3)),
        (values.parse_partial_date, 19900503, PartialDate(1990, 5, 3)),
        (values.parse_partial_date, "19900000", PartialDate(1990)),
        (values.parse_partial_date, "03051990", PartialDate(1990, 5, 3)),
        (values.parse_partial_date, "3.5.1990.", PartialDate(1990, 5, 3)),
        (values.parse_partial_date, "XX.05.1990", PartialDate(1990, 5)),
        (values.parse_partial_date, "--.--.1990", PartialDate(1990)),
        (values.parse_partial_date, "..1990", PartialDate(1990)),
        (values.parse_date, "2027-05-03 00:00:00", datetime.date(2027, 5, 3)),
        (values.parse_nationality, "475", "SY"),
        (values.parse_nationality, 423, "AF"),
        (values.parse_nationality, 0, "DE"),
        (values.parse_nationality, "afgh.", "AF"),
        (values.parse_nationality, "Bosnien-Herzegowina", "BA"),
        (values.parse_phone, "0151-2345678 (Mutter)", "0151-2345678 (Mutter)"),
        (values.parse_phone, "’0151123456", "0151123456"),
        (values.parse_postcode, "DE 21 762", "21762"),
        (values.parse_postcode, 21762.0, "21762"),
        (values.parse_phone, "Tel.: 0151 / 123 456", "0151 / 123 456"),
        (values.parse_phone, "+49 (0)6252 15-0", "+49 (0)6252 15-0"),
        (values.parse_phone, 15112345678, "015112345678"),
        (values.parse_phone, 4915112345678, "+4915112345678"),
        (values.parse_email, " <Anna.Mueller@Example.ORG> ", "Anna.Mueller@example.org"),
        (values.parse_email, "mailto:a@b.de", "a@b.de"),
        (values.parse_postcode, 68623, "68623"),
        (values.parse_postcode, 1067, "01067"),
        (values.parse_postcode, "D-68623", "68623"),
        (values.parse_text, datetime.date(2027, 5, 3), "03.05.2027"),
        (values.parse_text, 5, "5"),
    ],
)
def test_parse(parse, written, expected):
    assert parse(written) == expected


@pytest.mark.parametrize(
    ("parse", "written", "message"),
    [
        (values.parse_date, "31.02.2027", "„31.02.2027“ ist kein Datum. Bitte als TT.MM.JJJJ angeben."),
        (values.parse_date, "00.05.2027", "„00.05.2027“ nennt keinen Tag. Bitte als TT.MM.JJJJ angeben."),
        (values.parse_decimal, "viel", "„viel“ ist keine Zahl."),
        (values.parse_decimal, "1,2,3.4.5", "„1,2,3.4.5“ ist keine Zahl."),
        (values.parse_decimal, float("inf"), "„inf“ ist keine Zahl."),
        (values.parse_int, "1,5", "„1,5“ ist keine ganze Zahl."),
        (values.parse_bool, "vielleicht", "„vielleicht“ ist weder Ja noch Nein."),
        (values.parse_cefr, "A2/B1", "„A2/B1“ ist kein Sprachniveau von A1 bis C2."),
        (values.parse_cefr, "gut", "„gut“ ist kein Sprachniveau von A1 bis C2."),
        (values.parse_language, "Klingonisch", "„Klingonisch“ ist als Sprache nicht bekannt."),
        (values.parse_nationality, "Atlantis", "„Atlantis“ ist als Staatsangehörigkeit nicht bekannt."),
        (values.parse_gender, "5", "„5“ ist als Geschlecht nicht bekannt (m, w, d)."),
        (values.parse_phone, "siehe Akte", "„siehe Akte“ ist keine Telefonnummer."),
        (values.parse_phone, "123", "„123“ ist keine Telefonnummer."),
        (
            values.parse_phone,
            "4,91512E+11",
            "„4,91512E+11“ hat in der Tabelle Ziffern verloren. Bitte die Telefonnummer ganz angeben.",
        ),
        (
            values.parse_phone,
            "01511234567, 01521234567, 01531234567",
            "„01511234567, 01521234567, 01531234567“ ist zu lang: höchstens 40 Zeichen, also zwei "
            "Telefonnummern.",
        ),
        (values.parse_nationality, "ira.", "„ira.“ ist als Staatsangehörigkeit nicht bekannt."),
        (values.parse_email, "a@b", "„a@b“ ist keine E-Mail-Adresse."),
        (values.parse_email, "a b@c.de", "„a b@c.de“ ist keine E-Mail-Adresse."),
        (values.parse_postcode, "123", "„123“ ist keine Postleitzahl mit fünf Ziffern."),
    ],
)
def test_parse_names_the_value_it_refuses(parse, written, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole sentence is compared
        parse(written)
    assert str(caught.value) == message


def test_nationality_codes_exist():
    assert {code for code in nationality_table().values() if len(code) != 2 or not code.isupper()} == set()


cells = st.one_of(
    st.text(max_size=60),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.from_regex(r"[§0-9A-Ca-c.,/ +@-]{1,20}", fullmatch=True),
)


@given(cells)
def test_every_parser_answers_or_raises_value_error(cell):
    for target in TARGETS:
        try:
            target.parse(cell)
        except ValueError as error:
            assert str(error), target.key  # noqa: PT017 - any other exception fails the test
