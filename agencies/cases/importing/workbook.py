"""Reads XLSX and ODS files: looks into the archive first, then lets a child process parse it."""

import datetime
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

from agencies.cases.importing.cells import clean
from agencies.cases.importing.sheet import MAX_ROWS, Grid, Line, ReadError

MAX_UNPACKED = 150 * 1024 * 1024
MAX_ENTRIES = 2_000
TITLE_ROWS = 50
TIMEOUT = 60

_FROM_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
_BROKEN = "Die Datei ist beschädigt und lässt sich nicht öffnen. Bitte speichern Sie sie neu."
_LOCKED = "Die Datei ist mit einem Kennwort geschützt. Bitte speichern Sie sie ohne Kennwort."
_TOO_LARGE = "Die Tabelle ist entpackt zu groß. Bitte kopieren Sie die Daten in eine neue, leere Datei."
_MACROS = "Die Datei enthält Makros. Bitte speichern Sie sie ohne Makros als .xlsx oder .ods."
_BINARY = "Das binäre Excel-Format (.xlsb) wird nicht gelesen. Bitte speichern Sie die Datei als .xlsx."
_OTHER = "Das ist keine Tabelle. Gelesen werden Excel (.xlsx), OpenDocument (.ods) und CSV."


def _check_unpacked_size(archive: zipfile.ZipFile) -> None:
    """Unpacks everything once and counts, as the sizes stated in the archive may be false."""
    left = MAX_UNPACKED
    for info in archive.infolist():
        info.file_size = left + (1 << 20)  # reading stops at the stated size, which may be false
        with archive.open(info) as entry:
            while chunk := entry.read(1 << 18):
                left -= len(chunk)
                if left < 0:
                    raise ReadError(_TOO_LARGE)


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if len(names) > MAX_ENTRIES or sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
        raise ReadError(_TOO_LARGE)
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise ReadError(_LOCKED)
    if any(
        name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names
    ):
        raise ReadError(_MACROS)
    if "xl/workbook.bin" in names:
        raise ReadError(_BINARY)
    if "content.xml" in names:
        kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
        if kind and b"opendocument.spreadsheet" not in kind:
            raise ReadError(_OTHER)
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise ReadError(_LOCKED)
    elif not any(name.startswith("xl/") for name in names):
        raise ReadError(_OTHER)


def check_archive(data: bytes) -> None:
    """Refuses what is no spreadsheet, is locked, holds macros or unpacks to more than 150 MB."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_kind(archive)
            _check_unpacked_size(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(_BROKEN) from error


def _parse_apart(data: bytes, sheet: str) -> dict[str, Any]:
    script = Path(__file__).with_name("isolated.py")
    command = [sys.executable, "-I", str(script), sheet, str(MAX_ROWS + TITLE_ROWS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as error:
        raise ReadError(_TOO_LARGE) from error
    if done.returncode:
        raise ReadError(_TOO_LARGE)
    answer: dict[str, Any] = json.loads(done.stdout)
    if reason := answer.get("error"):
        raise ReadError({"password": _LOCKED, "memory": _TOO_LARGE}.get(reason, _BROKEN))
    return answer


def _cells(line: list[Any]) -> list[Any]:
    return [
        clean(datetime.date.fromisoformat(value[0]) if isinstance(value, list) else value) for value in line
    ]


def _fill_down(grid: Grid) -> None:
    """Cells joined over several rows, as of a family, hold their value in each of them."""
    by_number = dict(grid.lines)
    for top, left, bottom, _right in grid.merged:
        source = by_number.get(top, [])
        for number in range(top + 1, bottom + 1):
            line = by_number.get(number)
            if line is not None and left < len(source) and left < len(line) and line[left] is None:
                line[left] = source[left]


def _counts_from_1904(data: bytes) -> bool:
    """Old Macintosh workbooks number days from 1904: plain numbers then mean other days."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return False
        return bool(_FROM_1904.search(archive.read("xl/workbook.xml")))


def read_workbook(data: bytes, sheet: str = "") -> Grid:
    """The named sheet, or the first visible one that is not empty, of a file that passed `check_archive`."""
    answer = _parse_apart(data, sheet.replace("\0", ""))
    lines: list[Line] = [(number, _cells(line)) for number, line in answer["lines"]]
    grid = Grid(lines, answer["name"], [tuple(area) for area in answer["merged"]])
    _fill_down(grid)
    grid.others = answer["others"]
    grid.counts_from_1904 = _counts_from_1904(data)
    return grid
