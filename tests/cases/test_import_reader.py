"""Reading spreadsheets: every usual kind, and a clear sentence for everything else."""

import datetime
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from odf.table import Table, TableCell, TableRow
from odf.text import P

from agencies.cases.importing import reader, workbook
from agencies.cases.importing.cells import clean, clean_text
from agencies.cases.importing.header import column_letter
from agencies.cases.importing.reader import ReadError, read

HEAD = ["Nachname", "Vorname", "Geb.-Datum"]
LINES = [HEAD, ["Müller", "Anna", "03.05.1990"], ["Đorđević", "علی", "00.00.1985"]]


def xlsx(*lines, change=None) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    if change:
        change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods(*lines, document=OpenDocumentSpreadsheet) -> bytes:
    book = document()
    table = Table(name="Liste")
    for line in lines:
        row = TableRow()
        for value in line:
            if isinstance(value, datetime.date):
                row.addElement(TableCell(valuetype="date", datevalue=value.isoformat()))
            elif isinstance(value, int | float):
                row.addElement(TableCell(valuetype="float", value=value))
            else:
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=value))
                row.addElement(cell)
        table.addElement(row)
    if document is OpenDocumentSpreadsheet:
        book.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    book.write(buffer)
    return buffer.getvalue()


def csv_of(lines, separator=";") -> str:
    return "".join(separator.join(line) + "\r\n" for line in lines)


def zipped(**entries) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_unicode(separator, encoding):
    sheet = read(csv_of(LINES, separator).encode(encoding), "liste.csv")
    assert (sheet.headers, sheet.rows, sheet.warnings) == (HEAD, LINES[1:], [])


@pytest.mark.parametrize("separator", [";", ","])
def test_csv_in_windows_1252(separator):
    sheet = read(csv_of([HEAD, ["Müller", "Zoë", "3.5.1990"]], separator).encode("cp1252"), "liste.csv")
    assert sheet.rows == [["Müller", "Zoë", "3.5.1990"]]
    assert [warning[:38] for warning in sheet.warnings] == ["Die Datei ist nicht in UTF-8 gespeiche"]


def test_csv_with_quotes_line_breaks_and_decimal_commas():
    text = (
        'sep=;\r\nName;Bemerkung;Miete\r\n"Müller; Anna";"erste\r\nzweite ""Zeile""";"412,50"\r\nB;;1,5\r\n'
    )
    sheet = read(text.encode(), "liste.csv")
    assert sheet.rows == [["Müller; Anna", 'erste\nzweite "Zeile"', "412,50"], ["B", None, "1,5"]]


def test_content_decides_not_the_name():
    assert read(xlsx(*LINES), "liste.csv").rows == LINES[1:]
    assert read(csv_of(LINES).encode(), "liste.xlsx").rows == LINES[1:]


def test_xlsx_cells_are_typed():
    line = [
        "A",
        5,
        1.5,
        datetime.date(1990, 5, 3),
        datetime.datetime.fromisoformat("1990-05-03T09:30"),
        True,
        None,
        datetime.time(9),
    ]
    sheet = read(xlsx(list("ABCDEFGH"), line), "x.xlsx")
    assert sheet.rows == [
        ["A", 5, 1.5, datetime.date(1990, 5, 3), "1990-05-03 09:30", True, None, "09:00:00"]
    ]
    assert [type(value) for value in sheet.rows[0][1:4]] == [int, float, datetime.date]


def test_ods_cells_are_typed():
    sheet = read(ods(["Name", "Zahl", "Tag"], ["Ali", 5, datetime.date(1990, 5, 3)]), "x.ods")
    assert (sheet.headers, sheet.rows) == (["Name", "Zahl", "Tag"], [["Ali", 5, datetime.date(1990, 5, 3)]])


def test_header_below_titles_blank_lines_and_columns():
    lines = [
        ["Fallliste Team 2"],
        [None],
        [None, None, "Stand:", "01.08.2026"],
        [None],
        [None, *HEAD],
        [None],
    ]
    sheet = read(xlsx(*lines, [None, "Müller", "Anna", 32996], [None], [None, "Summe", None, 1]), "x.xlsx")
    assert sheet.headers == HEAD
    assert sheet.rows == [["Müller", "Anna", 32996], ["Summe", None, 1]]
    assert sheet.numbers == [7, 9]
    assert sheet.warnings == [
        "Als Spaltenüberschriften wurde Zeile 5 gelesen; die Zeilen darüber bleiben außer Acht."
    ]


