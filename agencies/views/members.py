"""The members of one's own agency: list, invite, place, close and open."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import access, actions, inviting
from agencies.errors import Refused
from agencies.forms import InviteForm, MemberFilter, PlacementForm
from agencies.http import MemberRequest
from agencies.models import UNUSED, Membership
from agencies.roles import Permission, Role

PAGE_SIZE = 50
NAME = ("user__last_name", "user__first_name", "pk")
ORDERS = {
    "name": NAME,
    "-name": tuple(f"-{part}" for part in NAME),
    "role": ("role", *NAME),
    "-role": ("-role", *NAME),
    "invited": ("invited_at", "pk"),
    "-invited": ("-invited_at", "-pk"),
}


def own_members(request: MemberRequest) -> QuerySet[Membership]:
    """The members the acting member manages: those of the own agency, no others."""
    access.require(request.member, Permission.MANAGE_MEMBERS)
    return Membership.objects.filter(agency_id=request.member.agency_id).select_related("user", "agency")


def members(request: MemberRequest) -> HttpResponse:
    found = own_members(request).prefetch_related("teams")
    form = MemberFilter(request.GET or None)
    if form.is_valid():
        found = _narrow(found, **form.cleaned_data)
    found = found.order_by(*ORDERS.get(request.GET.get("sort", ""), NAME))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "agencies/members.html", {"page": page, "filter": form})


def _narrow(found: QuerySet[Membership], *, q: str, role: str, state: str) -> QuerySet[Membership]:
    for word in q.split():
        found = found.filter(
            Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(user__email__icontains=word)
        )
    if role:
        found = found.filter(role=role)
    match state:
        case "open":
            found = found.filter(is_active=True, user__last_login__isnull=False)
        case "invited":
            found = found.filter(UNUSED)
        case "closed":
            found = found.filter(is_active=False, accepted_at__isnull=False)
    return found


def invite(request: MemberRequest) -> HttpResponse:
    access.require(request.member, Permission.MANAGE_MEMBERS)
    form = InviteForm(request.POST or None, agency=request.member.agency)
    if request.method == "POST" and form.is_valid():
        try:
            member = inviting.invite(**form.cleaned_data, by=request.member)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Die Einladung an %(to)s ist unterwegs.") % {"to": member.user.email})
            return redirect("agencies:members")
    return render(request, "agencies/invite.html", {"form": form})


def member(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(own_members(request), pk=pk)
    placed: dict[str, Any] = {"role": found.role, "teams": found.teams.all()}
    form = PlacementForm(request.POST or None, agency=found.agency, initial=placed)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.change_member(found, role=Role(data["role"]), teams=data["teams"], by=request.member)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Gespeichert. Es gilt ab dem nächsten Seitenaufruf."))
            return redirect("agencies:members")
    return render(request, "agencies/member.html", {"form": form, "found": found, **_account(found)})


def _account(found: Membership) -> dict[str, Any]:
    """The user name, unless it could tell for which other agency the person works."""
    elsewhere = Membership.objects.filter(user_id=found.user_id).exclude(pk=found.pk).exists()
    return {"username": "" if elsewhere else found.user.username}


def deactivate(request: MemberRequest, pk: int) -> HttpResponse:
    """GET asks (as a dialog), POST closes."""
    found = get_object_or_404(own_members(request), pk=pk)
    if request.method != "POST":
        return render(request, "agencies/deactivate.html", {"found": found})
    done = _("Der Zugang von %(name)s ist gesperrt.")
    if found.is_pending:
        done = _("Die Einladung an %(name)s ist zurückgezogen.")
    return _do(request, found, actions.deactivate_member, done % {"name": found.name})


@require_POST
def reactivate(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(own_members(request), pk=pk)
    done = _("Der Zugang von %(name)s ist wieder offen.") % {"name": found.name}
    return _do(request, found, actions.reactivate_member, done)


@require_POST
def invite_again(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(own_members(request), pk=pk)
    done = _("Die Einladung an %(to)s ist noch einmal unterwegs.") % {"to": found.user.email}
    return _do(request, found, inviting.resend_invitation, done)


def _do(request: MemberRequest, found: Membership, action: Any, done: str) -> HttpResponse:
    """Run one action on a member and say how it went, on the list."""
    try:
        action(found, by=request.member)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("agencies:members")
