"""Fragments of the start page about cases."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies import access
from agencies.cases import deadlines
from agencies.http import MemberRequest
from agencies.roles import Permission

SHOWN = 10


def due(request: MemberRequest) -> HttpResponse:
    """What runs out in the cases the member manages, oldest first."""
    access.require(request.member, Permission.VIEW_CASES)
    found = deadlines.of_member(request.member)
    deadlines.log(request.member, found[:SHOWN])
    values = {"deadlines": found[:SHOWN], "more": len(found) - SHOWN, "days": deadlines.HORIZON_DAYS}
    return render(request, "cases/_panel_due.html", values)
