"""Pieces for other pages: a case's referrals (a page without JavaScript), panels of the start page."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agencies import access
from agencies.http import MemberRequest
from agencies.models import Membership
from agencies.referrals import listing
from agencies.referrals.enums import Side, State
from agencies.referrals.models import Referral
from agencies.roles import Permission

PANEL_SIZE = 6


def of_case(request: MemberRequest, case: Any) -> HttpResponse:
    """The referrals of one case that the member may see, newest first."""
    found = access.case(request.member, case)
    both = access.referrals(request.member, "out") | access.referrals(request.member, "in")
    rows = [
        listing.with_clock(row, request.member)
        for row in both.filter(case_id=case).order_by("-state_since", "-pk")
    ]
    may_refer = found.is_led and request.member.may(Permission.SEND_REFERRALS)
    values = {"rows": rows, "case": found, "may_refer": may_refer and request.member.may(Permission.DISCLOSE)}
    template = "referrals/_of_case.html" if request.htmx else "referrals/of_case.html"
    return render(request, template, values)


def panel_new(request: MemberRequest) -> HttpResponse:
    """What nobody has answered or taken on yet, the most urgent first: as many as the badge says."""
    found = listing.box(request.member, Side.RECIPIENT).new()
    return _panel(request, "new", listing.ordered(found, listing.DEFAULT_SORT))


def panel_due(request: MemberRequest) -> HttpResponse:
    """Drafts to decide about; then clocks that have run out while it is our turn, the oldest first."""
    member = request.member
    boxes = [_due(member, side).order_by("remind_on", "pk")[: PANEL_SIZE + 1] for side in Side]
    mine = sorted((row for box in boxes for row in box), key=lambda row: (row.remind_on, row.pk))
    return _show(request, "due", [*listing.to_decide(member)[: PANEL_SIZE + 1], *mine])


def panel_waiting(request: MemberRequest) -> HttpResponse:
    """What the member has sent and is not over; what is due here stands under what is due."""
    access.require(request.member, Permission.SEND_REFERRALS)
    sent = listing.box(request.member, Side.SENDER).exclude(state=State.DRAFT)
    mine = listing.unfinished(sent.filter(sender_member=request.member))
    mine = mine.exclude(pk__in=_due(request.member, Side.SENDER).values("pk"))
    return _panel(request, "waiting", listing.ordered(mine, listing.DEFAULT_SORT))


def _due(member: Membership, side: Side) -> Any:
    """It is this side's turn, and the day of the reminder has come; what is new has a panel of its own."""
    found = listing.box(member, side).waiting_on(side).due(timezone.localdate())
    return found.exclude(pk__in=found.new().values("pk")) if side == Side.RECIPIENT else found


def _panel(request: MemberRequest, kind: str, found: QuerySet[Referral]) -> HttpResponse:
    return _show(request, kind, list(found[: PANEL_SIZE + 1]))


def _show(request: MemberRequest, kind: str, rows: list[Referral]) -> HttpResponse:
    shown = listing.rows(request.member, rows[:PANEL_SIZE])
    values = {"rows": shown, "kind": kind, "more": len(rows) > PANEL_SIZE, "member": request.member}
    return render(request, "referrals/_panel.html", values)
