"""The promises made at round tables: list, one of them, its end, and what the start page shows."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies import access
from agencies.http import MemberRequest
from agencies.models import Membership
from agencies.roundtable import anonymity, pledges, promises
from agencies.roundtable.enums import CommitmentAct, CommitmentState
from agencies.roundtable.forms.promises import CommitmentFilter, ExtendForm, FulfilForm, WithdrawForm
from agencies.roundtable.models import Commitment, Decision
from agencies.roundtable.views.asking import ask

PANEL_SIZE = 6
FORMS = {
    CommitmentAct.FULFILLED: FulfilForm,
    CommitmentAct.EXTENDED: ExtendForm,
    CommitmentAct.WITHDRAWN: WithdrawForm,
}
BUTTONS = {
    CommitmentAct.FULFILLED: _("Als erledigt melden"),
    CommitmentAct.EXTENDED: _("Frist verlängern"),
    CommitmentAct.WITHDRAWN: _("Zusage zurücknehmen"),
}
DONE = {
    CommitmentAct.FULFILLED: _("Die Aufgabe ist erledigt."),
    CommitmentAct.EXTENDED: _("Die Frist ist verlängert."),
    CommitmentAct.WITHDRAWN: _("Die Zusage ist zurückgenommen."),
}


def commitments(request: MemberRequest) -> HttpResponse:
    """Those of the own agency first; the filter shows everyone's at the same tables."""
    found = access.commitments(request.member)
    form = CommitmentFilter(request.GET, member=request.member)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = pledges.page_of(request.member, wanted, request.GET.get("page"))
    values = {"page": page, "filter": form, "narrowed": any(wanted.values()), "any": found.exists()}
    return render(request, "roundtable/commitment_list.html", values)


def commitment(request: MemberRequest, pk: UUID) -> HttpResponse:
    found = access.commitment(request.member, pk)
    (row,) = pledges.with_origin([found])
    values = {
        "row": row,
        "events": found.events.select_related("by__user", "by__agency").order_by("-at", "-pk"),
        "may_act": row.agency_id == request.member.agency_id and row.state == CommitmentState.OPEN,
    }
    return render(request, "roundtable/commitment.html", values)


def change(request: MemberRequest, pk: UUID, act: CommitmentAct) -> HttpResponse:
    """End or extend a promise of the own agency: with what, why, or until when."""
    row = access.own_commitment(request.member, pk)
    origin = Decision.objects.select_related("item").filter(pk=row.decision_id).first()
    case = anonymity.case_of(origin.item) if origin else None
    return ask(
        request,
        FORMS[act](request.POST or None, case=case),
        do=lambda form: _do(act, row, form.cleaned_data, request.member),
        done=DONE[act],
        back=reverse("roundtable:commitment", args=[pk]),
        template="roundtable/commitment_act.html",
        row=row,
        button=BUTTONS[act],
        grave=act == CommitmentAct.WITHDRAWN,
    )


def _do(act: CommitmentAct, row: Commitment, said: dict[str, Any], by: Membership) -> None:
    if act == CommitmentAct.EXTENDED:
        promises.extend(row, due_on=said["due_on"], reason=said["reason"], by=by)
    else:
        promises.end(row, act, text=said["text"], by=by)


def panel(request: MemberRequest) -> HttpResponse:
    """What is due next: one's own promises, and those of the agency that nobody has taken."""
    rows = pledges.panel(request.member, PANEL_SIZE + 1)
    values = {"rows": rows[:PANEL_SIZE], "more": len(rows) > PANEL_SIZE}
    return render(request, "roundtable/_panel_commitments.html", values)


def kept(request: MemberRequest, table: UUID) -> HttpResponse:
    """How the agencies of a table keep their word; part of the table's page, a page without JavaScript."""
    found = access.table(request.member, table)
    values = {"table": found, "rates": promises.kept_rates(found)}
    return render(request, "roundtable/_kept.html" if request.htmx else "roundtable/kept.html", values)
