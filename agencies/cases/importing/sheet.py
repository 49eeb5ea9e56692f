"""What a spreadsheet is reduced to, its limits, and the one error of an unreadable file."""

import datetime
from dataclasses import dataclass, field

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 5_000

Cell = str | int | float | datetime.date | bool | None
#: Row number in the file as the spreadsheet program shows it, and its cells.
Line = tuple[int, list[Cell]]


class ReadError(ValueError):
    """The file cannot be read; the message tells the user in German why and what to do."""


@dataclass
class Grid:
    """A table as found in the file, before its header row is known. Blank lines are left out."""

    lines: list[Line]
    name: str = ""
    #: Joined cells: first row, first column, last row, last column; rows as in `Line`, columns from 0.
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: Names of the workbook's further sheets that hold something.
    others: list[str] = field(default_factory=list)
    #: Plain numbers count days from 1904, not from 1900.
    counts_from_1904: bool = False


@dataclass
class Sheet:
    """A table with unique, non-empty headers; every row is as long as the headers."""

    headers: list[str]
    rows: list[list[Cell]]
    warnings: list[str] = field(default_factory=list)
    #: Row number in the file of each row.
    numbers: list[int] = field(default_factory=list)
    name: str = ""
    #: Further sheets of the workbook, from which the user may choose.
    others: list[str] = field(default_factory=list)
    counts_from_1904: bool = False


def too_many_rows() -> ReadError:
    allowed = f"{MAX_ROWS:,}".replace(",", ".")
    return ReadError(f"Die Tabelle hat mehr als {allowed} Zeilen. Bitte teilen Sie die Datei auf.")


def too_many_columns() -> ReadError:
    return ReadError(
        f"Die Tabelle hat mehr als {MAX_COLUMNS} Spalten. Bitte löschen Sie die nicht benötigten."
    )
