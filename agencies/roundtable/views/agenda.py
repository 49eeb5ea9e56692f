"""The agenda of a meeting: its page before it runs, order, topics, and what comes from the backlog."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import access
from agencies.errors import Conflict, Refused
from agencies.http import MemberRequest
from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable import actions
from agencies.roundtable.forms.agenda import TopicForm, WordForm
from agencies.roundtable.models import Item, Meeting
from agencies.roundtable.programme import open_commitments, programme, proposals
from agencies.roundtable.views.asking import act, ask


def agenda(request: MemberRequest, meeting: Meeting) -> HttpResponse:
    """The page of a meeting that has not begun; to htmx the list alone."""
    member = request.member
    values: dict[str, Any] = {
        "meeting": meeting,
        "programme": programme(member, meeting),
        "moderates": meeting.moderator_id == member.pk,
        "open_commitments": open_commitments(meeting.table),
    }
    if request.htmx:
        return render(request, "roundtable/_agenda.html", values)
    people = meeting.participants.select_related("member__user", "member__agency")
    values |= {
        "participants": people.order_by("member__agency__name", "member__user__last_name"),
        "proposals": proposals(member, meeting.table),
        "may_take_over": member.may(Permission.MODERATE_MEETINGS) and meeting.moderator_id != member.pk,
    }
    return render(request, "roundtable/agenda.html", values)


@require_POST
def order(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The whole order at once, as dragged."""
    meeting = access.moderated(request.member, pk)
    try:
        wanted = [UUID(one) for one in request.POST.getlist("item")]
    except ValueError as error:
        raise BadRequest from error
    return _ordered(request, meeting, lambda: actions.order(meeting, wanted, by=request.member))


@require_POST
def shift(request: MemberRequest, item: UUID) -> HttpResponse:
    """One up or one down, by keyboard."""
    found = access.moderated_item(request.member, item)
    step = -1 if request.POST.get("step") == "-1" else 1
    assert found.meeting is not None
    return _ordered(request, found.meeting, lambda: actions.shift(found, step, by=request.member))


def _ordered(request: MemberRequest, meeting: Meeting, do: Any) -> HttpResponse:
    if not request.htmx:
        return act(request, do, done=_("Die Reihenfolge ist geändert."), back=meeting.get_absolute_url())
    level, text = "success", _("Die Reihenfolge ist geändert.")
    try:
        do()
    except (Refused, Conflict) as problem:
        level, text = "error", str(problem)
    answer = agenda(request, access.meeting(request.member, meeting.pk))
    answer.headers["HX-Trigger"] = json.dumps({"toast": {"level": level, "text": text}})
    return answer


def topic(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A general item."""
    meeting = access.moderated(request.member, pk)
    return ask(
        request,
        TopicForm(request.POST or None),
        do=lambda form: actions.add_topic(meeting, by=request.member, **form.cleaned_data),
        title=_("Thema hinzufügen"),
        button=_("Hinzufügen"),
        done=_("Das Thema steht auf der Tagesordnung."),
        back=meeting.get_absolute_url(),
    )


def word(request: MemberRequest, item: UUID) -> HttpResponse:
    """Question, time box and what is asked of whom."""
    found = access.worded_item(request.member, item)
    agencies = found.table.agencies.all()
    return ask(
        request,
        WordForm(request.POST or None, item=found, agencies=agencies),
        do=lambda form: actions.word(found, by=request.member, **form.values()),
        template="roundtable/asking_form.html",
        title=_("Punkt bearbeiten"),
        button=_("Speichern"),
        done=_("Der Punkt ist geändert."),
        back=way_back(found),
        preline=str(found),
    )


def way_back(item: Item) -> str:
    """To where the item stands: its meeting, or the backlog of its table."""
    if item.meeting:
        return item.meeting.get_absolute_url()
    return reverse("roundtable:table", args=[item.table_id])


@require_POST
def take(request: MemberRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Put a proposal on the agenda."""
    meeting, found = _proposal(request.member, pk, item)
    return act(
        request,
        lambda: actions.take(found, meeting=meeting, by=request.member),
        done=_("Der Vorschlag steht auf der Tagesordnung."),
        back=meeting.get_absolute_url(),
    )


@require_POST
def reject(request: MemberRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Leave a proposal aside."""
    meeting, found = _proposal(request.member, pk, item)
    return act(
        request,
        lambda: actions.reject(found, by=request.member),
        done=_("Der Vorschlag ist nicht aufgenommen."),
        back=meeting.get_absolute_url(),
    )


def _proposal(member: Membership, pk: UUID, item: UUID) -> tuple[Meeting, Item]:
    """A proposal to the table whose meeting the member moderates."""
    meeting, found = access.moderated(member, pk), access.item(member, item)
    if found.table_id != meeting.table_id:
        raise Http404
    return meeting, found


@require_POST
def put_back(request: MemberRequest, item: UUID) -> HttpResponse:
    """Take an item off the agenda again."""
    found = access.moderated_item(request.member, item)
    return act(
        request,
        lambda: actions.put_back(found, by=request.member),
        done=_("Der Punkt ist von der Tagesordnung genommen."),
        back=way_back(found),
    )
