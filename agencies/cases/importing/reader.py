"""Reads an uploaded spreadsheet of any common kind into a table, judging by its content, not its name."""

from agencies.cases.importing.delimited import read_delimited
from agencies.cases.importing.header import to_sheet
from agencies.cases.importing.sheet import MAX_BYTES, Cell, ReadError, Sheet
from agencies.cases.importing.workbook import read_workbook

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
    (b"<!doctype", "eine Webseite"),
    (b"<html", "eine Webseite"),
    (b"<?xml", "eine XML-Datei"),
)


def _refuse_foreign(data: bytes) -> None:
    if data.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReadError("Die Datei ist mit einem Kennwort geschützt. Bitte ohne Kennwort speichern.")
        raise ReadError("Das alte Excel-Format (.xls) wird nicht gelesen. Bitte als .xlsx speichern.")
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, what in _FOREIGN:
        if start[: len(mark)].lower() == mark.lower():
            raise ReadError(f"Das ist {what}. Gelesen werden Excel (.xlsx), OpenDocument (.ods) und CSV.")


def read(data: bytes, filename: str = "", sheet: str = "") -> Sheet:
    """The table in the file; `sheet` picks a sheet of a workbook by name. Raises ReadError.

    At most 10 MB, 20,000 rows and 100 columns. The file name is taken only as a name for the table.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise ReadError("Die Datei ist leer.")
    if len(data) > MAX_BYTES:
        raise ReadError("Die Datei ist größer als 10 MB. Bitte teilen Sie sie auf.")
    _refuse_foreign(data)
    grid = read_workbook(data, sheet) if data.startswith(b"PK") else read_delimited(data)
    grid.name = grid.name or filename[:120]
    return to_sheet(grid)
