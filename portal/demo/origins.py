"""Where the county's people come from: names, languages, years of arrival, usual residence statuses."""

from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from agencies.enums import ResidenceKind as R
from portal.demo import names_african as african
from portal.demo import names_arabic as arabic
from portal.demo import names_other as other
from portal.demo import names_persian as persian
from portal.demo import names_slavic as slavic

T = TypeVar("T")


@dataclass(frozen=True)
class Name:
    """One name in its usual spellings, and in the original script where that is another one."""

    spellings: tuple[str, ...]
    original: str

    def for_woman(self) -> "Name":
        """Russian family names end in -a for women; marked with * in the stock."""
        if not self.original.endswith("*"):
            return self
        return Name(tuple(f"{name}a" for name in self.spellings), f"{self.original[:-1]}а")

    def for_man(self) -> "Name":
        return Name(self.spellings, self.original.removesuffix("*"))


def stock(*blocks: str) -> tuple[Name, ...]:
    """Read lines such as ``Samir/Sameer=سمير``."""
    lines = [line for block in blocks for line in block.split("\n") if line.strip()]
    pairs = [line.partition("=") for line in lines]
    return tuple(Name(tuple(latin.strip().split("/")), original.strip()) for latin, _, original in pairs)


@dataclass(frozen=True)
class Origin:
    """A country of origin; ``statuses`` weighs residence statuses, ``arrivals`` years of entry."""

    country: str
    weight: int
    male: tuple[Name, ...]
    female: tuple[Name, ...]
    family: tuple[Name, ...]
    languages: tuple[str, ...]
    statuses: dict[R, int]
    arrivals: dict[range, int]
    other_languages: tuple[str, ...] = ()
    latin: bool = False
    cities: tuple[str, ...] = ()
    share_of_women: float = field(default=0.42)


_WAR = {range(2014, 2016): 35, range(2016, 2020): 25, range(2020, 2024): 22, range(2024, 2026): 18}
_LATER = {range(2015, 2018): 22, range(2018, 2022): 28, range(2022, 2026): 50}
_PROTECTED = {
    R.PAR_25_2: 46,
    R.PAR_25_1: 12,
    R.FAMILY: 12,
    R.NIEDERLASSUNG: 10,
    R.GESTATTUNG: 12,
    R.FIKTION: 8,
}
_MIXED = {
    R.PAR_25_3: 26, R.PAR_25_2: 20, R.GESTATTUNG: 20, R.DULDUNG: 11, R.PAR_104C: 6, R.FAMILY: 7,
    R.PAR_25A: 2, R.PAR_25B: 3, R.FIKTION: 3, R.NIEDERLASSUNG: 2,
}  # fmt: skip
_DOUBTFUL = {
    R.GESTATTUNG: 34, R.DULDUNG: 24, R.PAR_104C: 8, R.DULDUNG_60C: 6, R.DULDUNG_60D: 5, R.FAMILY: 9,
    R.PAR_25_2: 6, R.PAR_25_3: 4, R.PAR_25B: 4,
}  # fmt: skip

