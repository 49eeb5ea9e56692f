"""Reads CSV files: finds the character set and the separator from the content."""

import codecs
import csv
import io
import re
from collections import Counter

from agencies.cases.importing.cells import clean
from agencies.cases.importing.sheet import MAX_ROWS, Grid, Line, ReadError

TITLE_ROWS = 50
_SEPARATORS = (";", ",", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OLD_CHARACTERS = (
    "Die Datei ist nicht in UTF-8 gespeichert; gelesen wurde sie als Windows-1252. Bitte prüfen Sie Umlaute."
)
_NO_TABLE = "Das ist keine Tabelle. Gelesen werden Excel (.xlsx), OpenDocument (.ods) und CSV."


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:2_000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) // 2 * 0.4:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def decode(data: bytes) -> tuple[str, list[str]]:
    """The text, and warnings about its characters. Windows-1252 is the last resort and always fits."""
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), None) or _utf16_without_mark(
        data
    )
    try:
        text, warnings = data.decode(encoding or "utf-8"), []
    except UnicodeDecodeError as error:
        if encoding:
            raise ReadError(
                "Der Zeichensatz der Datei ist beschädigt. Bitte als CSV UTF-8 speichern."
            ) from error
        text = data.decode("cp1252", errors="replace")
        warnings = [_OLD_CHARACTERS]
    if len(_CONTROL.findall(text[:20_000])) * 50 > len(text[:20_000]):
        raise ReadError(_NO_TABLE)
    return text.replace("\x00", ""), warnings


def _fit(sample: str, separator: str) -> tuple[float, int]:
    """How steadily the separator cuts: share of lines with the usual number of fields, that number."""
    try:
        lines = [line for line in csv.reader(io.StringIO(sample), delimiter=separator) if any(line)][:60]
    except csv.Error:
        return (0, 0)
    widths = Counter(len(line) for line in lines if len(line) > 1)
    if not widths:
        return (0, 0)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (round(count / len(lines), 1), width)


def find_separator(text: str) -> str:
    sample = text[:40_000].rpartition("\n")[0] or text[:40_000]
    return max(_SEPARATORS, key=lambda separator: _fit(sample, separator))


def read_delimited(data: bytes) -> Grid:
    """Lines are numbered as a spreadsheet program would show them, line breaks inside quotes not counted."""
    text, warnings = decode(data)
    if found := _SEPARATOR_LINE.match(text):
        separator, text = found[1], text[found.end() :]
    else:
        separator = find_separator(text)
    lines: list[Line] = []
    csv.field_size_limit(11_000_000)
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            if any(value.strip() for value in line):
                lines.append((number, [clean(value) for value in line]))
            if len(lines) > MAX_ROWS + TITLE_ROWS:
                break
    except csv.Error as error:
        raise ReadError("Die CSV-Datei ist fehlerhaft aufgebaut. Bitte speichern Sie sie neu.") from error
    if lines and any(isinstance(value, str) and value.count("\n") > 200 for value in lines[-1][1]):
        raise ReadError(
            f"In Zeile {lines[-1][0]} der CSV-Datei wird ein Anführungszeichen nicht geschlossen."
        )
    return Grid(lines, warnings=warnings)
