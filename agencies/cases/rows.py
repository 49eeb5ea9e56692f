"""A case as a row of a list: read as values, since instances of six models cost more than their query."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from agencies.cases.birthdates import PartialDate
from agencies.cases.enums import CaseStatus
from agencies.cases.models import Case

STATUS_LEVELS = {
    CaseStatus.NEW: "info",
    CaseStatus.ACTIVE: "success",
    CaseStatus.PARKED: "warning",
    CaseStatus.CLOSED: "neutral",
}
FRAME = (
    "pk",
    "reference",
    "status",
    "status_since",
    "parked_until",
    "opened_at",
    "lead_agency_id",
    "lead_agency__name",
    "lead_team__name",
)
MANAGER = ("manager__user__first_name", "manager__user__last_name", "manager__user__username")
IDENTITY = (
    "identity__family_name",
    "identity__given_name",
    "identity__birth_year",
    "identity__birth_month",
    "identity__birth_day",
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What a list shows of a case; ``name`` and ``birth_date`` are empty where identity is hidden."""

    pk: UUID
    reference: str
    status: str
    status_since: date
    parked_until: date | None
    opened_at: datetime
    lead_agency_id: int
    lead_agency: str
    lead_team: str
    manager: str
    name: str
    birth_date: PartialDate | str

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.pk])

    @property
    def status_label(self) -> str:
        return str(CaseStatus(self.status).label)

    @property
    def status_level(self) -> str:
        return STATUS_LEVELS[CaseStatus(self.status)]


def rows_of(cases: QuerySet[Case]) -> list[CaseRow]:
    """The cases of a query set, in its order (1 query)."""
    return list(map(_row, cases.values_list(*FRAME, *MANAGER, *IDENTITY)))


def _row(values: tuple[Any, ...]) -> CaseRow:
    frame, manager = values[: len(FRAME)], values[len(FRAME) : len(FRAME) + len(MANAGER)]
    columns: tuple[Any, ...] = (*frame, _manager(*manager), *_identity(*values[-len(IDENTITY) :]))
    return CaseRow(*columns)


def _manager(first: str | None, last: str | None, username: str | None) -> str:
    return f"{first or ''} {last or ''}".strip() or username or ""


def _identity(
    family: str | None, given: str, year: int, month: int | None, day: int | None
) -> tuple[str, PartialDate | str]:
    if family is None:
        return "", ""
    return f"{family}, {given}", PartialDate(year, month, day)