ORIGINS: tuple[Origin, ...] = (
    Origin(
        "SY",
        30,
        stock(arabic.MALE),
        stock(arabic.FEMALE),
        stock(arabic.FAMILY, arabic.KURDISH_FAMILY),
        ("ar", "ar", "ar", "ku"),
        _PROTECTED,
        _WAR,
        ("en", "ku", "tr"),
        cities=("Aleppo", "Damaskus", "Homs", "Daraa", "Hama", "Qamischli", "Idlib", "Deir ez-Zor"),
    ),
    Origin(
        "AF",
        15,
        stock(persian.MALE),
        stock(persian.FEMALE),
        stock(persian.AFGHAN_FAMILY),
        ("prs", "prs", "ps"),
        _MIXED,
        _LATER,
        ("fa", "en", "ur"),
        cities=("Kabul", "Herat", "Masar-e Scharif", "Ghazni", "Kandahar", "Bamiyan"),
        share_of_women=0.34,
    ),
    Origin(
        "UA",
        22,
        stock(slavic.UKRAINIAN_MALE),
        stock(slavic.UKRAINIAN_FEMALE),
        stock(slavic.UKRAINIAN_FAMILY),
        ("uk", "uk", "ru"),
        {R.PAR_24: 94, R.FAMILY: 3, R.FIKTION: 3},
        {range(2022, 2024): 80, range(2024, 2026): 20},
        ("ru", "en", "pl"),
        share_of_women=0.68,
        cities=("Charkiw", "Mariupol", "Kyjiw", "Cherson", "Odessa", "Saporischschja", "Mykolajiw", "Sumy"),
    ),
    Origin(
        "IQ",
        8,
        stock(arabic.MALE),
        stock(arabic.FEMALE),
        stock(arabic.FAMILY, arabic.KURDISH_FAMILY),
        ("ar", "ku", "ckb"),
        _MIXED,
        _LATER,
        ("ar", "en"),
        cities=("Mossul", "Bagdad", "Erbil", "Dohuk", "Sindschar", "Kirkuk"),
    ),
    Origin(
        "IR",
        4,
        stock(persian.MALE),
        stock(persian.FEMALE),
        stock(persian.IRANIAN_FAMILY),
        ("fa",),
        _MIXED,
        _LATER,
        ("en", "az", "ku"),
        cities=("Teheran", "Isfahan", "Schiras", "Täbris", "Ahwas"),
    ),
    Origin(
        "ER",
        5,
        stock(african.ERITREAN_MALE),
        stock(african.ERITREAN_FEMALE),
        stock(african.ERITREAN_FAMILY),
        ("ti",),
        _PROTECTED,
        _LATER,
        ("am", "ar", "en"),
        cities=("Asmara", "Keren", "Mendefera", "Dekemhare"),
    ),
    Origin(
        "SO",
        4,
        stock(african.SOMALI_MALE),
        stock(african.SOMALI_FEMALE),
        stock(african.SOMALI_FAMILY),
        ("so",),
        _MIXED,
        _LATER,
        ("ar", "en", "sw"),
        latin=True,
        cities=("Mogadischu", "Kismaayo", "Hargeisa", "Baidoa"),
    ),
    Origin(
        "TR",
        5,
        stock(other.TURKISH_MALE),
        stock(other.TURKISH_FEMALE),
        stock(other.TURKISH_FAMILY),
        ("tr", "tr", "ku"),
        _DOUBTFUL,
        _LATER,
        ("ku", "en"),
        latin=True,
        cities=("Diyarbakır", "Van", "Adana", "Gaziantep", "Ankara", "Şanlıurfa"),
    ),
    Origin(
        "RU",
        2,
        stock(slavic.RUSSIAN_MALE),
        stock(slavic.RUSSIAN_FEMALE),
        stock(slavic.RUSSIAN_FAMILY),
        ("ru",),
        _DOUBTFUL,
        _LATER,
        ("en",),
        cities=("Grosny", "Machatschkala", "Moskau", "Nasran"),
    ),
    Origin(
        "NG",
        2,
        stock(african.NIGERIAN_MALE),
        stock(african.NIGERIAN_FEMALE),
        stock(african.NIGERIAN_FAMILY),
        ("en", "ig", "yo"),
        _DOUBTFUL,
        _LATER,
        ("en", "it"),
        latin=True,
        cities=("Benin City", "Lagos", "Kano", "Enugu"),
        share_of_women=0.55,
    ),
    Origin(
        "XK",
        1,
        stock(other.ALBANIAN_MALE),
        stock(other.ALBANIAN_FEMALE),
        stock(other.ALBANIAN_FAMILY),
        ("sq",),
        _DOUBTFUL,
        _LATER,
        ("sr", "en"),
        latin=True,
        cities=("Pristina", "Prizren", "Peja", "Gjakova"),
    ),
    Origin(
        "GE",
        2,
        stock(slavic.GEORGIAN_MALE),
        stock(slavic.GEORGIAN_FEMALE),
        stock(slavic.GEORGIAN_FAMILY),
        ("ka",),
        _DOUBTFUL,
        _LATER,
        ("ru", "en"),
        cities=("Tiflis", "Kutaissi", "Batumi"),
    ),
)


def pick(rng: Random, weights: dict[T, int]) -> T:
    """One key, by its weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def any_origin(rng: Random) -> Origin:
    return rng.choices(ORIGINS, weights=[origin.weight for origin in ORIGINS])[0]
