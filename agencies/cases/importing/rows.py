"""Interprets the rows of a mapped table: values and errors by field, and by what a row is known again."""

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from agencies.cases import birthdates
from agencies.cases.birthdates import PartialDate
from agencies.cases.importing.sheet import MAX_CELL, Cell, Sheet
from agencies.cases.importing.targets import BY_KEY, NEEDED, Target
from agencies.cases.importing.values import parse_date, parse_partial_date, parse_until
from agencies.cases.names import normalise

__all__ = ["Row", "fingerprint", "interpret"]

_FORMULA_ERRORS = frozenset(
    ("#NV", "#N/A", "#REF!", "#BEZUG!", "#WERT!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#ZAHL!", "#NUM!")
)
_NOTHING = frozenset(
    (
        "-",
        "--",
        "–",
        "—",
        "/",
        "./.",
        ".",
        "?",
        "k.A.",
        "k. A.",
        "o.A.",
        "o. A.",
        "n/a",
        "N/A",
        "NULL",
        "null",
    )
)
_MISSING_CONTACT = frozenset(
    ("keine", "kein", "nicht vorhanden", "unbekannt", "n. bek.", "unbek.", "entfällt")
)
_CONTACT = frozenset(("phone", "mobile", "email"))
_NO_PERSON = "In dieser Zeile steht keine Person (vielleicht eine Summe, ein Hinweis oder eine Überschrift)."
# Belong to the family name that follows, where a name has no comma.
_PARTICLES = frozenset(
    "al el abu abo abd bin ben ibn von van vom der den de di da del dos la le zu zum zur ter ten".split()
)
_BORN = re.compile(r"[\s,(]*\b(?:geb(?:\.|orene?r?\b)|née?\b)\s*(?P<name>[^,()]+)\)?", re.IGNORECASE)
_FROM_1904 = 1_462
_DAYS = (parse_partial_date, parse_date, parse_until)
_ADDRESS = re.compile(
    r"(?P<street>.+?)[,;\s]\s*(?:D\s*-\s*)?(?P<postcode>\d{5})\s+(?P<town>[^\d,;]+)",
    re.IGNORECASE | re.DOTALL,
)
_TOWN_FIRST = re.compile(
    r"(?:D\s*-\s*)?(?P<postcode>\d{5})\s+(?P<town>[^\d,;]+)[,;]\s*(?P<street>.+)", re.IGNORECASE | re.DOTALL
)
#: What the field of a case holds.
MAX_PHONE = 40
_POSTCODE_TOWN = re.compile(r"(?:D\s*-\s*)?(?P<postcode>\d{4,5})\s+(?P<town>\D.*)", re.IGNORECASE)


