"""What is new is counted in one way, a view is one line of the log, and a day means the same everywhere."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies import access
from agencies.models import Membership, ReadLog
from agencies.referrals import actions
from agencies.referrals.enums import Act, State
from agencies.referrals.models import Referral
from agencies.roles import Role
from tests.referrals.test_box_screens import login, more

pytestmark = pytest.mark.django_db


def numbers(member: Membership) -> tuple[int, int, int]:
    """Badge, rows of the start page's panel, number at the tab."""
    with access.acting(member):
        badge = access.referral_count(member)
    rows = login(member).get(reverse("referrals:panel_new")).context["rows"]
    tab = login(member).get(reverse("referrals:inbox")).context["counts"]["recipient"]
    return badge, len(rows), tab


def test_badge_start_page_and_tab_count_the_same(loop):
    loop.at(State.RECEIVED)
    unread, late, taken = more(loop, 3)
    with access.acting(loop.recipient):
        actions.accept(taken, by=loop.recipient)
    yesterday = timezone.localdate() - timedelta(days=1)
    with access.acting(loop.recipient):
        Referral.objects.filter(pk=late.pk).update(remind_on=yesterday)
    assert numbers(loop.recipient) == (3, 3, 3)
    panel = login(loop.recipient).get(reverse("referrals:panel_new")).context["rows"]
    assert panel[0] == late
    due = login(loop.recipient).get(reverse("referrals:panel_due")).context["rows"]
    assert late not in due
    assert unread in panel


@pytest.mark.parametrize("page", ["inbox", "panel_new"])
def test_what_came_in_is_unread_not_sent(loop, page):
    loop.at(State.SENT)
    shown = login(loop.recipient).get(reverse(f"referrals:{page}")).content.decode()
    assert "ungelesen" in shown
    badge = shown.split("kr-badge", 1)[-1]
    assert "gesendet" not in badge.split("</li>")[0].split("</tr>")[0]
    assert "gesendet" in login(loop.sender).get(reverse("referrals:outbox")).content.decode()


def lines(member: Membership) -> list[tuple[str, list[str], bool]]:
    with access.acting(member):
        return [
            (row.surface, row.categories, bool(row.purpose))
            for row in ReadLog.objects.filter(user=member.user).order_by("at")
        ]


@pytest.mark.parametrize("name", ["loop", "push"])
def test_one_view_of_a_referral_is_one_line(request, name):
    loop = request.getfixturevalue(name)
    sent = loop.at(State.RECEIVED)
    if name == "push":
        loop.do(Act.RECEIVE, sent, loop.recipient)
        with access.acting(loop.recipient):
            actions.acknowledge(sent, by=loop.recipient)
    assert login(loop.recipient).get(sent.get_absolute_url()).status_code == 200
    surface = "referral" if name == "loop" else "snapshot"
    assert lines(loop.recipient) == [(surface, ["identity", "contact"], True)]


def test_one_question_of_an_act_is_one_line(loop):
    sent = loop.at(State.RECEIVED)
    address = reverse("referrals:act", args=[sent.pk, Act.ASK])
    assert login(loop.recipient).get(address).status_code == 200
    assert lines(loop.recipient) == [("referral", ["identity"], True)]


def test_preview_of_a_draft_is_one_line(loop):
    reader = loop.county.member("jobcenter", Role.TEAMLEITUNG)
    draft = loop.draft()
    assert login(reader).get(reverse("referrals:preview", args=[draft.pk])).status_code == 200
    assert lines(reader) == [("referral", ["identity", "contact"], False)]


def test_last_day_for_an_answer_is_never_after_the_data(loop):
    last = timezone.localdate() + timedelta(days=5)
    sent = loop.at(State.RECEIVED, valid_until=last)
    assert sent.answer_until == last
    page = login(loop.recipient).get(sent.get_absolute_url()).content.decode()
    assert "Antwort möglich bis" in page
    assert (last + timedelta(days=1)).strftime("%d.%m.%Y") not in page


def test_choosing_the_agency_names_the_person_and_leads_back(loop):
    page = login(loop.sender).get(f"{reverse('referrals:new')}?fall={loop.case.pk}").content.decode()
    assert "Geheimnis" in page
    assert f'href="{reverse("cases:detail", args=[loop.case.pk])}"' in page


def test_what_the_preview_needs_is_marked(loop):
    address = f"{reverse('referrals:terms')}?fall={loop.case.pk}&an={loop.agency.pk}"
    form = login(loop.sender).get(address).context["form"]
    marked = [
        name
        for name in ("request", "necessity", "beyond_reason")
        if "kr-required" in form[name].as_field_group()
    ]
    assert marked == ["request", "necessity"]


def test_referral_without_a_name_says_its_number_once(push):
    declined = push.at(State.DECLINED)
    page = login(push.recipient).get(declined.get_absolute_url()).content.decode()
    head = page.split("<h1", 1)[0].rsplit("kr-page-header", 1)[-1] + page.split("<h1", 1)[1].split("</h1>")[0]
    assert head.count(push.case.reference) == 1
