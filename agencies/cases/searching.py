"""Finding cases by name in any spelling, by reference, or by birth date."""

import re
from uuid import UUID

from django.db import connection

from agencies.cases import birthdates
from agencies.cases.models import Case, CaseSearch, ForeignReference
from agencies.cases.names import keys, normalise, query_keys
from agencies.cases.sections import Identity

#: The database function compares this many names; more words in a search narrow nothing down.
MAX_NAMES = 4
#: Below three letters a trigram index is of no use, and a hit means nothing.
MIN_NEEDLE = 3

#: A reference typed without its hyphens, and a year that stands alone beside a name.
_REFERENCE = re.compile(r"\bk[\s-]*(\d{4})[\s-]*(\d{5,9})\b", re.IGNORECASE | re.ASCII)
_YEAR = re.compile(r"(?<!\S)(?:19|20)\d{2}(?!\S)")
_DATE = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b")


def index_case(case: Case) -> None:
    """Write what the case can be found by; to be called after every change of name or reference."""
    identity = Identity.objects.get(case=case)
    numbers = ForeignReference.objects.filter(case=case).values_list("number", flat=True)
    CaseSearch.objects.update_or_create(case=case, defaults=search_terms(case.reference, identity, numbers))


def search_terms(reference: str, identity: Identity, numbers) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """The columns of ``CaseSearch`` for one case."""
    names = [identity.given_name, identity.family_name, identity.original_name, *identity.other_spellings]
    parts = [*names, reference, *numbers, str(identity.birth_date)]
    return {"keys": sorted(keys(*names)), "text": " | ".join(filter(None, map(normalise, parts)))}


def matching_ids(text: str, *, limit: int) -> list[UUID]:
    """Ids of the cases that match, best first; the database shows only those of the acting groups."""
    text = _REFERENCE.sub(r"K-\1-\2", text)
    born = _DATE.search(text) or _YEAR.search(text)
    rest = text.replace(born.group(), " ") if born else text
    needle = normalise(rest)
    date_needle = _date_needle(born.group()) if born else ""
    if date_needle is None or (len(needle) < MIN_NEEDLE and not date_needle):
        return []
    wanted = sorted(map(sorted, query_keys(rest)), key=lambda group: -max(map(len, group), default=0))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id FROM search_cases(%s, %s, %s, %s)",
            [[" ".join(group) for group in wanted[:MAX_NAMES] if group], needle, date_needle, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def _date_needle(text: str) -> str | None:
    if _YEAR.fullmatch(text):
        return text
    try:
        return normalise(str(birthdates.parse(text)))
    except ValueError:
        return None
