"""For whom one works: the active agency of the session."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies import access
from agencies.http import MemberRequest


def switch(request: MemberRequest) -> HttpResponse:
    """GET shows the own agencies, POST makes one of them the active one; foreign ids are 404."""
    if request.method != "POST":
        return render(request, "agencies/switch.html", {"mine": request.memberships})
    chosen = request.POST.get("membership", "")
    mine = {str(member.pk): member for member in request.memberships}
    if chosen not in mine:
        raise Http404
    request.session[access.SESSION_KEY] = mine[chosen].pk
    messages.success(request, _("Sie arbeiten jetzt für: %(agency)s") % {"agency": mine[chosen].agency.name})
    return redirect("agencies:start")
