"""Names for cases at the table: trees of Central Europe, short to say and hard to mishear."""

from collections.abc import Iterable
from itertools import chain, count, islice
from secrets import SystemRandom

TREES = tuple(
    """
    Ahorn Akazie Apfel Birke Birne Buche Buchs Douglasie Eberesche Eibe Eiche Elsbeere Erle Esche Espe
    Fichte Flieder Ginster Hainbuche Hasel Holunder Ilex Jasmin Kastanie Kiefer Kirsche Kornelkirsche
    Lärche Liguster Linde Magnolie Mandel Maulbeere Mehlbeere Mispel Nussbaum Pappel Pfirsich Pflaume
    Platane Quitte Robinie Sanddorn Schlehe Schneeball Speierling Tanne Thuja Traube Ulme Vogelbeere
    Wacholder Walnuss Weide Weißdorn Zeder Zirbe Zitterpappel Zypresse
    """.split()
)
_random = SystemRandom()


def draw(taken: Iterable[str]) -> str:
    """A name that no case of this meeting has; drawn, so that the order of a meeting says nothing."""
    used = set(taken)
    names = chain(TREES, (f"{tree} {number}" for number in count(2) for tree in TREES))
    free = [name for name in islice(names, len(TREES) + len(used)) if name not in used]
    return _random.choice(free[: len(TREES)])