def test_duplicate_missing_and_long_headers_become_unique():
    sheet = read(
        xlsx(["Name", "Telefon", "Telefon", None, "Telefon (2)"], ["A", "1", "2", "3", "4"]), "x.xlsx"
    )
    assert sheet.headers == ["Name", "Telefon", "Telefon (3)", "Spalte D", "Telefon (2)"]


def test_merged_header_names_every_column():
    def merge(book):
        book.active.merge_cells("C1:D1")

    sheet = read(xlsx(["Nachname", "Vorname", "Telefon"], ["A", "B", "1", "2"], change=merge), "x.xlsx")
    assert sheet.headers == ["Nachname", "Vorname", "Telefon", "Telefon (2)"]


def test_header_without_known_words_is_warned_about():
    assert read(b"Alpha;Beta\n1;2\n", "x.csv").warnings == [
        "Zeile 1 enthält keine bekannten Spaltenüberschriften. Bitte prüfen Sie die Zuordnung."
    ]


def test_first_visible_sheet_is_read_and_others_named():
    def more(book):
        book.create_sheet("Leer")
        book.create_sheet("Archiv").append(["x"])
        book.active.sheet_state = "visible"
        book.create_sheet("Versteckt", 0).sheet_state = "hidden"

    data = xlsx(*LINES, change=more)
    sheet = read(data, "x.xlsx")
    assert (sheet.name, sheet.rows) == ("Sheet", LINES[1:])
    assert sheet.warnings == ["Gelesen wurde das Tabellenblatt „Sheet“. Nicht gelesen: „Archiv“."]
    with pytest.raises(ReadError, match="Unter den Spaltenüberschriften"):
        read(data, "x.xlsx", sheet="Archiv")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Die Datei ist leer."),
        (b" \r\n\r\n", "Die Datei ist leer."),
        (b";;;\n;;;\n", "Die Datei enthält keine Daten."),
        (xlsx(), "Die Datei enthält keine Daten."),
        (xlsx(HEAD), "Unter den Spaltenüberschriften stehen keine Daten."),
        (b"1;2;3\n4;5;6\n", "keine Zeile mit Spaltenüberschriften"),
        (b"x" * (10 * 1024 * 1024 + 1), "größer als 10 MB"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, r"Das alte Excel-Format \(.xls\)"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "mit einem Kennwort"),
        (b"%PDF-1.7 ...", "Das ist eine PDF-Datei"),
        (b"<html><table></table>", "Das ist eine Webseite"),
        (b"\x89PNG\r\n\x1a\n", "Das ist ein Bild"),
        (bytes(range(32)) * 40, "Das ist keine Tabelle"),
        (b"\xff\xfea\x00\x00\xd8", "Der Zeichensatz der Datei ist beschädigt"),
        (zipped(word__document_xml="x"), "Das ist keine Tabelle"),
        (zipped(**{"xl__workbook.bin": "x"}), "binäre Excel-Format"),
        (zipped(**{"xl__workbook_xml": "x", "xl__vbaProject.bin": "x"}), "enthält Makros"),
        (zipped(content_xml="x", Basic__script_xml="x"), "enthält Makros"),
        (
            zipped(**{"content_xml": "x", "META-INF__manifest_xml": "<x:encryption-data/>"}),
            "mit einem Kennwort",
        ),
        (zipped(xl__workbook_xml="<broken"), "ist beschädigt"),
        (ods(document=OpenDocumentText), "Das ist keine Tabelle"),
        (xlsx(*LINES)[:2000], "ist beschädigt"),
        (b"PK\x03\x04 nothing", "ist beschädigt"),
        (b'Name;Vorname\nA;"' + b"b;c\n" * 300, "ein Anführungszeichen nicht oder zu spät geschlossen"),
        (b"Name;Vorname\n" + b"A;B\n" * 20_001, "mehr als 20.000 Zeilen"),
        (
            (";".join(f"Spalte{n}" for n in range(101)) + "\n" + "x;" * 100 + "x\n").encode(),
            "mehr als 100 Spalten",
        ),
    ],
    ids=range(26),
)
def test_what_cannot_be_read_is_explained(data, reason):
    with pytest.raises(ReadError, match=reason):
        read(data, "liste.xlsx")


