"""Finds the header row of a table and gives every column a name of its own."""

import re

from agencies.cases.importing.sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Grid,
    Line,
    ReadError,
    Sheet,
    too_many_columns,
    too_many_rows,
)
from agencies.cases.importing.targets import is_known_header

SEARCHED_LINES = 30
MAX_HEADER = 80
_BELOW = "Als Spaltenüberschriften wurde Zeile {} gelesen; die Zeilen darüber bleiben außer Acht."
_UNKNOWN = "Zeile {} enthält keine bekannten Spaltenüberschriften. Bitte prüfen Sie die Zuordnung."
_DATA_LIKE = re.compile(r"[\d\s.,:/€%+-]+|.*@.*")


def _score(line: list[Cell]) -> int:
    """Labels speak for a header row, known labels more, numbers and days against it."""
    filled = [value for value in line if value is not None]
    labels = [
        v for v in filled if isinstance(v, str) and len(v) <= MAX_HEADER and not _DATA_LIKE.fullmatch(v)
    ]
    known = sum(is_known_header(value) for value in labels)
    # Each label once: headers differ, while a column of data repeats itself.
    return len(set(labels)) + 3 * known - 2 * (len(filled) - len(labels))


def _header_index(lines: list[Line]) -> int:
    scores = [_score(line) for _number, line in lines[:SEARCHED_LINES]]
    if max(scores) <= 0:
        raise ReadError(
            "In der Tabelle wurde keine Zeile mit Spaltenüberschriften gefunden. "
            "Bitte ergänzen Sie oben eine Zeile wie „Nachname, Vorname, Geburtsdatum“."
        )
    return scores.index(max(scores))


def knows_headers(grid: Grid) -> bool:
    """Whether two known headings stand in one of the first lines, above further lines."""
    searched = grid.lines[:-1][:SEARCHED_LINES]
    return any(sum(is_known_header(value) for value in line) > 1 for _number, line in searched)


def column_letter(column: int) -> str:
    """0 → A, 26 → AA, as spreadsheet programs name columns."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _spread_merged(grid: Grid, number: int, line: list[Cell], width: int) -> list[Cell]:
    """A header joined over several cells names each of them."""
    by_number = dict(grid.lines)
    line = line + [None] * (width - len(line))
    for top, left, bottom, right in grid.merged:
        source = by_number.get(top, [])
        if top <= number <= bottom and left < len(source):
            for column in range(left, min(right + 1, width)):
                line[column] = source[left] if line[column] is None else line[column]
    return line


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        count = seen[name] = seen.get(name, 0) + 1
        while count > 1 and f"{name} ({count})" in names:
            count += 1
        unique.append(name if count == 1 else f"{name} ({count})")
    return unique


def _label(value: Cell, column: int) -> str:
    text = " ".join(str(value).split()) if value is not None else ""
    return text[:MAX_HEADER] or f"Spalte {column_letter(column)}"


def _used_columns(header: list[Cell], lines: list[Line]) -> list[int]:
    used = {column for column, value in enumerate(header) if value is not None}
    for _number, line in lines:
        used.update(column for column, value in enumerate(line) if value is not None)
    return sorted(used)


def to_sheet(grid: Grid) -> Sheet:
    """The lines below the header row, without empty columns; totals at the end stay ordinary rows."""
    if not grid.lines:
        raise ReadError("Die Datei enthält keine Daten.")
    index = _header_index(grid.lines)
    number, header = grid.lines[index]
    lines = grid.lines[index + 1 :]
    if not lines:
        raise ReadError("Unter den Spaltenüberschriften stehen keine Daten.")
    if len(lines) > MAX_ROWS:
        raise too_many_rows()
    columns = _used_columns(header, lines)
    if len(columns) > MAX_COLUMNS:
        raise too_many_columns()
    header = _spread_merged(grid, number, header, columns[-1] + 1)
    warnings = list(grid.warnings)
    if index:
        warnings.append(_BELOW.format(number))
    if not any(is_known_header(value) for value in header):
        warnings.append(_UNKNOWN.format(number))
    rows = [[line[column] if column < len(line) else None for column in columns] for _number, line in lines]
    headers = _unique([_label(header[column], column) for column in columns])
    numbers = [line_number for line_number, _line in lines]
    return Sheet(headers, rows, warnings, numbers, grid.name, grid.others, grid.counts_from_1904)
