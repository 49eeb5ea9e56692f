"""Turns what a cell says into what a case holds; each parser raises ValueError with a German sentence."""

import datetime
import re
from decimal import Decimal, InvalidOperation

from agencies.cases import birthdates
from agencies.cases.birthdates import PartialDate
from agencies.cases.importing.words import (
    NATIONALITY_BY_KEY,
    RESIDENCE_BY_SECTION,
    RESIDENCE_BY_WORD,
    language_table,
    nationality_table,
)
from agencies.cases.names import normalise

_FAR = datetime.date(birthdates.LATEST_YEAR, 12, 31)
_SHORT_YEAR = re.compile(r"(\d{1,2}[./]\d{1,2}[./])(\d{2})")
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(?::00(?:[.,]0+)?)?Z?$")
_UNKNOWN_PARTS = re.compile(r"(?:[xX?_*-]{1,2}| ?)[./](?P<month>\d{1,2}|[xX?_*-]{1,2}| ?)[./](?P<year>\d{4})")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})")
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>0\d|1[0-2])(?P<day>[0-2]\d|3[01])")
_COMPACT_GERMAN = re.compile(r"(?P<day>[0-2]\d|3[01])(?P<month>0\d|1[0-2])(?P<year>(?:19|20)\d\d)")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
_YES = frozenset(("ja", "j", "yes", "y", "x", "1", "wahr", "true", "w", "vorhanden"))
_NO = frozenset(("nein", "n", "no", "0", "falsch", "false", "f", "keine", "kein", "nicht"))
_LEVEL = re.compile(r"(?<![a-z0-9])([abc])\s?([12])(?![0-9])", re.IGNORECASE)
_NO_LEVEL = frozenset(("0", "kein", "keine", "ohne", "none", "nein", "a0", "analphabet", "analphabetin"))
_SECTION = re.compile(
    r"(?<![\d,.])(?P<number>\d{1,3})\s*(?P<letter>[a-d])?(?![a-z0-9])"
    r"(?:\s*(?:abs(?:atz)?\.?|\(|[.,/])?\s*(?P<part>\d|i{1,3}|iv|v)(?![a-z0-9]))?"
)
_LEGAL = re.compile(r"§|\babs\b|\bae\b|aufenthg|asylg|paragra|duldung|erlaubnis|fiktion")
_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}")
_RESIDENCE_CODES = frozenset([*RESIDENCE_BY_WORD.values(), *RESIDENCE_BY_SECTION.values()])
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_FAMILY_SECTIONS = {"36a", *(str(number) for number in range(28, 37))}
_EMAIL = re.compile(
    r"[^@\s,;<>()\"]{1,64}@(?=.{3,190}$)[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+"
)
_PHONE_NOISE = re.compile(r"\b(?:tel(?:efon)?|mobil|handy|fon|priv(?:at)?|dienstl?)\b\.?:?", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_GENDERS = {
    "female": "w weiblich weibl f frau female 2",
    "male": "m mannlich mannl mann herr male 1",
    "diverse": "d divers x 3",
    "unknown": "u unbekannt ungeklart ka oa 0 9",
}
_GENDER_BY_WORD = {word: code for code, words in _GENDERS.items() for word in words.split()}
_ENDLESS = frozenset(("unbefristet", "dauerhaft", "unbegrenzt"))


def _refuse(value: object, what: str) -> ValueError:
    return ValueError(f"„{str(value).strip()[:60]}“ {what}")


def parse_text(value: object) -> str:
    """Text of any cell; a number without decimals keeps no point."""
    if isinstance(value, datetime.date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, bool):
        return "ja" if value else "nein"
    return str(value).strip()


def _plain_day(value: object) -> object:
    """As `birthdates` reads it: without midnight, marks and final point, in the order of day, month, year."""
    if isinstance(value, float | int) and not isinstance(value, bool) and _COMPACT.fullmatch(f"{value:.0f}"):
        value = f"{value:.0f}"
    if not isinstance(value, str):
        return value
    text = _MIDNIGHT.sub("", value.strip()).rstrip("*").rstrip()
    text = text[:-1] if text.count(".") == 3 and text.endswith(".") else text
    if found := _UNKNOWN_PARTS.fullmatch(text):
        month = found["month"] if found["month"].isdigit() else "00"
        return f"00.{month}.{found['year']}"
    if found := _YEAR_FIRST.fullmatch(text):
        return f"{found['day']}.{found['month']}.{found['year']}"
    if found := _COMPACT.fullmatch(text):
        return f"{found['day']}.{found['month']}.{found['year']}"
    if found := _COMPACT_GERMAN.fullmatch(text):
        return f"{found['day']}.{found['month']}.{found['year']}"
    return text


def parse_partial_date(value: object, *, today: datetime.date | None = None) -> PartialDate:
    """A day of birth, parts of it unknown: also XX.05.1990, 19900503 and 03.05.1990 00:00:00."""
    return birthdates.parse(_plain_day(value), today=today)


def parse_date(value: object) -> datetime.date:
    """A full day, also in the future. Two-digit years up to 79 are of this century."""
    value = _plain_day(value)
    if isinstance(value, str) and (found := _SHORT_YEAR.fullmatch(value.strip())):
        value = f"{found[1]}{'20' if int(found[2]) < 80 else '19'}{found[2]}"
    try:
        day = birthdates.parse(value, today=_FAR)
    except ValueError as error:
        raise _refuse(value, "ist kein Datum. Bitte als TT.MM.JJJJ angeben.") from error
    if not day.is_complete:
        raise _refuse(value, "nennt keinen Tag. Bitte als TT.MM.JJJJ angeben.")
    return day.earliest


def parse_until(value: object) -> datetime.date | None:
    """A last day; "unbefristet" is None."""
    return None if isinstance(value, str) and normalise(value) in _ENDLESS else parse_date(value)


def parse_decimal(value: object) -> Decimal:
    """1.234,56 and 1234.5 and "12 €"; a single point before three digits separates thousands."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        text = str(value)
    else:
        text = re.sub(r"[\s'’€]|EUR", "", str(value))
        if not _NUMBER.fullmatch(text):
            raise _refuse(value, "ist keine Zahl.")
        if text.rfind(",") > text.rfind(".") or _THOUSANDS.fullmatch(text):
            text = text.replace(".", "").replace(",", ".")
        else:
            text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise _refuse(value, "ist keine Zahl.") from error
    if not number.is_finite():
        raise _refuse(value, "ist keine Zahl.")
    return number


def parse_int(value: object) -> int:
    number = parse_decimal(value)
    if number != number.to_integral_value() or abs(number) > 10**9:
        raise _refuse(value, "ist keine ganze Zahl.")
    return int(number)


def parse_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = "x" if str(value).strip() in "✓✔☑☒✗" else normalise(str(value))
    if word in _YES or word in _NO:
        return word in _YES
    raise _refuse(value, "ist weder Ja noch Nein.")


def parse_cefr(value: object) -> str:
    """B1 of "b 1", "A2.1", "telc B1"; "none" of "keine"; refuses two levels in one cell."""
    text = str(value)
    found: set[str] = {(letter + digit).upper() for letter, digit in _LEVEL.findall(text)}
    if len(found) == 1:
        return found.pop()
    if not found and set(normalise(text).split()) & _NO_LEVEL:
        return "none"
    raise _refuse(value, "ist kein Sprachniveau von A1 bis C2.")


def _residence_of_section(number: str, letter: str, part: str) -> str | None:
    if number == "25" and not letter:
        paragraph = _ROMAN.get(part, part)
        return f"par_25_{paragraph}" if paragraph in {"1", "2", "3", "4", "5"} else None
    if number + letter in _FAMILY_SECTIONS:
        return "family"
    return RESIDENCE_BY_SECTION.get(number + letter)


def _residence_sections(text: str) -> list[str]:
    """Codes of the sections named; bare numbers count only where nothing else is written."""
    if not _LEGAL.search(text):
        alone = _SECTION.fullmatch(text.strip())
        matches = [alone] if alone else []
    else:
        matches = list(_SECTION.finditer(_DAY.sub(" ", text)))
    parts = [(found["number"], found["letter"] or "", found["part"] or "") for found in matches]
    return [code for part in parts if (code := _residence_of_section(*part))]


def parse_residence(value: object) -> str:
    """Code of a residence status, from "§ 25 Abs. 2" or "Duldung"; where both stand, the section decides."""
    text = str(value).strip().lower()
    if text in _RESIDENCE_CODES:
        return text
    if sections := _residence_sections(text):
        return sections[0]
    words = normalise(text).split()
    codes = {code for word in [*words, "".join(words)] if (code := RESIDENCE_BY_WORD.get(word))}
    codes |= {code for code in ("gestattung", "duldung") if text.startswith(f"aufenthalts{code}")}
    if len(codes) == 1 and "25" not in text:
        return codes.pop()
    raise _refuse(value, "ist als Aufenthaltsstatus nicht bekannt.")


def parse_language(value: object) -> str:
    """ISO 639 code of a language name in German, or of a code."""
    word = re.split(r"[/(,;]", str(value))[0]
    if code := language_table().get(normalise(word).replace(" ", "")):
        return code
    raise _refuse(value, "ist als Sprache nicht bekannt.")


def parse_languages(value: object) -> list[str]:
    """Several languages, separated by comma, semicolon, slash or "und", each once."""
    parts = [part for part in re.split(r"[,;/\n]|\bund\b", str(value)) if part.strip()]
    return list(dict.fromkeys(parse_language(part) for part in parts))


def parse_nationality(value: object) -> str:
    """ISO 3166 code of a country, an adjective ("syrisch"), a code or the key of the statistical offices.

    XX is stateless, ZZ unclear.
    """
    text = f"{value:03.0f}" if isinstance(value, int | float) else str(value).strip()
    if code := NATIONALITY_BY_KEY.get(text):
        return code
    word = normalise(re.split(r"[/(,;]", text)[0]).replace(" ", "")
    table = nationality_table()
    for ending in ("", "e", "er", "en", "es"):
        if word.endswith(ending) and (code := table.get(word.removesuffix(ending) if ending else word)):
            return code
    if text.endswith(".") and len(word) > 2:  # "afgh.", if it can be short for one only
        codes = {code for known, code in table.items() if known.startswith(word) and len(known) > 3}
        if len(codes) == 1:
            return codes.pop()
    raise _refuse(value, "ist als Staatsangehörigkeit nicht bekannt.")


def parse_gender(value: object) -> str:
    """From words, letters, or the keys 1, 2, 3 of the statistical offices."""
    word = f"{value:g}" if isinstance(value, float) else str(value)
    if code := _GENDER_BY_WORD.get(normalise(word).replace(" ", "")):
        return code
    raise _refuse(value, "ist als Geschlecht nicht bekannt (m, w, d).")


def parse_phone(value: object) -> str:
    """Digits in readable groups, at most 40 characters; a zero that the spreadsheet lost is put back."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        digits = f"{value:.0f}"
        text = digits if len(digits) > 11 and digits.startswith("49") else "0" + digits
        text = "+" + text if text.startswith("49") else text
    else:
        text = " ".join(_PHONE_NOISE.sub(" ", str(value)).split()).strip(" :.,;'’´`")
    if _SCIENTIFIC.fullmatch(text):
        raise _refuse(value, "hat in der Tabelle Ziffern verloren. Bitte die Telefonnummer ganz angeben.")
    number = re.sub(r"\([^()\d]*\)", "", text)
    count = sum(char.isdigit() for char in number)
    if (len(text) > 40 and count >= 5) or count > 32:
        raise _refuse(value, "ist zu lang: höchstens 40 Zeichen, also zwei Telefonnummern.")
    if count < 5 or re.search(r"[^\d+()/\-–. ,;]", number):
        raise _refuse(value, "ist keine Telefonnummer.")
    return text


def parse_email(value: object) -> str:
    text = str(value).strip().removeprefix("mailto:").strip("<>").strip()
    if not _EMAIL.fullmatch(text) or ".." in text or text.startswith("."):
        raise _refuse(value, "ist keine E-Mail-Adresse.")
    name, _at, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def parse_postcode(value: object) -> str:
    """Five digits; the leading zero of Saxony is put back. Letters of a country before it are cut."""
    if isinstance(value, float):
        value = f"{value:g}"
    text = re.sub(r"^DE?[\s-]+", "", parse_text(value).strip(), flags=re.IGNORECASE).replace(" ", "")
    if re.fullmatch(r"[0-9]{4,5}", text) and int(text):
        return text.zfill(5)
    raise _refuse(value, "ist keine Postleitzahl mit fünf Ziffern.")
