"""Reads an uploaded spreadsheet of any common kind into a table, judging by its content, not its name."""

from agencies.cases.importing.delimited import read_delimited
from agencies.cases.importing.header import knows_headers, to_sheet
from agencies.cases.importing.sheet import MAX_BYTES, Cell, Grid, ReadError, Sheet
from agencies.cases.importing.workbook import check_archive, read_workbook

__all__ = ["Cell", "ReadError", "Sheet", "read"]

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_FOREIGN = (
    (b"%PDF", "eine PDF-Datei"),
    (b"{\\rtf", "ein Textdokument"),
    (b"\x89PNG", "ein Bild"),
    (b"\xff\xd8\xff", "ein Bild"),
    (b"GIF8", "ein Bild"),
    (b"\x1f\x8b", "ein gepacktes Archiv"),
    (b"7z\xbc\xaf", "ein gepacktes Archiv"),
    (b"Rar!", "ein gepacktes Archiv"),
    (b"<?xml", "eine XML-Datei"),
    (b"<", "eine Webseite oder XML-Datei"),
    (b"{", "eine JSON-Datei"),
    (b"[{", "eine JSON-Datei"),
)
_SAVE_AS = (
    "Das ist {}, auch wenn sie anders heißt. "
    "Bitte öffnen Sie sie in Ihrer Tabellenkalkulation und speichern Sie sie als .xlsx."
)
#: Sheets looked into for the one that holds persons.
SEARCHED_SHEETS = 6


def _refuse_foreign(data: bytes) -> None:
    if data.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReadError("Die Datei ist mit einem Kennwort geschützt. Bitte ohne Kennwort speichern.")
        raise ReadError(
            "Das alte Excel-Format (.xls) wird nicht gelesen. "
            "Bitte öffnen Sie die Datei und speichern Sie sie als .xlsx."
        )
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, what in _FOREIGN:
        if start[: len(mark)].lower() == mark.lower():
            if mark.startswith(b"<"):
                raise ReadError(_SAVE_AS.format(what))
            raise ReadError(f"Das ist {what}. Gelesen werden Excel (.xlsx), OpenDocument (.ods) und CSV.")


def read(data: bytes, filename: str = "", sheet: str = "") -> Sheet:
    """The table in the file; `sheet` picks a sheet of a workbook by name. Raises ReadError.

    Without a name it is the first visible sheet that has known headings, or else the first that is not empty.
    At most 10 MB, 20,000 rows and 100 columns. The file name is taken only as a name for the table.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise ReadError("Die Datei ist leer.")
    if len(data) > MAX_BYTES:
        raise ReadError("Die Datei ist größer als 10 MB. Bitte teilen Sie sie auf.")
    _refuse_foreign(data)
    if not data.startswith(b"PK"):
        grid = read_delimited(data)
        grid.name = filename[:120]
        return to_sheet(grid)
    check_archive(data)
    grid = read_workbook(data, sheet)
    if not sheet and not knows_headers(grid):
        grid = _with_known_headers(data, grid)
    if grid.others:
        others = ", ".join(f"„{name}“" for name in grid.others[:5])
        grid.warnings.append(f"Gelesen wurde das Tabellenblatt „{grid.name}“. Nicht gelesen: {others}.")
    return to_sheet(grid)


def _with_known_headers(data: bytes, first: Grid) -> Grid:
    """The first further sheet that has known headings; notes and keys often stand before the list."""
    for name in first.others[: SEARCHED_SHEETS - 1]:
        grid = read_workbook(data, name)
        if knows_headers(grid):
            grid.others = [first.name, *(other for other in first.others if other != name)]
            return grid
    return first
