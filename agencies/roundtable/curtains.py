"""The matrix agency × case: who will see what, what the lead wants, and which legal basis is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.urls import reverse

from agencies.access.meetings import Seen
from agencies.cases.sharing import purposes_for
from agencies.models import Agency, Membership
from agencies.roles import Permission
from agencies.roundtable.enums import CurtainLevel
from agencies.roundtable.models import Curtain, CurtainRequest

#: For a whole agency: its people see this or, where their teams hold less, less.
_REACH = "SELECT item_id, agency_id, level FROM curtain_matrix(%s)"


@dataclass(frozen=True)
class Cell:
    """How far the curtain of one case opens for one agency."""

    agency: Agency
    reach: CurtainLevel
    wanted: CurtainLevel
    #: Whether the reader is told what the lead wants: the lead itself, and each agency for its own.
    tells_more: bool
    request: CurtainRequest | None
    disclose_url: str = ""

    @property
    def leads(self) -> bool:
        """Only the lead reaches further than anybody has allowed it."""
        return self.reach.reach > self.wanted.reach

    @property
    def lacks_basis(self) -> bool:
        """The lead wants the agency to see more than any disclosure carries."""
        return self.tells_more and self.wanted.reach > self.reach.reach


@dataclass(frozen=True)
class Row:
    """One case, with a cell for each agency at the table."""

    seen: Seen
    cells: Sequence[Cell]

    @property
    def requests(self) -> list[Cell]:
        """What the lead is asked and has not answered."""
        return [cell for cell in self.cells if cell.request] if self.seen.is_led else []


def matrix(member: Membership, cases: Sequence[Seen], agencies: Sequence[Agency]) -> list[Row]:
    """All cases by all agencies in three queries, however many there are."""
    items = [seen.item.pk for seen in cases]
    reach = _reach(items)
    curtains = Curtain.objects.filter(item__in=items)
    wanted = {(one.item_id, one.agency_id): CurtainLevel(one.level) for one in curtains}
    asked = CurtainRequest.objects.filter(item__in=items, answered_at=None).select_related("by__user")
    requests = {(one.item_id, one.agency_id): one for one in asked}

    def cell(seen: Seen, agency: Agency) -> Cell:
        key = (seen.item.pk, agency.pk)
        tells_more = seen.is_led or agency.pk == member.agency_id
        return Cell(
            agency,
            reach.get(key, CurtainLevel.PSEUDONYM),
            wanted.get(key, CurtainLevel.PSEUDONYM),
            tells_more,
            requests.get(key) if tells_more else None,
            _disclose_url(member, seen, agency),
        )

    return [Row(seen, [cell(seen, agency) for agency in agencies]) for seen in cases]


def _reach(items: Iterable[UUID]) -> dict[tuple[UUID, int], CurtainLevel]:
    with connection.cursor() as cursor:
        cursor.execute(_REACH, [list(items)])
        return {(item, agency): CurtainLevel(level) for item, agency, level in cursor.fetchall()}


def _disclose_url(member: Membership, seen: Seen, agency: Agency) -> str:
    """The form that gives the missing legal basis, begun for this agency and its most usual purpose."""
    if not (seen.is_led and seen.case_id and agency.may_browse and member.may(Permission.DISCLOSE)):
        return ""
    query: dict[str, Any] = {"recipient": f"agency-{agency.pk}"}
    if purpose := next(iter(purposes_for(agency.kind)), None):
        query["purpose"] = purpose.value
    return f"{reverse('cases:disclose', args=[seen.case_id])}?{urlencode(query)}"