PEOPLE = ["Nachname;Vorname;Geburtsdatum;Bemerkung", "Müller;Zoë;01.01.1990;{}", "Meier;Udo;01.01.1991;gut"]


def test_quote_that_swallows_the_next_row_is_refused():
    text = "\n".join([*PEOPLE, 'Schulze;Ina;01.01.1992;sagt "ja"']).format('"Zimmer 5')
    with pytest.raises(ReadError, match=r"^In Zeile 2 der CSV-Datei wird ein Anführungszeichen"):
        read(text.encode(), "x.csv")


def test_quoted_text_of_several_lines_with_separators_is_kept():
    text = "\n".join(PEOPLE).format('"eins\nzwei;drei;vier;fünf"')
    assert [row[3] for row in read(text.encode(), "x.csv").rows] == ["eins\nzwei;drei;vier;fünf", "gut"]


@pytest.mark.parametrize(("encoding", "ending"), [("cp850", "\r\n"), ("mac_roman", "\r"), ("cp1252", "\r")])
def test_old_character_sets_are_told_apart(encoding, ending):
    text = ending.join(["Nachname;Vorname;Geburtsdatum", "Müller;Jürgen;01.01.1990", "Öztürk;Gül;1991", ""])
    sheet = read(text.encode(encoding), "x.csv")
    assert [row[:2] for row in sheet.rows] == [["Müller", "Jürgen"], ["Öztürk", "Gül"]]
    assert len(sheet.warnings) == 1


def test_lines_in_utf_8_and_windows_1252_in_one_file_are_both_read():
    data = "Nachname;Vorname;Geburtsdatum\nعلي;Zoë;1990\n".encode() + "Müller;Jörg;1991\n".encode("cp1252")
    assert [row[:2] for row in read(data, "x.csv").rows] == [["علي", "Zoë"], ["Müller", "Jörg"]]


def test_lines_quoted_as_a_whole_and_spaces_before_quotes():
    wrapped = '"Nachname;Vorname;Geburtsdatum"\n"Müller;""Zoë"";1990"\n'
    spaced = 'Nachname; Vorname; Geburtsdatum\nMüller; "Zoë"; 1990\n'
    for text in (wrapped, spaced):
        assert read(text.encode(), "x.csv").rows == [["Müller", "Zoë", "1990"]]


def test_sheet_with_known_headings_is_taken_before_a_sheet_of_notes():
    def notes(book):
        book.create_sheet("Hinweise", 0).append(["Bitte das andere Blatt pflegen"])
        book["Hinweise"].append(["Rückfragen an Frau Kruse"])

    sheet = read(xlsx(*LINES, change=notes), "x.xlsx")
    assert (sheet.name, sheet.others, sheet.rows) == ("Sheet", ["Hinweise"], LINES[1:])
    assert sheet.warnings == ["Gelesen wurde das Tabellenblatt „Sheet“. Nicht gelesen: „Hinweise“."]


def test_cells_joined_over_rows_count_for_each_row():
    def merge(book):
        for area in ("A1:A2", "B1:B2", "C1:D1", "A3:A4"):
            book.active.merge_cells(area)

    head = [["Nachname", "Vorname", "Aufenthalt", None], [None, None, "Status", "gültig bis"]]
    sheet = read(xlsx(*head, ["Rahimi", "Ali", "x", "y"], [None, "Zahra", "x", "y"], change=merge), "x.xlsx")
    assert sheet.headers == ["Nachname", "Vorname", "Status", "gültig bis"]
    assert [row[:2] for row in sheet.rows] == [["Rahimi", "Ali"], ["Rahimi", "Zahra"]]


