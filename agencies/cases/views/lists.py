"""The list of cases, its export, the search and the start page's panel."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import access, audit
from agencies.cases import listing
from agencies.cases.forms.filtering import CaseFilterForm
from agencies.cases.rows import CaseRow
from agencies.cases.searching import MIN_NEEDLE
from agencies.exporting import csv_response
from agencies.http import MemberRequest
from agencies.models import Membership, ReadLog
from agencies.roles import Permission

PANEL_SIZE = 8


def case_list(request: MemberRequest) -> HttpResponse:
    """All cases open to the member, newest first unless asked otherwise."""
    access.require(request.member, Permission.VIEW_CASES)
    form = CaseFilterForm(request.GET, member=request.member)
    wanted = form.cleaned_data if form.is_valid() else {}
    sort = request.GET.get("sort", listing.NEWEST)
    number = listing.page_number(request.GET.get("page"))
    page = listing.page_of(request.member, wanted, sort=sort, number=number)
    access.log_list(request.member, page.object_list)
    values = {
        "page": page,
        "filter": form,
        "query": request.GET.urlencode(),
        "narrowed": any(wanted.values()),
    }
    return render(request, "cases/case_list.html", values)


def export(request: MemberRequest) -> HttpResponse:
    """What the filter shows, as a file; a wrong filter narrows nothing, so there is no file for it."""
    access.require(request.member, Permission.EXPORT)
    form = CaseFilterForm(request.GET, member=request.member)
    if not form.is_valid():
        raise BadRequest
    cases = listing.exported(request.member, form.cleaned_data, sort=request.GET.get("sort", ""))
    access.log_list(request.member, cases, surface=ReadLog.Surface.EXPORT)
    audit.record("case.export", request.member, by=request.member, rows=len(cases))
    header = [_("Geschäftszeichen"), _("Name"), _("Geburtsdatum"), _("Federführende Stelle"), _("Team")]
    header += [_("Fallmanager/in"), _("Status"), _("Status seit"), _("Angelegt am"), _("Umfang")]
    filename = _("Faelle-{day}.csv").format(day=timezone.localdate().isoformat())
    return csv_response(filename, header, (_export_row(case, request.member) for case in cases))


def _export_row(case: CaseRow, member: Membership) -> list[object]:
    return [
        case.reference,
        case.name,
        str(case.birth_date),
        case.lead_agency,
        case.lead_team,
        case.manager,
        case.status_label,
        case.status_since,
        timezone.localtime(case.opened_at).date(),
        _("federführend") if case.lead_agency_id == member.agency_id else _("lesend"),
    ]


def search(request: MemberRequest) -> HttpResponse:
    """Cases by name, reference or birth date; a fragment for htmx, a page otherwise."""
    access.require(request.member, Permission.VIEW_CASES)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    too_short = len(text) < MIN_NEEDLE
    found = [] if too_short else access.search(request.member, text)
    access.log_list(request.member, found, surface=ReadLog.Surface.SEARCH)
    values = {"cases": found, "text": text, "too_short": too_short, "limit": len(found) >= 50}
    is_fragment = request.htmx and not request.htmx.boosted
    return render(request, "cases/_search_hits.html" if is_fragment else "cases/search.html", values)


def panel_mine(request: MemberRequest) -> HttpResponse:
    """Fragment of the start page: the member's own open cases."""
    cases = listing.mine(request.member, PANEL_SIZE)
    access.log_list(request.member, cases)
    return render(request, "cases/_panel_mine.html", {"cases": cases})
