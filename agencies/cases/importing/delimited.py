"""Reads CSV files: finds the character set and the separator from the content."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from agencies.cases.importing.cells import clean
from agencies.cases.importing.sheet import MAX_ROWS, Grid, Line, ReadError

TITLE_ROWS = 50
_SEPARATORS = (";", ",", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OLD_CHARACTERS = (
    "Die Datei ist nicht in UTF-8 gespeichert; gelesen wurde sie als {}. Bitte prüfen Sie Umlaute."
)
# Bytes that Windows-1252 does not use, or hardly: ü in the DOS set; ä and ü in the one of old Macintoshs.
_DOS, _MACINTOSH = re.compile(rb"\x81"), re.compile(rb"[\x8a\x9f]")
_OPEN_QUOTE = (
    "In Zeile {} der CSV-Datei wird ein Anführungszeichen nicht oder zu spät geschlossen; "
    "dadurch fielen mehrere Zeilen zu einer zusammen. Bitte berichtigen Sie diese Stelle."
)
_NO_TABLE = "Das ist keine Tabelle. Gelesen werden Excel (.xlsx), OpenDocument (.ods) und CSV."


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:2_000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) // 2 * 0.4:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _decode_old(data: bytes) -> tuple[str, str]:
    """Text and name of an eight-bit character set; single lines in UTF-8, pasted together, stay readable."""
    encoding, name = "cp1252", "Windows-1252"
    if _DOS.search(data):
        encoding, name = "cp850", "DOS-Zeichensatz (850)"
    elif b"\n" not in data and _MACINTOSH.search(data):
        encoding, name = "mac_roman", "Macintosh-Zeichensatz"
    return "".join(_line(line, encoding) for line in data.splitlines(keepends=True)), name


def _line(line: bytes, encoding: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(encoding, errors="replace")


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
        text, name = _decode_old(data)
        warnings = [_OLD_CHARACTERS.format(name)]
    if len(_CONTROL.findall(text[:20_000])) * 50 > len(text[:20_000]):
        raise ReadError(_NO_TABLE)
    return text.replace("\x00", ""), warnings


def _parse(text: str, separator: str, *, strict: bool = False) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    return csv.reader(lines, delimiter=separator, skipinitialspace=separator != "\t", strict=strict)


def _fit(sample: str, separator: str) -> tuple[float, int]:
    """How steadily the separator cuts: share of lines with the usual number of fields, that number."""
    try:
        lines = [line for line in _parse(sample, separator) if any(line)][:60]
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
    text = _without_outer_quotes(text)
    if found := _SEPARATOR_LINE.match(text):
        separator, text = found[1], text[found.end() :]
    else:
        separator = find_separator(text)
    lines: list[Line] = []
    csv.field_size_limit(11_000_000)
    try:
        for number, line in enumerate(_parse(text, separator), 1):
            if any(value.strip() for value in line):
                lines.append((number, [clean(value) for value in line]))
            if len(lines) > MAX_ROWS + TITLE_ROWS:
                break
    except csv.Error as error:
        raise ReadError("Die CSV-Datei ist fehlerhaft aufgebaut. Bitte speichern Sie sie neu.") from error
    _refuse_open_quote(lines, text, separator)
    return Grid(lines, warnings=warnings)


def _without_outer_quotes(text: str) -> str:
    """Some programs put each line as a whole into quotes, separators and all."""
    lines = [line.strip() for line in text.splitlines()]
    inner = [line[1:-1].replace('""', "\0") for line in lines]
    is_wrapped = all(not line or (line[0] == line[-1] == '"' and len(line) > 1) for line in lines)
    if not is_wrapped or any('"' in line for line in inner):
        return text
    return "\n".join(inner).replace("\0", '"')


def _refuse_open_quote(lines: list[Line], text: str, separator: str) -> None:
    """A quote that is closed too late, or never, hides whole rows inside one cell."""
    width = max((sum(value is not None for value in line) for _number, line in lines), default=0)
    for number, line in lines:
        for value in line:
            hidden = value.split("\n")[1:] if isinstance(value, str) and "\n" in value else []
            is_row = any(part.count(separator) >= max(width - 1, 1) for part in hidden)
            if len(hidden) > 200 or (is_row and not _is_well_formed(text, separator)):
                raise ReadError(_OPEN_QUOTE.format(number))


def _is_well_formed(text: str, separator: str) -> bool:
    try:
        for _fields in _parse(text, separator, strict=True):
            pass
    except csv.Error:
        return False
    return True
