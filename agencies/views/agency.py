"""The own agency's capacity and clocks, and the directory of all agencies."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies import access, actions
from agencies.forms import CapacityForm, ClocksForm, DirectoryFilter
from agencies.http import MemberRequest
from agencies.models import Agency
from agencies.roles import Permission


def own_agency(request: MemberRequest) -> Agency:
    """A copy of its own, so that wrong input never shows up in the page's header."""
    access.require(request.member, Permission.AGENCY_SETTINGS)
    return Agency.objects.get(pk=request.member.agency_id)


def capacity(request: MemberRequest) -> HttpResponse:
    agency = own_agency(request)
    form = CapacityForm(request.POST or None, instance=agency)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.state_capacity(
            agency,
            free=data["capacity_free"],
            waiting_days=data["waiting_days"],
            note=data["capacity_note"],
            as_of=data["capacity_as_of"],
            by=request.member,
        )
        messages.success(request, _("Die Kapazität ist veröffentlicht."))
        return redirect("agencies:settings")
    return render(request, "agencies/capacity.html", {"form": form, "agency": agency})


def clocks(request: MemberRequest) -> HttpResponse:
    agency = own_agency(request)
    form = ClocksForm(request.POST or None, instance=agency)
    if request.method == "POST" and form.is_valid():
        days = {name.removesuffix("_days"): value for name, value in form.cleaned_data.items()}
        actions.set_clocks(agency, **days, by=request.member)
        messages.success(request, _("Die Fristen sind gespeichert."))
        return redirect("agencies:clocks")
    return render(request, "agencies/clocks.html", {"form": form, "agency": agency})


def directory(request: MemberRequest) -> HttpResponse:
    """Every member may look up every agency: no person is named here."""
    found = Agency.objects.filter(is_active=True).order_by("name")
    form = DirectoryFilter(request.GET or None)
    if form.is_valid():
        text, kind = form.cleaned_data["q"], form.cleaned_data["kind"]
        found = found.filter(Q(name__icontains=text) | Q(short_name__icontains=text))
        found = found.filter(kind=kind) if kind else found
    return render(request, "agencies/directory.html", {"agencies": found, "filter": form})
