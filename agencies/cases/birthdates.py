"""Birth dates as German authorities keep them: day or month may be unknown, written 00.00.1990."""

import datetime
import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from functools import total_ordering
from zoneinfo import ZoneInfo

EARLIEST_YEAR = 1900
LATEST_YEAR = 2200

_MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_GERMAN = re.compile(r"(?P<day>\d{1,2})\s*[./-]\s*(?P<month>\d{1,2})\s*[./-]\s*(?P<year>\d{4}|\d{2})")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?(?:[T ][\d:.]+)?")
_MONTH_YEAR = re.compile(r"(?P<month>\d{1,2})\s*[./]\s*(?P<year>\d{4})")
_YEAR = re.compile(r"(?P<year>\d{4})")
_NAMED = re.compile(r"(?:(?P<day>\d{1,2})\.?\s*)?(?P<name>[a-zä]{3,9})\.?\s*(?P<year>\d{4})")
_SERIAL = re.compile(r"\d{5}(?:[.,]0+)?")
_PATTERNS = (_GERMAN, _ISO, _MONTH_YEAR, _YEAR)


@total_ordering
@dataclass(frozen=True)
class PartialDate:
    """A day, a month or a year of birth. Raises ValueError (German) for a day that does not exist."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not EARLIEST_YEAR <= self.year <= LATEST_YEAR:
            raise ValueError(f"Das Jahr {self.year} ist nicht möglich (frühestens {EARLIEST_YEAR}).")
        if self.month is None and self.day is not None:
            raise ValueError("Ist der Monat unbekannt, kann der Tag nicht angegeben werden.")
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError(f"Den Monat {self.month} gibt es nicht.")
        if self.day is not None and not 1 <= self.day <= monthrange(self.year, self.month or 1)[1]:
            raise ValueError(f"Den Tag {self.day:02}.{self.month:02}.{self.year} gibt es nicht.")

    def __str__(self) -> str:
        return f"{self.day or 0:02}.{self.month or 0:02}.{self.year}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self.sort_key < other.sort_key

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Unknown parts sort before known ones."""
        return (self.year, self.month or 0, self.day or 0)

    @property
    def iso(self) -> str:
        """1990-05-00, for hashes and exports; `parse` reads it back."""
        return f"{self.year}-{self.month or 0:02}-{self.day or 0:02}"

    @property
    def is_complete(self) -> bool:
        return self.day is not None

    @property
    def earliest(self) -> datetime.date:
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> datetime.date:
        month = self.month or 12
        return datetime.date(self.year, month, self.day or monthrange(self.year, month)[1])

    def age_on(self, day: datetime.date) -> tuple[int, int]:
        """Least and greatest possible age in full years; never below 0.

        Born on 29 February, one grows a year older on 1 March of a common year (§ 188 (3) BGB).
        """
        return (max(_age(self.latest, day), 0), max(_age(self.earliest, day), 0))

    def may_be(self, other: "PartialDate") -> bool:
        """True if both can mean the same day: unknown parts agree with any."""
        return self.earliest <= other.latest and other.earliest <= self.latest


def _age(born: datetime.date, day: datetime.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def today_in_germany() -> datetime.date:
    return datetime.datetime.now(ZoneInfo("Europe/Berlin")).date()


def excel_date(serial: float) -> datetime.date:
    """Day of an Excel serial number (1900 system), allowing for its invented 29.02.1900."""
    number = int(serial)
    if not 1 <= number <= 2_958_465 or number == 60:
        raise ValueError(f"„{serial:g}“ ist keine Excel-Datumszahl.")
    return datetime.date(1899, 12, 31) + datetime.timedelta(days=number - (number > 60))


def _full_year(digits: str, today: datetime.date) -> int:
    """Two-digit years mean the last hundred years: 90 is 1990, 15 is 2015."""
    year = int(digits)
    if len(digits) > 2:
        return year
    century = today.year - today.year % 100
    return century + year if century + year <= today.year else century - 100 + year


def _from_number(number: float) -> PartialDate:
    if number == int(number) and EARLIEST_YEAR <= number <= LATEST_YEAR:
        return PartialDate(int(number))
    if number < EARLIEST_YEAR:  # serial numbers of the years up to 1905: more likely a count than a birth
        raise ValueError(f"„{number:g}“ ist kein Datum.")
    found = excel_date(number)
    return PartialDate(found.year, found.month, found.day)


def _from_text(text: str, today: datetime.date, *, serials: bool) -> PartialDate:
    cleaned = unicodedata.normalize("NFKC", text).strip().strip("'").lower()
    if serials and _SERIAL.fullmatch(cleaned):
        return _from_number(int(cleaned[:5]))
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(cleaned):
            parts = found.groupdict()
            month, day = int(parts.get("month") or 0), int(parts.get("day") or 0)
            return PartialDate(_full_year(parts["year"], today), month or None, day or None)
    if (found := _NAMED.fullmatch(cleaned)) and (name := found["name"].replace("mae", "mä")[:3]) in _MONTHS:
        day = int(found["day"] or 0)
        return PartialDate(int(found["year"]), _MONTHS.index(name) + 1, day or None)
    raise ValueError(
        f"„{text.strip()[:40]}“ ist kein Datum. Bitte als TT.MM.JJJJ angeben, Unbekanntes als 00."
    )


def parse(value: object, *, today: datetime.date | None = None, serials: bool = True) -> PartialDate:
    """Reads what people and spreadsheets write; raises ValueError with a German sentence.

    Accepts 03.05.1990, 00.05.1990, 00.00.1990, 3.5.90, 1990-05-03, 05.1990, 1990, "3. Mai 1990", Excel serial
    numbers, dates. A number from 1900 to 2200 is a year. `today` bounds the date (default: today in Germany).
    Without `serials` five digits are a mistake: nobody types the number of a day by hand.
    """
    today = today or today_in_germany()
    if isinstance(value, PartialDate):
        found = value
    elif isinstance(value, datetime.date):
        found = PartialDate(value.year, value.month, value.day)
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9:
        found = _from_number(value)
    elif isinstance(value, str) and value.strip():
        found = _from_text(value, today, serials=serials)
    elif value is None or value == "":
        raise ValueError("Das Datum fehlt.")
    else:
        raise ValueError(f"„{str(value)[:40]}“ ist kein Datum.")
    if found.earliest > today:
        raise ValueError(f"Das Datum {found} liegt in der Zukunft.")
    return found
