"""The read log: who read what of whom, written by whatever hands personal data out."""

from collections.abc import Iterable

from django.db.models import QuerySet

from agencies.access.acting import require
from agencies.cases.reads import logged_cases
from agencies.cases.rows import CaseRow
from agencies.enums import Category
from agencies.models import Membership, ReadLog
from agencies.roles import Permission


def log_read(member, case_ids, categories, *, surface, disclosure=None) -> None:  # type: ignore[no-untyped-def]
    """Write one row: ``member`` read these categories of these cases; nothing for no cases."""
    if not case_ids:
        return
    ReadLog.objects.create(
        user_id=member.user_id,
        agency_id=member.agency_id,
        surface=surface,
        case_ids=list(case_ids),
        categories=list(categories),
        purpose=disclosure.purpose if disclosure else "",
        disclosure_id=disclosure.pk if disclosure else None,
    )


def log_list(member: Membership, shown: Iterable[CaseRow], *, surface: str = ReadLog.Surface.LIST) -> None:
    """Log the names shown in a list, search result or export."""
    log_read(member, [row.pk for row in shown if row.name], [Category.IDENTITY], surface=surface)


def read_log(member: Membership, case: str = "") -> QuerySet[ReadLog]:
    """What members of one's own agency have read, newest first; of one case by any number it goes by."""
    require(member, Permission.READ_LOG)
    found = ReadLog.objects.filter(agency_id=member.agency_id).select_related("user").order_by("-at")
    return found.filter(case_ids__overlap=logged_cases(case)) if case else found
