"""In-box and out-box, on screen and as a file."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import access, audit
from agencies.exporting import csv_response
from agencies.http import MemberRequest
from agencies.models import Membership, ReadLog
from agencies.referrals import listing
from agencies.referrals.enums import Side
from agencies.referrals.forms.bulk import BulkForm
from agencies.referrals.forms.filtering import BoxFilterForm
from agencies.referrals.models import Referral
from agencies.roles import Permission


def inbox(request: MemberRequest) -> HttpResponse:
    return _box(request, Side.RECIPIENT)


def outbox(request: MemberRequest) -> HttpResponse:
    return _box(request, Side.SENDER)


def export_inbox(request: MemberRequest) -> HttpResponse:
    return _export(request, Side.RECIPIENT)


def export_outbox(request: MemberRequest) -> HttpResponse:
    return _export(request, Side.SENDER)


def _box(request: MemberRequest, side: Side) -> HttpResponse:
    member = request.member
    access.require(member, Permission.VIEW_CASES)
    form, wanted = _wanted(request, side)
    sort = request.GET.get("sort", listing.DEFAULT_SORT)
    page = listing.page_of(member, side, wanted, sort=sort, number=request.GET.get("page"))
    incoming = side == Side.RECIPIENT
    values: dict[str, Any] = {
        "page": page,
        "filter": form,
        "incoming": incoming,
        "narrowed": any(wanted.values()),
        "query": request.GET.urlencode(),
        "counts": {key.value: listing.tab_count(member, key) for key in Side},
        "bulk": BulkForm(member=member) if incoming and member.may(Permission.ANSWER_REFERRALS) else None,
    }
    return render(request, "referrals/box.html", values)


def _wanted(request: MemberRequest, side: Side) -> tuple[BoxFilterForm, dict[str, Any]]:
    form = BoxFilterForm(request.GET, member=request.member, side=side)
    return form, form.cleaned_data if form.is_valid() else {}


def _export(request: MemberRequest, side: Side) -> HttpResponse:
    """What the filter shows, as a file; a wrong filter narrows nothing, so there is no file for it."""
    member = request.member
    access.require(member, Permission.EXPORT)
    form, wanted = _wanted(request, side)
    if not form.is_valid():
        raise BadRequest
    found = listing.narrowed(listing.box(member, side), wanted, member, side)
    found = listing.ordered(found, request.GET.get("sort", ""))[: listing.EXPORT_LIMIT]
    rows = listing.rows(member, found, surface=ReadLog.Surface.EXPORT)
    audit.record("referral.export", member, by=member, rows=len(rows))
    box = _("Eingang") if side == Side.RECIPIENT else _("Ausgang")
    filename = _("Ueberweisungen-{box}-{day}.csv").format(box=box, day=timezone.localdate().isoformat())
    return csv_response(filename, _header(side), (_row(row, side) for row in rows))


def _header(side: Side) -> list[str]:
    other = _("Von") if side == Side.RECIPIENT else _("An")
    return [
        *(_("Geschäftszeichen"), _("Person"), other, _("Team"), _("Zweck"), _("Stand"), _("Stand seit")),
        *(_("Gesendet am"), _("Zuständig"), _("Frist"), _("Daten sichtbar bis"), _("Ergebnis")),
    ]


def _row(row: Referral, side: Side) -> list[object]:
    incoming = side == Side.RECIPIENT
    team = row.sender_team if incoming else row.recipient_team
    return [
        row.case_reference,
        row.person,
        row.sender.name if incoming else row.recipient.name,
        team.name if team else "",
        row.get_purpose_display(),
        row.standing,
        timezone.localtime(row.state_since).date(),
        timezone.localtime(row.sent_at).date() if row.sent_at else "",
        _name(row.assigned_to),
        row.remind_on,
        row.valid_until,
        row.get_outcome_display(),
    ]


def _name(member: Membership | None) -> str:
    return member.name if member else ""
