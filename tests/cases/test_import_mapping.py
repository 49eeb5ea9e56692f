"""Columns suggested, rows interpreted, the same person known again."""

import datetime

import pytest

from agencies.cases.birthdates import PartialDate
from agencies.cases.importing.mapping import suggest
from agencies.cases.importing.rows import fingerprint, interpret
from agencies.cases.importing.sheet import Sheet
from agencies.cases.importing.targets import BY_KEY, TARGETS, header_table, is_known_header

TODAY = datetime.date(2026, 8, 1)
FULL = {"family_name": 0, "given_name": 1, "birth_date": 2}


def targets(headers, rows=()):
    return {column: offer.target for column, offer in suggest(headers, rows).items()}


def rows_of(*rows, **columns):
    columns = columns or FULL
    sheet = Sheet(
        [f"H{number}" for number in range(8)], [list(row) + [None] * (8 - len(row)) for row in rows]
    )
    return interpret(sheet, {column: key for key, column in columns.items()}, today=TODAY)


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Nachname", "family_name"),
        ("FAMILIENNAME", "family_name"),
        ("Name, Vorname", "full_name"),
        ("Geb.-Datum", "birth_date"),
        ("geb. am", "birth_date"),
        ("Geburtsdatum (TT.MM.JJJJ)", "birth_date"),
        ("Gebutsdatum", "birth_date"),
        ("Aktenzeichen", "foreign_reference"),
        ("Kundennr.", "foreign_reference"),
        ("BG-Nummer", "household_reference"),
        ("Strasse", "street"),
        ("Straße, Nr.", "street"),
        ("PLZ", "postcode"),
        ("Wohnort", "town"),
        ("PLZ/Ort", "postcode_town"),
        ("Tel.-Nr.", "phone"),
        ("Handy", "mobile"),
        ("E-Mail", "email"),
        ("eMail-Adresse", "email"),
        ("Staatsangehoerigkeit", "nationality"),
        ("Aufenthaltsstatus", "residence_kind"),
        ("gültig bis", "residence_until"),
        ("Sprachniveau Deutsch", "german_level"),
        ("Muttersprache", "mother_tongue"),
        ("Bemerkungen", "remark"),
        ("Telefon (2)", "phone"),
    ],
)
def test_header_is_recognised(header, target):
    assert targets([header, "Vorname"])[0] == target


@pytest.mark.parametrize("header", ["Lfd.", "Spalte A", "Xyz", "", "Sachbearbeiterkürzel"])
def test_unknown_header_is_left_out(header):
    assert suggest([header], []) == {}


def test_name_alone_is_the_whole_name():
    assert targets(["Name", "Geburtsdatum"]) == {0: "full_name", 1: "birth_date"}
    assert targets(["Name", "Vorname"]) == {0: "family_name", 1: "given_name"}


def test_each_field_is_suggested_once():
    assert targets(["Telefon", "Telefon (2)", "Tel."]) == {0: "phone"}


def test_content_tells_where_the_header_does_not():
    rows = [
        ["Müller, Anna", "03.05.1990", "a@b.de", "68623", "B1", "0151 123456", "Arabisch", "Duldung", "w"],
        ["Ali, Omar", "00.00.1985", "c@d.de", "68642", "A2", "06252 15123", "Dari", "§ 25 Abs. 2", "m"],
        ["Roth, Eva", "1.2.1979", "e@f.de", "64625", "A1", "+49 6251 123", "Russisch", "NE", "w"],
    ]
    assert targets([f"Spalte {letter}" for letter in "ABCDEFGHI"], rows) == {
        0: "full_name",
        1: "birth_date",
        2: "email",
        3: "postcode",
        4: "german_level",
        5: "phone",
        6: "mother_tongue",
        7: "residence_kind",
        8: "gender",
    }


def test_header_that_the_content_denies_is_trusted_less():
    rows = [["ja"], ["nein"], ["ja"]]
    assert suggest(["Status"], rows)[0].confidence < suggest(["Status"], [["Duldung"]] * 3)[0].confidence


def test_header_words_are_claimed_once():
    assert "" not in header_table()
    assert {key for key in BY_KEY if key not in header_table().values()} == set()
    assert len(BY_KEY) == len(TARGETS)
    assert is_known_header("Geb.-Datum")
    assert not is_known_header(5)