def test_workbook_that_counts_days_from_1904_is_marked():
    def mac(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    sheets = [read(xlsx(HEAD, ["A", "B", datetime.date(1990, 5, 3)], change=c), "x") for c in (None, mac)]
    assert [sheet.counts_from_1904 for sheet in sheets] == [False, True]
    assert [sheet.rows[0][2] for sheet in sheets] == [datetime.date(1990, 5, 3)] * 2


def test_corrupt_bytes_inside_the_archive_are_noticed():
    data = bytearray(xlsx(*LINES))
    data[len(data) // 3 : len(data) // 3 + 40] = b"\xff" * 40
    with pytest.raises(ReadError, match="beschädigt"):
        read(bytes(data), "x.xlsx")


def test_limits_allow_exactly_as_many():
    assert len(read(b"Name;Vorname\n" + b"A;B\n" * 20_000, "x.csv").rows) == 20_000


def test_zip_bomb_is_refused_before_parsing(monkeypatch):
    monkeypatch.setattr(workbook, "_parse_apart", lambda *_: pytest.fail("was parsed"))
    bomb = zipped(xl__workbook_xml=b"<a/>", xl__worksheets__sheet1_xml=b"0" * (151 * 1024 * 1024))
    assert len(bomb) < 1_000_000
    with pytest.raises(ReadError, match="entpackt zu groß"):
        read(bomb, "x.xlsx")


def test_zip_bomb_that_lies_about_its_size_is_refused(monkeypatch):
    monkeypatch.setattr(workbook, "_parse_apart", lambda *_: pytest.fail("was parsed"))
    size = 151 * 1024 * 1024
    bomb = zipped(xl__workbook_xml=b"0" * size).replace(size.to_bytes(4, "little"), (9).to_bytes(4, "little"))
    assert zipfile.ZipFile(io.BytesIO(bomb)).infolist()[0].file_size == 9
    with pytest.raises(ReadError, match="entpackt zu groß"):
        read(bomb, "x.xlsx")


def test_lone_cell_far_away_costs_no_memory():
    def far(book):
        book.active["XFD1048576"] = "x"

    with pytest.raises(ReadError, match="entpackt zu groß"):
        read(xlsx(*LINES, change=far), "x.xlsx")


def test_repeated_cells_of_ods_are_no_bomb():
    data = ods(["Nachname", "Vorname"], ["A", "B"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml").decode()
    cell = "<table:table-cell "
    assert content.count(cell) == 4
    start, last = content.rsplit(cell, 1)
    content = f'{start}{cell}table:number-columns-repeated="16384" {last}'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    bomb = zipped(**{"mimetype": kind, "content_xml": content, "META-INF__manifest_xml": "<a/>"})
    with pytest.raises(ReadError, match="mehr als 100 Spalten"):
        read(bomb, "x.ods")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  A\u00a0\u2003B\t", "A B"),
        ("A\u200bl\u202ei\ufeff\x00\x07", "Ali"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("Ali\u200c", "Ali"),
        ("\u200cعلی", "علی"),
        ("eins \r\n zwei\u2028drei", "eins\nzwei\ndrei"),
        ("'+49 151", "+49 151"),
        ("'n Abend", "'n Abend"),
        ("a\ud800b", "ab"),
        ("\u200b", ""),
    ],
)
def test_clean_text_drops_what_is_not_seen(raw, expected):
    assert clean_text(raw) == expected


def test_clean_keeps_kinds():
    assert [
        clean(value) for value in (None, "", True, 3, 3.0, 3.5, datetime.datetime.fromisoformat("2020-01-01"))
    ] == [
        None,
        None,
        True,
        3,
        3,
        3.5,
        datetime.date(2020, 1, 1),
    ]


def test_column_letter():
    assert [column_letter(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(st.text(max_size=80))
def test_clean_text_is_idempotent_unless_guarded(text):
    once = clean_text(text)
    assert clean_text(once) == once or once.startswith("'")


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore")))
)
def test_any_bytes_are_read_or_refused(data):
    if data.startswith(b"PK"):
        data = b"x" + data
    try:
        sheet = reader.read(data, "x")
    except ReadError as error:
        assert str(error)  # noqa: PT017 - any other exception fails the test
    else:
        assert len(set(sheet.headers)) == len(sheet.headers) > 0
        assert {len(row) for row in sheet.rows} == {len(sheet.headers)}
