"""Suggests which column of a table fills which field, from its header and from what stands below it."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from agencies.cases.importing import values
from agencies.cases.importing.sheet import Cell
from agencies.cases.importing.targets import BY_KEY, header_form, header_table
from agencies.cases.names import normalise

__all__ = ["Suggestion", "suggest"]

SAMPLE = 50
ENOUGH = 3
_FUZZY = 0.82
_LEAST = 0.45
_COMMA_NAME = re.compile(r"[^\d,;@]{2,60},\s*[^\d,;@]{2,60}")


@dataclass(frozen=True)
class Suggestion:
    """Target key and how sure we are, from 0 to 1; from 0.8 it may be preselected without a mark."""

    target: str
    confidence: float


def _is_birth_date(value: Cell) -> bool:
    """Plain numbers could be a file number as well as a year or an Excel serial number."""
    if isinstance(value, datetime.date) or (isinstance(value, str) and not value.isdigit()):
        return values.parse_partial_date(value).year <= 2020
    return False


def _is_postcode(value: Cell) -> bool:
    return bool(re.fullmatch(r"\d{5}", str(value))) and bool(values.parse_postcode(value))


def _is_phone(value: Cell) -> bool:
    if not re.match(r"(?:\+|00|0\d)", str(value)) or re.fullmatch(r"\d\d?[./]\d\d?[./]\d{2,4}", str(value)):
        return False
    return bool(values.parse_phone(value))


# What a column without a telling header may be, judged by its cells alone, and how far that is to be trusted.
_BY_CONTENT: tuple[tuple[str, Callable[[Any], Any], float], ...] = (
    ("email", values.parse_email, 0.75),
    ("german_level", values.parse_cefr, 0.7),
    ("birth_date", _is_birth_date, 0.6),
    ("postcode", _is_postcode, 0.65),
    ("phone", _is_phone, 0.55),
    ("residence_kind", values.parse_residence, 0.6),
    ("gender", values.parse_gender, 0.6),
    ("mother_tongue", values.parse_language, 0.55),
    ("nationality", values.parse_nationality, 0.55),
    ("full_name", lambda value: _COMMA_NAME.fullmatch(str(value)), 0.5),
)


def _share(cells: Sequence[Cell], fits: Callable[[Any], Any]) -> float:
    return sum(_fits(cell, fits) for cell in cells) / len(cells) if cells else 0.0


def _fits(cell: Cell, fits: Callable[[Any], Any]) -> bool:
    try:
        return bool(fits(cell))
    except ValueError:
        return False


@cache
def _similar(form: str) -> tuple[str, float]:
    """The known header nearest to an unknown one: contained as a whole word part, or spelt alike."""
    best = ("", 0.0)
    for known, key in header_table().items():
        ratio = SequenceMatcher(None, form, known).ratio()
        score = ratio * 0.9 if ratio >= _FUZZY else 0.0
        if len(known) >= 5 and known in form:
            score = max(score, 0.55 + 0.3 * len(known) / len(form))
        best = max(best, (key, score), key=lambda item: item[1])
    return best


def _by_header(header: str) -> tuple[str, float]:
    form = header_form(re.sub(r"\(\d+\)$", "", header))
    if not form:
        return ("", 0.0)
    if key := header_table().get(form):
        return (key, 1.0)
    if _either_number(header):
        return ("foreign_reference", 0.9)
    words = [header_form(word) for word in normalise(header).split()]
    for start in range(len(words)):
        for word in ("".join(words[:-start] if start else words), "".join(words[start:])):
            if len(word) > 2 and (key := header_table().get(word)):
                return (key, 0.85)
    return _similar(form)


def _either_number(header: str) -> bool:
    """ "BG-Nr./Kd.-Nr.": a number of the one or the other kind is the person's file number here."""
    parts = re.split(r"/|,|;|\bund\b|\boder\b|\bbzw\b\.?", header)
    found = {header_table().get(header_form(part)) for part in parts}
    return found == {"foreign_reference", "household_reference"}


def _candidates(header: str, cells: list[Cell]) -> list[Suggestion]:
    key, confidence = _by_header(header)
    found = []
    if key:
        is_own_name = header_form(header) == header_form(BY_KEY[key].label)
        doubtful = BY_KEY[key].telling and len(cells) >= ENOUGH and _share(cells, BY_KEY[key].parse) < 0.3
        if doubtful:  # the field's own name can mean nothing else, so its cells are just faulty
            confidence *= 0.8 if is_own_name else 0.5
        found.append(Suggestion(key, round(confidence, 2)))
    if confidence < 0.8 and len(cells) >= ENOUGH:
        shares = [(key, _share(cells, fits) * trust) for key, fits, trust in _BY_CONTENT]
        found += [Suggestion(key, round(share, 2)) for key, share in shares]
    return [suggestion for suggestion in found if suggestion.confidence >= _LEAST]


def suggest(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> dict[int, Suggestion]:
    """Column index → suggestion; each field at most once, columns that fit nothing are left out."""
    offers = []
    for column, header in enumerate(headers):
        cells = [row[column] for row in rows[: 4 * SAMPLE] if row[column] is not None][:SAMPLE]
        offers += [(-offer.confidence, column, offer) for offer in _candidates(header, cells)]
    chosen: dict[int, Suggestion] = {}
    taken: set[str] = set()
    for _rank, column, offer in sorted(offers, key=lambda item: item[:2]):
        if column not in chosen and offer.target not in taken:
            chosen[column] = offer
            taken.add(offer.target)
    return _whole_names(chosen, taken)


def _whole_names(chosen: dict[int, Suggestion], taken: set[str]) -> dict[int, Suggestion]:
    """A column "Name" holds the whole name where no column has the given name."""
    if "given_name" in taken or "full_name" in taken:
        return chosen
    return {
        column: Suggestion("full_name", offer.confidence) if offer.target == "family_name" else offer
        for column, offer in chosen.items()
    }
