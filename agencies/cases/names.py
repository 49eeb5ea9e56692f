"""Match keys of personal names, so that one person is found under every transliteration."""

import re
from functools import lru_cache

from agencies.cases.name_script import normalise
from agencies.cases.name_sounds import MAX_KEY, skeletons

__all__ = ["keys", "normalise", "query_keys", "tokens"]

MAX_TOKENS = 24

_PARTICLE_WORDS = (
    "al el ul il ar er ur ad ed ud as es us ash esh ush an en un at et ut az ez uz"
    " von van vom zu zum zur de der den del di da do dos du la le bin ibn bint ben"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_SERVANT = re.compile(r"abd(?:[aeiou]{0,2}l)?")
_SERVANT_JOINED = re.compile(r"abd(?:[aeiou]{0,2}l|[aeiou]{1,2}([rnsdtz])(?=\1))(?P<rest>\w{2,})")
_RELIGION = re.compile(r"(?:[aeu]l?|[aeu]d)?d(?:i|ee|y)ne?")
_ARTICLE_JOINED = re.compile(r"[ae]l(?P<rest>\w{3,})")


def tokens(text: str) -> list[str]:
    """The words of a name in plain form, at most 24, for prefix search."""
    return normalise(text).split()[:MAX_TOKENS]


def _without_article(token: str) -> frozenset[str]:
    """Skeletons of Alhassan without its article; short remains (Elena, Alina) are no name of their own."""
    if not (found := _ARTICLE_JOINED.fullmatch(token)):
        return frozenset()
    rests = skeletons(found["rest"])
    return frozenset(rest for rest in rests if len(rest) >= (4 if rest[0] in "ay" else 3))


def _rest_of_servant(token: str) -> frozenset[str]:
    return _without_article(token) | skeletons(token.removeprefix("al"))


def _servant_keys(rests: frozenset[str]) -> frozenset[str]:
    """Abd al-Rahman and Abdulrahman share a key; Rahman alone is also found, as offices split such names."""
    joined = frozenset(("abd" + rest)[:MAX_KEY] for rest in rests)
    return joined | frozenset(rest for rest in rests if len(rest) > 2)


@lru_cache(maxsize=2**14)  # the same few names again and again, in a list to be read in most of all
def _token_keys(token: str) -> frozenset[str]:
    if (found := _SERVANT_JOINED.fullmatch(token)) and not _SERVANT.fullmatch(token):
        return _servant_keys(skeletons(found["rest"]))
    return skeletons(token) | _without_article(token)


def query_keys(text: str) -> list[frozenset[str]]:
    """One set of keys per name in the search text: a person matches if each set shares a key with theirs."""
    words = tokens(text)
    words = [word for word in words if word not in _PARTICLES] or words
    groups: list[frozenset[str]] = []
    position = 0
    while position < len(words):
        word, after = words[position], words[position + 1 : position + 2]
        position += 2
        if after and _SERVANT.fullmatch(word):
            groups.append(_servant_keys(_rest_of_servant(after[0])))
        elif after and _RELIGION.fullmatch(after[0]):
            groups.append(frozenset((start + "dn")[:MAX_KEY] for start in skeletons(word)))
        else:
            groups.append(_token_keys(word))
            position -= 1
    return groups


def keys(*names: str) -> frozenset[str]:
    """All match keys of a person's names and spellings: two spellings of one name share at least one key.

    Not a proof of identity: Mohammed and Mahmoud share one too. Use together with the birth date.
    """
    return frozenset().union(*(group for name in names for group in query_keys(name)))
