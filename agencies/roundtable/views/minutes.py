"""Minutes of past meetings: the list, one member's copy as page and PDF, addenda, a case's decisions."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from agencies import access, audit
from agencies.http import MemberRequest
from agencies.roles import Permission
from agencies.roundtable import actions, printing
from agencies.roundtable.forms.minutes import AddendumForm
from agencies.roundtable.minutes_layout import lay_out

PAGE_SIZE = 25


def minutes_list(request: MemberRequest) -> HttpResponse:
    """All minutes of one's own tables, newest meeting first."""
    page = Paginator(access.all_minutes(request.member), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "roundtable/minutes_list.html", {"page": page})


def minutes(request: MemberRequest, pk: Any) -> HttpResponse:
    copy = access.minutes_copy(request.member, pk)
    values = {"layout": lay_out(copy), "meeting": copy.minutes.meeting}
    return render(request, "roundtable/minutes.html", values)


def minutes_pdf(request: MemberRequest, pk: Any) -> HttpResponse:
    """The member's copy as a file; that it left the portal is written to the audit log."""
    copy = access.minutes_copy(request.member, pk)
    audit.record("minutes.export", copy.minutes, by=request.member)
    response = HttpResponse(printing.pdf(copy), content_type="application/pdf")
    disposition = content_disposition_header(False, printing.filename(copy))
    response["Content-Disposition"], response["Cache-Control"] = disposition or "inline", "no-store"
    return response


def addendum(request: MemberRequest, pk: Any) -> HttpResponse:
    """Add a correction; what is locked is never changed."""
    minutes = access.minutes(request.member, pk)
    form = AddendumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.amend(minutes, text=form.cleaned_data["text"], by=request.member)
        messages.success(request, _("Der Nachtrag steht im Protokoll."))
        return redirect("roundtable:minutes", pk)
    values = {"form": form, "minutes": minutes, "meeting": minutes.meeting}
    return render(request, "roundtable/addendum.html", values)


def of_case(request: MemberRequest, case: Any) -> HttpResponse:
    """What round tables decided about one case that the member may see."""
    found = access.case(request.member, case)
    tables = access.tables(request.member) if request.member.may(Permission.JOIN_MEETINGS) else ()
    values = {"case": found, "items": access.decided_items(request.member, case), "tables": tables}
    template = "roundtable/_of_case.html" if request.htmx else "roundtable/of_case.html"
    return render(request, template, values)
