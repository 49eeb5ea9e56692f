"""The start page: what waits for this member, by what the role may do."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import access, oversight, panels
from agencies.http import MemberRequest
from agencies.models import UNUSED, Membership
from agencies.roles import Permission


def home(request: MemberRequest) -> HttpResponse:
    """The bare address leads to the start page."""
    return redirect("agencies:start")


def start(request: MemberRequest) -> HttpResponse:
    member = request.member
    values: dict[str, Any] = {
        "greeting": greeting(member.user.get_full_name() or member.user.username),
        "today": timezone.localdate(),
        "shortcuts": panels.shortcuts_for(member),
        "panels": panels.panels_for(member),
        **_own_figures(member),
    }
    return render(request, "agencies/start.html", values)


def greeting(name: str) -> str:
    """A salutation by the hour of the day."""
    hour = timezone.localtime().hour
    if hour < 11:
        return _("Guten Morgen, %(name)s") % {"name": name}
    if hour < 18:
        return _("Guten Tag, %(name)s") % {"name": name}
    return _("Guten Abend, %(name)s") % {"name": name}


def _own_figures(member: Membership) -> dict[str, Any]:
    """What the base itself has to tell roles that manage rather than handle cases."""
    values: dict[str, Any] = {}
    if member.may(Permission.READ_LOG):
        values["reads_today"] = access.read_log(member).filter(at__date=timezone.localdate()).count()
    values["new_readers"] = oversight.new_readers(member)
    if member.may(Permission.MANAGE_MEMBERS):
        people = Membership.objects.filter(agency_id=member.agency_id)
        values["members_open"] = people.filter(is_active=True).count()
        values["members_invited"] = people.filter(UNUSED).count()
    if member.may(Permission.AGENCY_SETTINGS):
        values["agency"] = member.agency
        as_of = member.agency.capacity_as_of
        values["capacity_age"] = (timezone.localdate() - as_of).days if as_of else None
    return values