FULL_ROW = {
    "foreign_reference": "47A/11",
    "family_name": "Al-Hassan",
    "given_name": "Omar",
    "birth_date": PartialDate(1990, 5, 3),
    "street": "Hauptstr. 5",
    "postcode": "01067",
    "town": "Dresden",
    "phone": "06252 15123, 015112345678",
    "nationality": "SY",
    "residence_kind": "par_25_2",
    "residence_until": datetime.date(2027, 5, 3),
    "german_level": "B1",
    "mother_tongue": "ar",
}


def test_interpret_reads_a_full_row():
    headers = ["Kdnr.", "Name, Vorname", "Geb.", "Straße", "Nr.", "PLZ/Ort", "Tel.", "Handy"]
    headers += ["StA", "Status", "gültig bis", "GER", "Sprache"]
    row = [
        *(
            "47A/11",
            "Al-Hassan, Omar",
            32996,
            "Hauptstr.",
            5,
            "1067 Dresden",
            "06252 15123",
            15112345678,
            "syrisch",
        ),
        *("§ 25 Abs. 2", datetime.date(2027, 5, 3), "b 1", "Arabisch"),
    ]
    keys = "foreign_reference full_name birth_date street house_number postcode_town phone mobile nationality"
    mapping = dict(
        enumerate([*keys.split(), "residence_kind", "residence_until", "german_level", "mother_tongue"])
    )
    [found] = interpret(Sheet(headers, [row], numbers=[7]), mapping, today=TODAY)
    assert (found.number, found.errors) == (7, [])
    assert found.values == FULL_ROW


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        (["A", "B", "31.02.1990"], [("birth_date", "Den Tag 31.02.1990 gibt es nicht.")]),
        (["A", "B", "02.08.2026"], [("birth_date", "Das Datum 02.08.2026 liegt in der Zukunft.")]),
        (["A", "B", None], [("birth_date", "Das Geburtsdatum fehlt.")]),
        (["A", "-", 1990], [("given_name", "Der Vorname fehlt.")]),
        ([None, "B", 1990], [("family_name", "Der Nachname fehlt.")]),
        (["#NV", "B", 1990], [("family_name", "Die Zelle enthält einen Formelfehler (#NV).")]),
        (["x" * 5001, "B", 1990], [("family_name", "Der Text hat 5001 Zeichen, erlaubt sind 5000.")]),
        (["x" * 121, "B", 1990], [("family_name", f"„{'x' * 40}…“ hat 121 Zeichen, erlaubt sind 120.")]),
    ],
)
def test_interpret_names_what_is_wrong(row, errors):
    [found] = rows_of(row, **FULL)
    assert found.errors == errors


@pytest.mark.parametrize(
    ("row", "gaps"),
    [
        (["A", "B", 1990, "gut"], [("german_level", "„gut“ ist kein Sprachniveau von A1 bis C2.")]),
        (["A", "B", 1990, "#NV"], [("german_level", "Die Zelle enthält einen Formelfehler (#NV).")]),
        (
            ["A", "B", 1990, None, "3.5.2026", "1.5.2026"],
            [("residence_until", "„Gültig bis“ (01.05.2026) liegt vor „gültig ab“.")],
        ),
    ],
)
def test_interpret_leaves_out_and_names_what_may_stay_empty(row, gaps):
    [found] = rows_of(row, **FULL, german_level=3, residence_from=4, residence_until=5)
    assert (found.errors, found.gaps) == ([], gaps)
    assert not found.values.keys() & {key for key, _text in gaps}


@pytest.mark.parametrize(
    ("header", "name", "expected"),
    [
        ("Name", "Müller, Anna Maria", ("Müller", "Anna Maria")),
        ("Name", "Anna Maria Müller", ("Müller", "Anna Maria")),
        ("Vorname Name", "Anna Müller", ("Müller", "Anna")),
        ("Name, Vorname", "Müller Anna Maria", ("Müller", "Anna Maria")),
        ("Nachname Vorname", "Müller Anna", ("Müller", "Anna")),
    ],
)
def test_whole_names_are_split(header, name, expected):
    [row] = interpret(Sheet([header, "Geb."], [[name, 1990]]), {0: "full_name", 1: "birth_date"}, today=TODAY)
    assert (row.values["family_name"], row.values["given_name"]) == expected


def test_whole_name_of_one_word_lacks_the_given_name():
    [row] = interpret(Sheet(["Name", "Geb."], [["Zarathustra", 1990]]), {0: "full_name", 1: "birth_date"})
    assert row.errors == [("given_name", "Der Vorname fehlt.")]


def test_total_at_the_end_becomes_an_error_not_a_person():
    _person, total = rows_of(["A", "B", 1990], ["Summe", None, 1])
    assert {key for key, _message in total.errors} == {"given_name", "birth_date"}


