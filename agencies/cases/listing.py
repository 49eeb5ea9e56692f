"""The list of cases: newest first straight from the grants, or filtered and sorted; and its rows as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, QuerySet, Value
from django.db.models.functions import Lower

from agencies import access
from agencies.cases.enums import CaseStatus
from agencies.cases.models import Case
from agencies.cases.rows import CaseRow, rows_of
from agencies.models import Membership

PAGE_SIZE = 50
COUNT_CAP = 1000
EXPORT_LIMIT = 10_000
LAST_PAGE = 400


def _filed(name: str) -> Func:
    """A name as it is filed: without case, umlauts beside their vowels (DIN 5007-1)."""
    return Func(Lower(name), Value("äöüáàâéèêíìóòôúùçñ"), Value("aouaaaeeeiiooouucn"), function="translate")


NAME_ORDER = (_filed("identity__family_name"), _filed("identity__given_name"))
SORTS: dict[str, tuple[Any, ...]] = {
    "name": tuple(part.asc(nulls_last=True) for part in NAME_ORDER),
    "-name": tuple(part.desc(nulls_last=True) for part in NAME_ORDER),
    "opened": (F("opened_at").asc(),),
    "-opened": (F("opened_at").desc(),),
    "status": (F("status").asc(), F("status_since").asc()),
    "-status": (F("status").desc(), F("status_since").desc()),
}
NEWEST = "-opened"


@dataclass(frozen=True)
class ListPage:
    """One page of cases; ``total`` stops counting at the cap."""

    object_list: list[CaseRow]
    number: int
    more: bool
    total: int
    capped: bool

    @property
    def start_index(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1 if self.object_list else 0

    @property
    def end_index(self) -> int:
        return (self.number - 1) * PAGE_SIZE + len(self.object_list)

    def has_previous(self) -> bool:
        return self.number > 1

    def has_next(self) -> bool:
        return self.more


def page_number(text: str | None) -> int:
    """The page asked for; nonsense means the first."""
    if not (text and text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:9]), 1), LAST_PAGE)  # Python reads no numbers of thousands of digits


def page_of(member: Membership, wanted: Mapping[str, Any], *, sort: str, number: int) -> ListPage:
    """One page of the visible cases that fit, with a count up to the cap; the same queries for any length."""
    offset = (number - 1) * PAGE_SIZE
    if sort not in SORTS:
        sort = NEWEST
    if not any(wanted.values()) and sort == NEWEST:
        total = access.count_cases(member, cap=COUNT_CAP)
        rows = access.newest_cases(member, offset=offset, size=PAGE_SIZE + 1)
    else:
        found = filtered(member, wanted)
        total = found.order_by().values("pk")[: COUNT_CAP + 1].count()
        rows = rows_of(found.order_by(*SORTS[sort], "pk")[offset : offset + PAGE_SIZE + 1])
    return ListPage(
        object_list=rows[:PAGE_SIZE],
        number=number,
        more=len(rows) > PAGE_SIZE,
        total=min(total, COUNT_CAP),
        capped=total > COUNT_CAP,
    )


def filtered(member: Membership, wanted: Mapping[str, Any]) -> QuerySet[Case]:
    """The visible cases that fit a cleaned filter."""
    found = access.cases(member)
    if status := wanted.get("status"):
        found = found.filter(status=status)
    if wanted.get("holding") == "led":
        found = found.filter(lead_agency=member.agency_id)
    if wanted.get("holding") == "shared":
        found = found.exclude(lead_agency=member.agency_id)
    if wanted.get("mine"):
        found = found.filter(manager=member)
    for name, lookup in (("team", "lead_team"), ("manager", "manager"), ("agency", "lead_agency")):
        if value := wanted.get(name):
            found = found.filter(**{lookup: value})
    return found


def exported(member: Membership, wanted: Mapping[str, Any], *, sort: str) -> list[CaseRow]:
    """The cases of a file: all that fit, up to the limit of an export."""
    order = SORTS.get(sort, SORTS[NEWEST])
    return rows_of(filtered(member, wanted).order_by(*order, "pk")[:EXPORT_LIMIT])


def mine(member: Membership, size: int) -> list[CaseRow]:
    """The open cases the member manages, those longest untouched in their status first."""
    found = filtered(member, {"mine": True}).exclude(status=CaseStatus.CLOSED)
    return rows_of(found.order_by("status_since", "pk")[:size])
