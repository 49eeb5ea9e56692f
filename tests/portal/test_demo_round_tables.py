"""The round tables of the fictional county: meetings and promises in every state, nobody named."""

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies import access
from agencies.cases.models import Identity
from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable.enums import CommitmentState, CurtainLevel, ItemKind, MeetingState
from agencies.roundtable.models import Commitment, Curtain, Decision, Item, ItemText, Meeting, RoundTable
from portal.demo import round_tables, seeding, staffing
from portal.demo.round_table_plans import PLANS

pytestmark = pytest.mark.django_db


def quiet(text: str) -> None:
    pass


@pytest.fixture
def county() -> staffing.County:
    return seeding.make_county(people=60, say=quiet)


def test_county_meets(county: staffing.County) -> None:
    moderator = county.members["jobcenter.teamleitung"]
    with access.acting(moderator):
        assert {table.name for table in RoundTable.objects.all()} == {plan.name for plan in PLANS}
        assert set(Meeting.objects.values_list("state", flat=True)) == set(MeetingState)
        (running,) = Meeting.objects.filter(state=MeetingState.RUNNING)
        assert running.starts_at < timezone.now()
        assert running.current_item is not None
        assert running.current_item.kind == ItemKind.CASE
        closed = Meeting.objects.filter(state=MeetingState.CLOSED)
        assert all(meeting.record.sha256 for meeting in closed)
        assert Commitment.objects.filter(due_on__lt=timezone.localdate(), state=CommitmentState.OPEN).exists()
        assert CommitmentState.FULFILLED in Commitment.objects.values_list("state", flat=True)
        backlog = Item.objects.filter(meeting=None, kind=ItemKind.CASE)
        assert {"proposed", "rejected"} >= set(backlog.values_list("state", flat=True)) != set()
        levels = set(Curtain.objects.values_list("level", flat=True))
        assert levels == set(CurtainLevel) - {CurtainLevel.PSEUDONYM}
    assert not ProcrastinateJob.objects.filter(task_name__startswith="roundtable.").exists()


def test_nobody_is_named_in_what_tables_read(county: staffing.County) -> None:
    names, texts = set(), []
    for slug in {slug for plan in PLANS for slug in plan.seats}:
        with access.acting(_head(county, slug)):
            names |= set(Identity.objects.values_list("family_name", flat=True))
            texts += Item.objects.values_list("question", flat=True)
            texts += Decision.objects.values_list("text", flat=True)
            texts += ItemText.objects.values_list("text", flat=True)
            texts += Commitment.objects.values_list("what", flat=True)
    words = {word.strip(".,:;?!„“") for text in texts for word in text.split()}

    assert words
    assert {name for name in names if name in words} == set()


def test_every_agency_at_a_table_has_two_who_may_attend(county: staffing.County) -> None:
    assert all(county.staff(slug, Permission.JOIN_MEETINGS) for slug in county.agencies)
    for plan in PLANS:
        people = {slug: round_tables.speakers(county, slug) for slug in plan.seats}
        assert {slug: len(members) for slug, members in people.items()} == dict.fromkeys(plan.seats, 2)
        assert people[plan.moderator][0].may(Permission.MODERATE_MEETINGS)


def _head(county: staffing.County, slug: str) -> Membership:
    return round_tables.speakers(county, slug)[0]
