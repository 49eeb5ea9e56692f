"""Languages and nationalities with German names, taken from CLDR."""

import unicodedata
from functools import cache

from babel import Locale

#: Languages spoken by the people a German county meets, plus the European neighbours' (ISO 639).
LANGUAGE_CODES = [
    "am",
    "ar",
    "az",
    "be",
    "bg",
    "bn",
    "bs",
    "ckb",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "ha",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "ig",
    "it",
    "ka",
    "kk",
    "ko",
    "ku",
    "ky",
    "ln",
    "lt",
    "lv",
    "mk",
    "ml",
    "mn",
    "my",
    "ne",
    "nl",
    "om",
    "pa",
    "pl",
    "prs",
    "ps",
    "pt",
    "ro",
    "ru",
    "rw",
    "sk",
    "sl",
    "so",
    "sq",
    "sr",
    "sv",
    "sw",
    "ta",
    "te",
    "tg",
    "th",
    "ti",
    "tk",
    "tl",
    "tr",
    "uk",
    "ur",
    "uz",
    "vi",
    "wo",
    "yo",
    "zh",
]


#: Codes of CLDR that are no state: parts of one, seas, blocs, codes for tests. Nobody's nationality.
NO_STATES = set(
    "AC AI AQ AS AW AX BL BM BQ BV CC CP CQ CW CX DG EA EU EZ FK FO GF GG GI GL GP GS GU HM IC IM IO JE KY MF"
    " MP MQ MS NC NF PF PM PN PR QO RE SH SJ SX TA TC TF TK UM UN VG VI WF XA XB YT ZZ".split()
)


def in_german_order(pair: tuple[str, str]) -> str:
    """Sort key as in German lists (DIN 5007-1): Ägypten stands with the A."""
    parts = unicodedata.normalize("NFKD", pair[1].replace("ß", "ss"))
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


@cache
def languages() -> list[tuple[str, str]]:
    """``(ISO code, German name)``, sorted by name."""
    names = {"prs": "Dari"} | dict(Locale("de").languages)  # CLDR knows Dari only as a kind of Persian
    return sorted(((code, names.get(code, code)) for code in LANGUAGE_CODES), key=in_german_order)


@cache
def nationalities() -> list[tuple[str, str]]:
    """``(ISO 3166 code, German name of the state)``, sorted, with stateless and unclear at the end."""
    names = Locale("de").territories
    states = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    known = [pair for pair in states if pair[0] not in NO_STATES]
    return [*sorted(known, key=in_german_order), ("XX", "staatenlos"), ("ZZ", "ungeklärt")]
