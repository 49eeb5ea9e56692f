"""The agenda of a meeting: its page before it runs, order, topics, and what comes from the backlog."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from agencies import access
from agencies.errors import Conflict, Refused
from agencies.http import MemberRequest
from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable import actions, replying
from agencies.roundtable.enums import MeetingState
from agencies.roundtable.forms.agenda import TopicForm, WordForm
from agencies.roundtable.meetings import BEFORE
from agencies.roundtable.models import Item, Meeting
from agencies.roundtable.programme import Programme, open_commitments, programme, proposals
from agencies.roundtable.views.asking import act, ask


def agenda(request: MemberRequest, meeting: Meeting) -> HttpResponse:
    """The page of a meeting that has not begun."""
    member = request.member
    people = meeting.participants.select_related("member__user", "member__agency")
    participants = list(people.order_by("member__agency__name", "member__user__last_name"))
    is_invited = any(one.member_id == member.pk for one in participants)
    values = {
        **_programme(member, meeting),
        "participants": participants,
        "answer_url": _answer_url(meeting, member) if is_invited else "",
        "may_take_over": member.may(Permission.MODERATE_MEETINGS) and meeting.moderator_id != member.pk,
    }
    return render(request, "roundtable/agenda.html", values)


def _programme(member: Membership, meeting: Meeting) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "is_ahead": meeting.state in BEFORE,
        "programme": programme(member, meeting),
        "proposals": proposals(member, meeting.table),
        "moderates": meeting.moderator_id == member.pk and meeting.state in BEFORE,
        "open_commitments": open_commitments(meeting.table),
    }


def _answer_url(meeting: Meeting, member: Membership) -> str:
    if meeting.state != MeetingState.INVITED:
        return ""
    return reverse("roundtable:answer", args=[replying.key(meeting, member)])


@require_safe
def news(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What the bell of a meeting that has not begun calls for; once it has, the way leads to its stage."""
    meeting = access.meeting(request.member, pk)
    if meeting.state not in BEFORE:
        return redirect(meeting)
    return render(request, "roundtable/_programme.html", _programme(request.member, meeting))


@require_POST
def order(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One item up or down (by button and keyboard), or the whole order at once (as dragged)."""
    meeting = access.moderated(request.member, pk)
    try:
        moved, do = _wanted_order(request, meeting)
    except ValueError as error:
        raise BadRequest from error
    if not request.htmx:
        return act(request, do, done=_("Die Reihenfolge ist geändert."), back=meeting.get_absolute_url())
    problem = ""
    try:
        do()
    except (Refused, Conflict) as refusal:
        problem = str(refusal)
    values = _programme(request.member, access.meeting(request.member, pk))
    said = problem or _where(values["programme"], moved)
    answer = render(request, "roundtable/_agenda.html", values)
    return trigger_client_event(answer, "toast", {"level": "danger" if problem else "success", "text": said})


def _wanted_order(request: MemberRequest, meeting: Meeting) -> tuple[Item | None, Callable[[], None]]:
    member, data = request.member, request.POST
    moved = data.get("up") or data.get("down")
    if not moved:
        wanted = [UUID(one) for one in data.getlist("item")]
        return None, lambda: actions.order(meeting, wanted, by=member)
    item = access.item(member, UUID(moved))
    if item.meeting_id != meeting.pk:
        raise Http404
    return item, lambda: actions.shift(item, -1 if "up" in data else 1, by=member)


def _where(agenda: Programme, moved: Item | None) -> str:
    for line in agenda.lines:
        if moved and line.item.pk == moved.pk:
            return _("„%(item)s“ steht an Stelle %(n)s.") % {"item": line.item, "n": line.number}
    return _("Die Reihenfolge ist geändert.")


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
    agencies = list(found.table.agencies.all())
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