def test_second_row_of_the_same_person_is_an_error():
    rows = rows_of(["Müller", "Anna", "3.5.1990"], ["Roth", "Eva", 1990], ["MUELLER", "Anna ", "1990-05-03"])
    assert [row.errors for row in rows] == [
        [],
        [],
        [("family_name", "Diese Person steht schon in Zeile 2 der Datei.")],
    ]


def test_family_with_one_file_number_is_three_persons():
    people = [["Ali", "Omar", 1980, "47A"], ["Ali", "Maryam", 1985, "47A"], ["Ali", "Zaid", 2010, "47 a"]]
    rows = rows_of(*people, **FULL, foreign_reference=3)
    assert [row.errors for row in rows] == [[], [], []]
    assert len({row.fingerprint for row in rows}) == 3


def test_fingerprint_is_stable():
    person = {"family_name": "Müller", "given_name": "Anna", "birth_date": PartialDate(1990, 5, 3)}
    respelt = {"family_name": "MUELLER", "given_name": " Anna", "birth_date": PartialDate(1990, 5, 3)}
    swapped = {"family_name": "Anna", "given_name": "Müller", "birth_date": PartialDate(1990, 5, 3)}
    known = person | {"foreign_reference": "47-A 11"}
    corrected = known | {"family_name": "Roth", "birth_date": PartialDate(1990), "foreign_reference": "47a11"}
    assert fingerprint(person) == fingerprint(respelt) == "a542f00816990f9499ec96625c5ba3ed"
    assert fingerprint(person) != fingerprint(swapped)
    assert fingerprint(known) == fingerprint(corrected) == "c5b1d4031b036cb9d9c6e936c21d94ae"
    assert fingerprint({}) == ""


@pytest.mark.parametrize(
    "mapping", [{0: "nothing"}, {0: "remark", 1: "remark"}, {9: "remark"}, {-1: "remark"}]
)
def test_mapping_without_sense_is_refused(mapping):
    with pytest.raises(ValueError, match=r"Zuordnung|zugeordnet"):
        interpret(Sheet(["A", "B"], [["1", "2"]]), mapping)


def test_plain_numbers_of_a_workbook_of_1904_are_other_days():
    sheet = Sheet(["A", "B", "C"], [["A", "B", 31534], ["C", "D", 1990]], counts_from_1904=True)
    found = interpret(sheet, {0: "family_name", 1: "given_name", 2: "birth_date"}, today=TODAY)
    assert [str(row.values["birth_date"]) for row in found] == ["03.05.1990", "00.00.1990"]


@pytest.mark.parametrize(
    ("whole", "family", "given", "spellings"),
    [
        ("Kowalenko geb. Müller, Olena", "Kowalenko", "Olena", "Müller"),
        ("Kowalenko, Olena (geb. Müller)", "Kowalenko", "Olena", "Müller"),
        ("Kowalenko, geb. Müller, Olena", "Kowalenko", "Olena", "Müller"),
        ("Zahra Al Hassan", "Al Hassan", "Zahra", None),
        ("Anna von der Heide", "von der Heide", "Anna", None),
        ("Abu Bakr", "Bakr", "Abu", None),
    ],
)
def test_whole_name_is_taken_apart(whole, family, given, spellings):
    (row,) = rows_of([whole, "1990"], full_name=0, birth_date=1)
    found = row.values["family_name"], row.values["given_name"], row.values.get("other_spellings")
    assert found == (family, given, spellings)


def test_row_without_a_person_says_so():
    found = rows_of(["Summe", None, None], [None, None, None, "x"], ["Meier", "Udo", "1990"])
    assert [[key for key, _text in row.errors] for row in found] == [[""], [""], []]


def test_faulty_row_does_not_keep_the_right_one_out():
    first, second, third = rows_of(
        *(["Meier", "Udo", "1990", remark] for remark in ("x" * 5001, "", "")),
        family_name=0,
        given_name=1,
        birth_date=2,
        remark=3,
    )
    assert [bool(row.errors) for row in (first, second, third)] == [True, False, True]
    assert [row.is_repeat for row in (first, second, third)] == [False, False, True]


def test_own_name_of_a_field_outweighs_faulty_cells():
    rows = [["kaputt", "kaputt"]] * 4
    found = suggest(["Geburtsdatum", "Status"], rows)
    assert {column: offer.confidence for column, offer in found.items()} == {0: 0.8, 1: 0.5}
