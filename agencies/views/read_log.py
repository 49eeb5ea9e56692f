"""The read log of one's own agency: who looked at which cases; never what stands in them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import access
from agencies.enums import Category
from agencies.exporting import csv_response
from agencies.forms import ReadLogFilter
from agencies.http import MemberRequest
from agencies.models import Membership, ReadLog
from agencies.roles import Permission

PAGE_SIZE = 50
EXPORT_LIMIT = 20_000


def read_log(request: MemberRequest) -> HttpResponse:
    found, form = _found(request)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "rows": _rows(request.member, page.object_list),
        "filter": form,
        "query": request.GET.urlencode(),
    }
    return render(request, "agencies/read_log.html", values)


def export(request: MemberRequest) -> HttpResponse:
    """What the filter shows, as a file; a wrong filter narrows nothing, so there is no file for it."""
    found, form = _found(request)
    if form.errors:
        raise BadRequest
    header = [
        _("Zeitpunkt"),
        _("Person"),
        _("Wo"),
        _("Fälle"),
        _("Kennungen"),
        _("Datenkategorien"),
        _("Zweck"),
    ]
    rows = (
        [
            timezone.localtime(row["log"].at),
            row["person"],
            row["log"].get_surface_display(),
            row["count"],
            ", ".join(case["label"] for case in (*row["cases"], *row["more"])),
            ", ".join(row["categories"]),
            row["log"].get_purpose_display(),
        ]
        for row in _rows(request.member, found[:EXPORT_LIMIT])
    )
    return csv_response(f"zugriffe-{timezone.localdate():%Y-%m-%d}.csv", header, rows)


def _found(request: MemberRequest) -> tuple[QuerySet[ReadLog], ReadLogFilter]:
    form = ReadLogFilter(request.GET or None, agency=request.member.agency)
    if not form.is_valid():
        # A filter with a mistake in it shows nothing, rather than everything, on the page and in the file.
        found = access.read_log(request.member)
        return (found.none() if form.is_bound else found), form
    data = form.cleaned_data
    found = access.read_log(request.member, data["case"])
    if data["since"]:
        found = found.filter(at__date__gte=data["since"])
    if data["until"]:
        found = found.filter(at__date__lte=data["until"])
    if data["user"]:
        found = found.filter(user=data["user"])
    if data["surface"]:
        found = found.filter(surface=data["surface"])
    return found, form


def _rows(member: Membership, logs: Iterable[ReadLog], shown: int = 3) -> list[dict[str, Any]]:
    logs = list(logs)
    references = _references(member, {pk for log in logs for pk in log.case_ids})
    rows = []
    for log in logs:
        cases = [{"id": pk, "label": references.get(pk, str(pk)[:8])} for pk in log.case_ids]
        rows.append(
            {
                "log": log,
                "person": log.user.get_full_name() or log.user.username,
                "count": len(cases),
                "cases": cases[:shown],
                "more": cases[shown:],
                "categories": [str(part.label) for part in Category if part in log.categories],
            }
        )
    return rows


def _references(member: Membership, ids: set[UUID]) -> dict[UUID, str]:
    """References of the cases the member may see anyway; all others stay a shortened id."""
    if not member.may(Permission.VIEW_CASES):
        return {}
    return dict(access.cases(member).filter(pk__in=ids).values_list("pk", "reference"))
