"""Languages and nationalities with German names, taken from CLDR."""

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


@cache
def languages() -> list[tuple[str, str]]:
    """``(ISO code, German name)``, sorted by name."""
    names = {"prs": "Dari"} | dict(Locale("de").languages)  # CLDR knows Dari only as a kind of Persian
    return sorted(((code, names.get(code, code)) for code in LANGUAGE_CODES), key=lambda pair: pair[1])


@cache
def nationalities() -> list[tuple[str, str]]:
    """``(ISO 3166 code, German country name)``, sorted by name, with stateless and unclear at the end."""
    territories = Locale("de").territories
    countries = [(code, name) for code, name in territories.items() if len(code) == 2 and code.isalpha()]
    pseudo = {"ZZ", "XA", "XB", "EU", "EZ", "UN", "QO"}
    known = sorted(((c, n) for c, n in countries if c not in pseudo), key=lambda pair: pair[1])
    return [*known, ("XX", "staatenlos"), ("ZZ", "ungeklärt")]
