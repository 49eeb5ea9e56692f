"""The case reference K-2026-00017: year of opening and a running number of that year."""

import re

_REFERENCE = re.compile(r"k[\s/_.-]*(?P<year>\d{4})[\s/_.-]+(?P<number>\d{1,9})", re.IGNORECASE | re.ASCII)


def format_reference(year: int, number: int) -> str:
    """At least five digits, more when a year has more cases."""
    if not 1900 <= year <= 9999 or number < 1:
        raise ValueError(f"Kein Geschäftszeichen: Jahr {year}, Nummer {number}.")
    return f"K-{year}-{number:05}"


def parse_reference(text: str) -> tuple[int, int]:
    """Year and number of what people type (k 2026/17); raises ValueError with a German sentence."""
    found = _REFERENCE.fullmatch(text.strip().replace("–", "-"))
    if not found or not int(found["number"]) or int(found["year"]) < 1900:
        raise ValueError(f"„{text.strip()[:40]}“ ist kein Geschäftszeichen wie K-2026-00017.")
    return int(found["year"]), int(found["number"])


def clean_reference(text: str) -> str:
    """The canonical spelling of what people type."""
    return format_reference(*parse_reference(text))
