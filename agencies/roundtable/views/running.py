"""The meeting while it runs: the page, its fragment for each viewer, and the acts of those at the table."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from agencies import access
from agencies.errors import Conflict, Refused
from agencies.http import MemberRequest
from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable import actions, staging
from agencies.roundtable.enums import MeetingState
from agencies.roundtable.models import Meeting
from agencies.roundtable.views.asking import ask


def stage(request: MemberRequest, meeting: Meeting) -> HttpResponse:
    """The page of a running meeting (``roundtable:meeting`` leads here)."""
    return render(request, "roundtable/running.html", _values(request, meeting))


@require_safe
def fragment(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The whole stage for this viewer; 304 for who shows this version already."""
    meeting = access.meeting(request.member, pk)
    tag = f'W/"{meeting.version}-{request.member.pk}"'
    if meeting.state != MeetingState.RUNNING:
        return redirect(meeting)
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        answer = render(request, "roundtable/_stage.html", _values(request, meeting))
    answer.headers["ETag"] = tag
    return answer


@require_safe
def version(request: MemberRequest, pk: UUID) -> JsonResponse:
    """The clock of the meeting, for browsers without a socket."""
    meeting = access.meeting(request.member, pk)
    return JsonResponse({"meeting": str(meeting.pk), "version": meeting.version})


def _values(request: MemberRequest, meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting, "stage": staging.stage_of(meeting, request.member)}


# Acts


@require_POST
def come(request: MemberRequest, pk: UUID) -> HttpResponse:
    meeting = access.meeting(request.member, pk)
    return _act(request, meeting, lambda: actions.come(meeting, by=request.member))


@require_POST
def go(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Leave; the moderator also says of others that they have gone."""
    whom = request.POST.get("member", "")
    if not whom:
        meeting = access.meeting(request.member, pk)
        return _act(request, meeting, lambda: actions.go(meeting, by=request.member))
    meeting = access.moderated(request.member, pk)
    there = meeting.participants.filter(member=_number(whom)).values("member")
    gone = get_object_or_404(Membership, pk__in=there)
    return _act(request, meeting, lambda: actions.go(meeting, by=request.member, member=gone))


@require_POST
def call(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Call an item instead of the one the moderator saw as current."""
    meeting = access.moderated(request.member, pk)
    wanted = _uuid(request.POST.get("item"))
    item = meeting.items.filter(pk=wanted).first() if wanted else None
    if item is None:
        return _answer(request, meeting, Conflict(_("Der Punkt steht nicht mehr auf der Tagesordnung.")))
    seen = _uuid(request.POST.get("seen"))
    return _act(request, meeting, lambda: actions.call(meeting, item, by=request.member, seen=seen))


@require_POST
def leave(request: MemberRequest, pk: UUID) -> HttpResponse:
    meeting = access.moderated(request.member, pk)
    seen, deferred = _uuid(request.POST.get("seen")), "deferred" in request.POST
    return _act(
        request, meeting, lambda: actions.leave(meeting, by=request.member, seen=seen, deferred=deferred)
    )


@require_POST
def take_over(request: MemberRequest, pk: UUID) -> HttpResponse:
    meeting = access.meeting(request.member, pk, to=Permission.MODERATE_MEETINGS)
    return _act(request, meeting, lambda: actions.take_over(meeting, by=request.member))


def close(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Asks once more: afterwards the minutes are locked."""
    meeting = access.moderated(request.member, pk)
    return ask(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        do=lambda form: actions.close(meeting, by=request.member),
        title=_("Sitzung schließen?"),
        lead=_(
            "Der Vorhang schließt sich für alle, und das Protokoll wird festgeschrieben. Punkte, die noch "
            "offen sind, werden vertagt."
        ),
        button=_("Sitzung schließen"),
        done=_("Die Sitzung ist geschlossen."),
        back=meeting.get_absolute_url(),
    )


def _act(request: MemberRequest, meeting: Meeting, act: Callable[[], object]) -> HttpResponse:
    return _answer(request, meeting, _problem(act))


def _problem(act: Callable[[], object]) -> Exception | None:
    try:
        act()
    except (Refused, Conflict) as problem:
        return problem
    return None


def _answer(request: MemberRequest, meeting: Meeting, problem: Exception | None) -> HttpResponse:
    """The page anew; to htmx only what went wrong: the stage is fetched like after any other change."""
    if not request.htmx:
        if problem:
            messages.error(request, str(problem))
        return redirect(meeting)
    answer = HttpResponse(status=409 if isinstance(problem, Conflict) else 204)
    if problem:
        trigger_client_event(answer, "toast", {"level": "error", "text": str(problem)})
    return trigger_client_event(answer, "live:ask", {})


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
