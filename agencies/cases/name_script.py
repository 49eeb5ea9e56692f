"""Brings a spelling in any script to plain lower-case Latin letters."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

MAX_LENGTH = 300

# Arabic script is written here by hand: the general transliteration drops the alef and keeps ayn as a mark,
# and both stand for the vowel that a Latin spelling begins with (Ahmad, Ali).
_ARABIC = {
    **dict.fromkeys("اأإآٱعىەۃة", "a"),
    **dict.fromkeys("حهھہۀ", "h"),
    **dict.fromkeys("سص", "s"),
    **dict.fromkeys("تطٹ", "t"),
    **dict.fromkeys("كکڪ", "k"),
    **dict.fromkeys("يیے", "y"),
    **dict.fromkeys("دڈ", "d"),
    **dict.fromkeys("رڕڑ", "r"),
    **dict.fromkeys("لڵ", "l"),
    **dict.fromkeys("نں", "n"),
    "ب": "b",
    "پ": "p",
    "ث": "th",
    "ج": "j",
    "چ": "ch",
    "خ": "kh",
    "ذ": "dh",
    "ز": "z",
    "ژ": "zh",
    "ش": "sh",
    "ض": "dh",
    "ظ": "z",
    "غ": "gh",
    "ف": "f",
    "ڤ": "v",
    "ق": "q",
    "گ": "g",
    "م": "m",
    "و": "w",
    "ؤ": "u",
    "ئ": "i",
    "ء": "",
    "ـ": "",
    "ێ": "e",
    "ې": "e",
    "ۆ": "o",
    "ۇ": "u",
    "ۍ": "i",
}
# Farsi and Arabic keyboards give different code points for the same letters; alef maksura ends Persian names
# such as Musa as often as it is a careless yeh.
_SAME_LETTER = str.maketrans({"ك": "ک", "ي": "ی", "ى": "ی", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا"})
_ARABIC_TABLE = str.maketrans(_ARABIC)
_ARABIC_WORD_START_HAMZA = re.compile(r"(?<!\w)ئ(?=\w)")
_APOSTROPHES = frozenset("'`´’‘‛ʹʻʼʽʾʿˈ′ʺ\"")
_GERMAN_E = re.compile(r"(?<=[aou])e+")
_PLAIN = re.compile(r"[a-z0-9 ]*")


def _dropped(char: str, category: str) -> bool:
    """Marks without a sound of their own: harakat, accents set apart, zero-width and direction marks."""
    if category in ("Cf", "Lm") or char in _APOSTROPHES:
        return True
    return category in ("Mn", "Me") and (
        "\u0300" <= char <= "\u036f" or "\u0590" <= char <= "\u08ff" or "\ufe00" <= char <= "\ufe2f"
    )


def _letters_only(text: str) -> str:
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if _dropped(char, category):
            continue
        kept.append(char if category[0] in "LMN" else " ")
    return "".join(kept)


def _latin(text: str) -> str:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = _letters_only(text).translate(_SAME_LETTER)
    text = _ARABIC_WORD_START_HAMZA.sub("", text).translate(_ARABIC_TABLE)
    text = anyascii(text).lower()
    return "".join(
        char if char.isalnum() else "" if char in _APOSTROPHES else " " for char in text if char.isascii()
    )


@lru_cache(maxsize=20_000)
def normalise(text: str) -> str:
    """Plain search form of a name: `[a-z0-9 ]`, at most 300 long, one for Müller, Mueller and Muller.

    A prefix of the spelling normalises to a prefix of the result, so the form serves prefix search. The e of
    ae/oe/ue goes on both sides, which also shortens Samuel; a search text loses it in the same way.
    """
    text = text[: 2 * MAX_LENGTH]
    if not (text.isascii() and _PLAIN.fullmatch(text)):
        text = _latin(text)
    return " ".join(_GERMAN_E.sub("", text).split())[:MAX_LENGTH].rstrip()
