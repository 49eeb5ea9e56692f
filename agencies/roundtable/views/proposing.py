"""Proposing a case to a table: from the case file, or from the table by looking for the case."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import access
from agencies.http import MemberRequest
from agencies.models import ReadLog
from agencies.roles import Permission
from agencies.roundtable import actions
from agencies.roundtable.forms.agenda import AskingForm
from agencies.roundtable.views.asking import ask

MIN_NEEDLE = 2


def propose(request: MemberRequest, case: UUID) -> HttpResponse:
    """Question and what is asked of whom; first the table, where there are several."""
    found = access.case(request.member, case, to=Permission.JOIN_MEETINGS)
    tables = list(access.tables(request.member).order_by("name"))
    chosen = [one for one in tables if str(one.pk) == request.GET.get("tisch")] or tables
    if len(chosen) != 1:
        return render(request, "roundtable/choose_table.html", {"case": found, "tables": tables})
    table = chosen[0]
    form = AskingForm(request.POST or None, agencies=list(table.agencies.all()), case_id=found.pk)
    return ask(
        request,
        form,
        do=lambda form: actions.propose_case(
            table,
            found,
            by=request.member,
            question=form.cleaned_data["question"],
            asks=form.asks(),
        ),
        template="roundtable/asking_form.html",
        title=_("Am Runden Tisch besprechen"),
        preline=f"{found.reference} · {table.name}",
        button=_("Vorschlagen"),
        done=_("Der Fall ist vorgeschlagen. Die Moderation entscheidet, ob er auf die Tagesordnung kommt."),
        back=reverse("cases:detail", args=[found.pk]),
    )


def propose_at(request: MemberRequest, table: UUID) -> HttpResponse:
    """Look for the case to propose at a table."""
    member = request.member
    found = access.table(member, table)
    access.require(member, Permission.VIEW_CASES)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    cases = access.search(member, text, limit=20) if len(text) >= MIN_NEEDLE else []
    access.log_list(member, cases, surface=ReadLog.Surface.SEARCH)
    return render(request, "roundtable/choose_case.html", {"table": found, "cases": cases, "text": text})
