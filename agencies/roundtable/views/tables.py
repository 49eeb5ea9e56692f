"""Pages of the standing tables: all meetings of one's own, one table, founding and changing it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import access
from agencies.http import MemberRequest
from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable import actions
from agencies.roundtable.enums import ItemState, MeetingState
from agencies.roundtable.forms.planning import TableForm
from agencies.roundtable.models import Item, Meeting, Participant, RoundTable
from agencies.roundtable.programme import open_commitments, proposals
from agencies.roundtable.views.asking import ask

PAGE_SIZE = 20
AHEAD = (MeetingState.RUNNING, MeetingState.INVITED, MeetingState.DRAFT)


def meetings(request: MemberRequest) -> HttpResponse:
    """What runs now and comes next, what was, and the tables of the member's agency."""
    found = _with_reply(request.member, access.meetings(request.member))
    ahead = sorted(
        found.filter(state__in=AHEAD), key=lambda row: (row.state != MeetingState.RUNNING, row.starts_at)
    )
    past = Paginator(found.exclude(state__in=AHEAD), PAGE_SIZE).get_page(request.GET.get("page"))
    tables = _with_proposals(access.tables(request.member))
    values = {"ahead": ahead, "page": past, "tables": tables.prefetch_related("agencies")}
    return render(request, "roundtable/meeting_list.html", values)


def _with_reply(member: Membership, found: QuerySet[Meeting]) -> QuerySet[Meeting]:
    mine = Participant.objects.filter(meeting=OuterRef("pk"), member=member)
    return found.annotate(my_reply=Subquery(mine.values("reply")[:1]))


def _with_proposals(found: QuerySet[RoundTable]) -> QuerySet[RoundTable]:
    waiting = Item.objects.filter(table=OuterRef("pk"), meeting=None, state=ItemState.PROPOSED)
    number = waiting.order_by().values("table").annotate(n=Count("pk")).values("n")
    return found.annotate(waiting=Coalesce(Subquery(number, output_field=IntegerField()), Value(0)))


def table(request: MemberRequest, table: UUID) -> HttpResponse:
    """One table: who sits there, when it meets, what waits to be talked about."""
    found = access.table(request.member, table)
    values: dict[str, Any] = {
        "table": found,
        "agencies": found.agencies.all(),
        "meetings": found.meetings.filter(state__in=AHEAD).order_by("starts_at"),
        "proposals": proposals(request.member, found),
        "open_commitments": open_commitments(found),
        "keeps": found.moderator.agency_id == request.member.agency_id,
    }
    return render(request, "roundtable/table.html", values)


def found(request: MemberRequest) -> HttpResponse:
    """Set up a table."""
    member = request.member
    access.require(member, Permission.MODERATE_MEETINGS)
    form = TableForm(request.POST or None, own=member.agency)
    return ask(
        request,
        form,
        do=lambda form: actions.found(by=member, **form.values()),
        title=_("Runden Tisch einrichten"),
        button=_("Einrichten"),
        done=_("Der Runde Tisch ist eingerichtet."),
        back=reverse("roundtable:list"),
        onward=lambda made: reverse("roundtable:table", args=[made.pk]),
    )


def edit_table(request: MemberRequest, table: UUID) -> HttpResponse:
    """Change a table; by the agency that moderates it."""
    found = access.kept_table(request.member, table)
    form = TableForm(request.POST or None, instance=found, own=found.moderator.agency)
    return ask(
        request,
        form,
        do=lambda form: actions.change(found, by=request.member, **form.values()),
        title=_("Runden Tisch ändern"),
        button=_("Speichern"),
        done=_("Der Runde Tisch ist geändert."),
        back=reverse("roundtable:table", args=[table]),
    )
