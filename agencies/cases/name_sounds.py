"""The consonant skeleton of one name token: what stays the same however the name was transliterated."""

import re
from functools import lru_cache

MAX_TOKEN = 40
MAX_KEY = 14
MAX_VARIANTS = 24

# First match wins. Each rule: pattern, then the sounds it may stand for. A spelling that can be read in two
# ways (German ch as in Achmed, French ch as in Rachid) yields both skeletons; names match if one is shared.
# Vowels count at the start (one class) and at the end (a, i, u: Karim is not Karima), as unvowelled Arabic
# writes exactly those. A diphthong keeps its y, so that Hussein is not Hassan.
_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    # beginnings
    (r"^(?:a+|e)[iy](?=.)", ("ay", "a")),
    (r"^ye", ("y", "a")),
    (r"^je", ("y", "j", "a")),
    (r"^i(?=[aeou])", ("y", "a")),
    (r"^ou(?=[aei])", ("v", "a")),
    (r"^[aeiou]+(?=.)", ("a",)),
    (r"^y(?=[aiouw])", ("y",)),
    (r"^y(?=.)", ("y", "a")),
    (r"^j(?=.)", ("j", "y")),
    (r"^w", ("v",)),
    (r"^x", ("h", "s")),
    # groups of letters for one sound
    (r"dsch|dzh|dzs|dj|dg(?=[ei])", ("j",)),
    (r"schtsch|shch|tsch|tch|tsh|sch|sh|sz|cz|ts|tz", ("s",)),
    (r"ch", ("h", "s")),
    (r"kh", ("h",)),
    (r"ck|qu", ("k",)),
    (r"ph", ("f",)),
    (r"th", ("t", "s")),
    (r"dh", ("d", "z", "dh")),
    (r"gh", ("g", "k")),
    (r"zh", ("z",)),
    (r"bh", ("b", "bh")),
    (r"rh", ("rh", "r")),
    # endings
    (r"(?<=n)e$", ("a", "")),
    (r"[aeiou]*[ae]h$", ("a", "h")),
    (r"[aeiou]*ih$", ("i", "h")),
    (r"[aeiou]*[ou]h$", ("u", "h")),
    (r"(?<=[^aeiou])h$", ("a", "h")),
    (r"[aeiouy]*ie$", ("i", "a")),
    (r"[aeiou]*[aeiou]y*[iy]$|i$", ("i",)),
    (r"[aeiou]*j$", ("i", "j")),
    (r"y$", ("i", "a")),
    (r"[aeiou]*[ae]$", ("a",)),
    (r"[aeiou]*[ou]$", ("u",)),
    (r"w$", ("v", "u")),
    (r"p$", ("p", "b")),
    (r"c$", ("k", "s")),
    # inside
    (r"[aeo][iy](?=l$)", ("",)),
    (r"[aeo][iy](?=.)", ("y",)),
    (r"[aeo]j(?=.)", ("y", "j")),
    (r"ou(?=[aei])", ("", "v")),
    (r"(?<=[^aeiou])y(?=[^aeiouy])", ("", "y")),
    (r"w", ("v", "")),
    (r"j", ("j", "")),
    (r"x", ("ks", "h")),
    (r"c(?=[eiy])", ("s", "j")),
    (r"c(?=[aou])", ("k", "j")),
    (r"[cq]", ("k",)),
    (r"g", ("g", "h", "j")),
    (r"[aeiouy]", ("",)),
)
_COMPILED = tuple((re.compile(pattern), sounds) for pattern, sounds in _RULES)
_DOUBLED = re.compile(r"(.)\1+")


def _sounds_at(word: str, position: int) -> tuple[tuple[str, ...], int]:
    for pattern, sounds in _COMPILED:
        # `^` means the true start only: a compiled pattern's pos argument keeps that meaning.
        if found := pattern.match(word, position):
            return sounds, found.end()
    return (word[position],), position + 1


@lru_cache(maxsize=20_000)
def skeletons(token: str) -> frozenset[str]:
    """All skeletons of one normalised token: at most 24 strings of `[a-z0-9]`, each at most 14 long."""
    word = _DOUBLED.sub(r"\1", token[:MAX_TOKEN].replace("ee", "i").replace("oo", "u"))
    variants = [""]
    position = 0
    while position < len(word):
        sounds, position = _sounds_at(word, position)
        if len(variants) * len(sounds) > MAX_VARIANTS:
            sounds = sounds[:1]
        variants = [start + sound for start in variants for sound in sounds]
    found = frozenset(_DOUBLED.sub(r"\1", variant)[:MAX_KEY] for variant in variants)
    return found - {""} or frozenset({word[:MAX_KEY]} - {""})