@dataclass
class Row:
    """A row's number in the file, what could be read, and (field key, German sentence) for what could not.

    ``errors`` keep the row out; ``gaps`` name what stays empty although the cell says something.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    gaps: list[tuple[str, str]] = field(default_factory=list)
    fingerprint: str = ""
    #: The fingerprint that the row has without its foreign reference.
    name_fingerprint: str = ""
    #: Only repeats the person of an earlier row.
    is_repeat: bool = False


class TooLongError(ValueError):
    """A text that would be lost: it goes back to be shortened, also where the field may stay empty."""


def _value(target: Target, cell: Cell, today: datetime.date) -> Any:
    text = str(cell)
    if text in _FORMULA_ERRORS:
        raise ValueError(f"Die Zelle enthält einen Formelfehler ({text}).")
    if len(text) > MAX_CELL:
        raise TooLongError(f"Der Text hat {len(text)} Zeichen, erlaubt sind {MAX_CELL}.")
    if target.key == "birth_date":
        value: Any = parse_partial_date(cell, today=today)
    else:
        value = target.parse(cell)
    if target.max_length and isinstance(value, str) and len(value) > target.max_length:
        raise TooLongError(f"„{value[:40]}…“ hat {len(value)} Zeichen, erlaubt sind {target.max_length}.")
    return value


def _split_name(whole: str, header: str) -> tuple[str, str]:
    """Family and given name. Without a comma the header tells the order; else the last word is family."""
    if "," in whole:
        family, _comma, given = whole.partition(",")
        return family.strip(), given.strip()
    words = whole.split()
    head = normalise(header)
    if re.search(r"name.*\bvorname|familienname", head) and not head.startswith("vor"):
        return words[0], " ".join(words[1:])
    start = len(words) - 1
    while start > 1 and words[start - 1].lower().rstrip(".") in _PARTICLES:
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start])


def _take_birth_name(values: dict[str, Any]) -> None:
    """ "Kowalenko geb. Müller" is filed under the present name and found under both."""
    for key in ("full_name", "family_name"):
        if found := _BORN.search(values.get(key, "")):
            whole = values[key]
            rest = (whole[: found.start()] + whole[found.end() :]).strip(" ,")
            if rest:
                values[key] = rest
                spellings = (values.get("other_spellings"), found["name"].strip())
                values["other_spellings"] = ", ".join(filter(None, spellings))


def _join_parts(row: Row, name_header: str) -> None:
    """Whole names, "PLZ Ort", street with house number and second telephones become the fields of a case."""
    values = row.values
    _take_birth_name(values)
    if whole := values.pop("full_name", None):
        family, given = _split_name(whole, name_header)
        values.setdefault("family_name", family)
        if given:
            values.setdefault("given_name", given)
    if both := values.pop("postcode_town", None):
        found = _POSTCODE_TOWN.fullmatch(both)
        values.setdefault("town", found["town"] if found else both)
        if found:
            values.setdefault("postcode", found["postcode"].zfill(5))
    _take_address_apart(values)
    if number := values.pop("house_number", None):
        if "street" in values:
            values["street"] = f"{values['street']} {number}"
        else:
            row.gaps.append(("house_number", f"„{number}“ steht ohne Straße."))
    if mobile := values.pop("mobile", None):
        numbers = ", ".join(dict.fromkeys(filter(None, (values.get("phone"), mobile))))
        if len(numbers) > MAX_PHONE:
            row.gaps.append(("phone", f"„{values['phone']}“ hat neben der Mobilnummer keinen Platz."))
            numbers = mobile
        values["phone"] = numbers


def _take_address_apart(values: dict[str, Any]) -> None:
    """ "Ringstr. 4, 12345 Lindenau", unless postcode or town stand in columns of their own and differ."""
    whole = values.get("street", "")
    found = _ADDRESS.fullmatch(whole) or _TOWN_FIRST.fullmatch(whole)
    if found and all(values.get(key, found[key]) == found[key] for key in ("postcode", "town")):
        values |= {key: text.strip() for key, text in found.groupdict().items()}


def _require(row: Row) -> None:
    failed = {key for key, _message in row.errors}
    if "full_name" in failed:
        failed |= {"family_name", "given_name"}
    for key, message in (
        ("family_name", "Der Nachname fehlt."),
        ("given_name", "Der Vorname fehlt."),
        ("birth_date", "Das Geburtsdatum fehlt."),
    ):
        if not row.values.get(key) and key not in failed:
            row.errors.append((key, message))
    start, end = row.values.get("residence_from"), row.values.get("residence_until")
    if start and end and end < start:
        del row.values["residence_until"]
        row.gaps.append(("residence_until", f"„Gültig bis“ ({end:%d.%m.%Y}) liegt vor „gültig ab“."))


def fingerprint(values: Mapping[str, Any]) -> str:
    """32 hex digits that stay the same when the same person is imported again; empty without a name.

    With a foreign reference: that and the given name, so that a corrected birth date or family name makes no
    second case; the given name, as families often share a file number. Else: all names and the birth date.
    """
    given, family = normalise(values.get("given_name", "")), normalise(values.get("family_name", ""))
    reference = re.sub(r"\W", "", str(values.get("foreign_reference", ""))).casefold()
    born = values.get("birth_date")
    if reference:
        parts = ["reference", reference, given]
    elif given or family:
        parts = [
            "name",
            family,
            given,
            born.iso if isinstance(born, PartialDate) else "",
        ]
    else:
        return ""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _from_1904(cells: list[Cell], days: list[int]) -> list[Cell]:
    """Day numbers counted as in all other workbooks; what can be a year stays one."""
    shifted = list(cells)
    for column in days:
        cell = cells[column]
        if isinstance(cell, int | float) and cell > birthdates.LATEST_YEAR:
            shifted[column] = cell + _FROM_1904
    return shifted


def _interpret_row(
    number: int, cells: list[Cell], columns: list[tuple[int, Target]], name_header: str, today: datetime.date
) -> Row:
    row = Row(number)
    for column, target in columns:
        cell = cells[column] if column < len(cells) else None
        if cell is None or cell == "" or (isinstance(cell, str) and _says_nothing(cell, target)):
            continue
        try:
            row.values[target.key] = _value(target, cell, today)
        except ValueError as error:
            must = target.key in NEEDED or isinstance(error, TooLongError)
            (row.errors if must else row.gaps).append((target.key, str(error)))
    _join_parts(row, name_header)
    if _is_no_person(row):
        row.errors, row.gaps = [("", _NO_PERSON)], []
    else:
        _require(row)
    row.fingerprint = fingerprint(row.values)
    row.name_fingerprint = fingerprint({**row.values, "foreign_reference": ""})
    return row


def _says_nothing(text: str, target: Target) -> bool:
    return text in _NOTHING or (target.key in _CONTACT and text.lower() in _MISSING_CONTACT)


def _is_no_person(row: Row) -> bool:
    """Totals, page numbers, headings repeated on each page."""
    read = row.values.keys() - {"remark"}
    failed = {key for key, _message in row.errors + row.gaps}
    return len(read & NEEDED) + len(failed & NEEDED) <= 1 and len(read | failed) <= 1


def _mark_repeats(rows: list[Row]) -> None:
    """Against rows that can go in only: where the first one fails, the next one may be the right one."""
    first: dict[str, int] = {}
    for row in rows:
        if row.errors or not row.fingerprint:
            continue
        if first.setdefault(row.fingerprint, row.number) != row.number:
            row.is_repeat = True
            key = "foreign_reference" if row.values.get("foreign_reference") else "family_name"
            row.errors.append((key, f"Diese Person steht schon in Zeile {first[row.fingerprint]} der Datei."))


def interpret(sheet: Sheet, mapping: Mapping[int, str], *, today: datetime.date | None = None) -> list[Row]:
    """All rows of the sheet; `mapping` is column index → target key, each key at most once.

    Rows with errors are to be left out by the caller. Raises ValueError for a mapping that makes no sense.
    """
    today = today or birthdates.today_in_germany()
    unknown = sorted(set(mapping.values()) - set(BY_KEY))
    if unknown or len(set(mapping.values())) != len(mapping):
        raise ValueError("Jedes Feld darf nur einer Spalte zugeordnet werden.")
    if any(not 0 <= column < len(sheet.headers) for column in mapping):
        raise ValueError("Die Zuordnung passt nicht zu den Spalten der Datei.")
    columns = [(column, BY_KEY[key]) for column, key in sorted(mapping.items())]
    if sheet.counts_from_1904:
        days = [column for column, target in columns if target.parse in _DAYS]
        sheet = replace(sheet, rows=[_from_1904(cells, days) for cells in sheet.rows])
    name_header = next((sheet.headers[column] for column, key in mapping.items() if key == "full_name"), "")
    numbers = sheet.numbers or list(range(2, len(sheet.rows) + 2))
    rows = [
        _interpret_row(number, cells, columns, name_header, today)
        for number, cells in zip(numbers, sheet.rows, strict=True)
    ]
    _mark_repeats(rows)
    return rows
