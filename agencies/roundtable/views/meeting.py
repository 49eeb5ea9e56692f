"""One address for a meeting in all its states: agenda before, stage while it runs, minutes after."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from agencies import access
from agencies.http import MemberRequest
from agencies.roundtable.enums import MeetingState
from agencies.roundtable.views import agenda, running


def meeting(request: MemberRequest, pk: UUID) -> HttpResponse:
    found = access.meeting(request.member, pk)
    if found.state == MeetingState.RUNNING:
        return running.stage(request, found)
    if found.state == MeetingState.CLOSED:
        return redirect("roundtable:minutes", found.pk)
    return agenda.agenda(request, found)
