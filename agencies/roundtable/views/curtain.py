"""The curtain: the matrix of a meeting, the lead's choice per agency, asking for more."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import access
from agencies.http import MemberRequest
from agencies.models import Membership
from agencies.roundtable import actions
from agencies.roundtable.curtains import Row, matrix
from agencies.roundtable.enums import CurtainLevel, ItemKind, MeetingState
from agencies.roundtable.forms.curtain import AskForMoreForm, CurtainForm
from agencies.roundtable.models import Item
from agencies.roundtable.programme import cases, programme
from agencies.roundtable.views.agenda import way_back
from agencies.roundtable.views.asking import ask


def curtains(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Who will see what: all cases of a meeting by all agencies at the table."""
    meeting = access.meeting(request.member, pk)
    agencies = list(meeting.table.agencies.all())
    lines = [line.seen for line in programme(request.member, meeting).lines]
    rows = matrix(request.member, cases(lines), agencies)
    is_over = meeting.state in (MeetingState.CLOSED, MeetingState.CANCELLED)
    values = {"meeting": meeting, "agencies": agencies, "rows": rows, "is_over": is_over}
    return render(request, "roundtable/curtains.html", values)


def curtain(request: MemberRequest, item: UUID) -> HttpResponse:
    """How far the curtain opens for whom; by the team that leads the case."""
    row = _row(request.member, access.led_item(request.member, item))
    return ask(
        request,
        CurtainForm(request.POST if request.method == "POST" else None, cells=row.cells),
        do=lambda form: _draw(row, form, request.member),
        template="roundtable/curtain.html",
        row=row,
        done=_("Gespeichert. Der Vorhang öffnet sich erst, wenn der Punkt aufgerufen wird."),
        back=_matrix_of(row.seen.item),
    )


def _draw(row: Row, form: CurtainForm, by: Membership) -> None:
    for agency, level in form.changes():
        actions.set_curtain(row.seen.item, agency=agency, level=level, by=by)


def _row(member: Membership, item: Item) -> Row:
    return matrix(member, access.seen(member, [item]), list(item.table.agencies.all()))[0]


def _matrix_of(item: Item) -> str:
    return reverse("roundtable:curtains", args=[item.meeting_id]) if item.meeting_id else way_back(item)


def ask_for(request: MemberRequest, item: UUID) -> HttpResponse:
    """Ask the lead to let one's own agency see more."""
    found = access.item(request.member, item)
    if found.kind != ItemKind.CASE:
        raise Http404
    return ask(
        request,
        AskForMoreForm(request.POST or None, agency=request.member.agency),
        do=lambda form: actions.ask_for(
            found,
            level=CurtainLevel(form.cleaned_data["level"]),
            reason=form.cleaned_data["reason"],
            by=request.member,
        ),
        title=_("Um mehr Einsicht bitten"),
        preline=str(found),
        button=_("Bitten"),
        done=_("Die federführende Stelle sieht Ihre Bitte."),
        back=_matrix_of(found),
    )
