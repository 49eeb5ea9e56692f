"""For whom one works: the active agency, and invitations of others to accept or decline."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import access, inviting
from agencies.http import MemberRequest
from agencies.models import Membership


def switch(request: MemberRequest) -> HttpResponse:
    """GET shows the own agencies, POST makes one of them the active one; foreign ids are 404."""
    if request.method != "POST":
        return own_agencies(request)
    chosen = request.POST.get("membership", "")
    mine = {str(member.pk): member for member in request.memberships}
    if chosen not in mine:
        raise Http404
    request.session[access.SESSION_KEY] = mine[chosen].pk
    Membership.objects.filter(pk=mine[chosen].pk).update(chosen_at=timezone.now())
    messages.success(request, _("Sie arbeiten jetzt für: %(agency)s") % {"agency": mine[chosen].agency.name})
    return redirect("agencies:start")


def own_agencies(request: MemberRequest, status: int = 200) -> HttpResponse:
    """The page with the own agencies; for a user without any it stands in place of every other."""
    values = {"mine": request.memberships, "invitations": inviting.invitations_to(request.user)}  # type: ignore[arg-type]
    return render(request, "agencies/switch.html", values, status=status)


def invitation(request: MemberRequest, pk: int) -> HttpResponse:
    """GET asks, POST answers; only the invited person finds it, and only while it is open."""
    invited = get_object_or_404(inviting.invitations_to(request.user), pk=pk)  # type: ignore[arg-type]
    if request.method != "POST":
        return render(request, "agencies/invitation.html", {"invited": invited})
    with access.acting(invited):
        if "decline" in request.POST:
            inviting.decline(invited)
            messages.success(request, _("Sie haben die Einladung abgelehnt."))
        else:
            inviting.accept(invited)
            messages.success(request, _("Sie gehören jetzt auch zu: %(agency)s") % {"agency": invited.agency})
    return redirect("agencies:switch")


invitation.needs_no_agency = True  # type: ignore[attr-defined]
