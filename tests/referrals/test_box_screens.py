"""In-box, out-box, bulk acts, export and panels: who sees what, in how many queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies import access
from agencies.enums import Category, Purpose
from agencies.models import Membership, ReadLog
from agencies.referrals import actions
from agencies.referrals.enums import Act, State
from agencies.referrals.models import Referral
from agencies.referrals.views.fragments import PANEL_SIZE
from agencies.roles import Role
from tests.factories import open_case
from tests.factories.county import make_member
from tests.referrals.loop import Loop


def login(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def more(loop: Loop, count: int) -> list[Referral]:
    """Further cases, each referred to the same agency."""
    found = []
    for number in range(count):
        case = open_case(loop.sender, family_name=f"Weitere{number}")
        with access.acting(loop.sender):
            draft = actions.draft(case, by=loop.sender, **loop.terms())
            found.append(actions.send(draft, by=loop.sender))
    return found


def of_the_loop(loop: Loop, state: State = State.SENT) -> Referral:
    return loop.at(state)


@pytest.mark.parametrize("box", ["inbox", "outbox"])
def test_lists_take_the_same_queries_for_one_and_three(loop, box):
    of_the_loop(loop)
    client = login(loop.recipient if box == "inbox" else loop.sender)
    address = reverse(f"referrals:{box}")
    client.get(address)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        counts.append(len(counted))
        more(loop, 2)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("panel", ["panel_new", "panel_due", "panel_waiting"])
def test_panels_take_the_same_queries_for_one_and_three(loop, panel):
    of_the_loop(loop)
    client = login(loop.sender if panel == "panel_waiting" else loop.recipient)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as counted:
            assert client.get(reverse(f"referrals:{panel}")).status_code == 200
        counts.append(len(counted))
        more(loop, 2)
    assert counts[0] == counts[1]


def test_third_agency_finds_nothing_anywhere(loop):
    referral = of_the_loop(loop)
    client = login(loop.stranger)
    for name in ("detail", "acknowledge", "recipient", "revise", "preview", "offer_next"):
        address = reverse(f"referrals:{name}", args=[referral.pk])
        assert (client.post if name == "acknowledge" else client.get)(address).status_code == 404, name
    for act in (Act.ACCEPT, Act.DECLINE, Act.CLOSE, Act.REMARK):
        assert client.get(reverse("referrals:act", args=[referral.pk, act])).status_code == 404
    assert client.get(reverse("referrals:of_case", args=[loop.case.pk])).status_code == 404
    assert client.get(reverse("referrals:new"), {"fall": loop.case.pk}).status_code == 404
    for name in (
        "inbox",
        "outbox",
        "export_inbox",
        "export_outbox",
        "panel_new",
        "panel_due",
        "panel_waiting",
    ):
        shown = client.get(reverse(f"referrals:{name}"), {"state": "all"}).content.decode()
        assert loop.case.reference not in shown
        assert str(referral.pk) not in shown
    answer = client.post(reverse("referrals:bulk"), {"action": "accept", "selected": [referral.pk]})
    assert loop.case.reference not in answer.content.decode()
    assert [r.state for r in loop.seen_by(loop.sender)] == [State.SENT]


def test_sides_and_roles_keep_to_their_acts(loop):
    referral = of_the_loop(loop, State.RECEIVED)
    assert login(loop.sender).get(reverse("referrals:act", args=[referral.pk, Act.ACCEPT])).status_code == 403
    assert (
        login(loop.recipient).get(reverse("referrals:act", args=[referral.pk, Act.WITHDRAW])).status_code
        == 403
    )
    reader = loop.county.member("jobcenter", Role.FACHDIENST)
    assert login(reader).get(referral.get_absolute_url()).status_code == 200
    assert login(reader).get(reverse("referrals:act", args=[referral.pk, Act.WITHDRAW])).status_code == 403
    assert login(reader).get(reverse("referrals:export_outbox")).status_code == 403
    assert login(reader).get(reverse("referrals:new"), {"fall": loop.case.pk}).status_code == 403


def test_recipient_of_a_released_case_may_not_refer_it(loop):
    of_the_loop(loop)
    answer = login(loop.recipient).get(reverse("referrals:new"), {"fall": loop.case.pk})
    assert answer.status_code == 403


@pytest.mark.parametrize("fall", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_no_such_case_is_not_found(loop, fall):
    assert login(loop.sender).get(reverse("referrals:new"), {"fall": fall}).status_code == 404


def test_bulk_accepts_what_it_can_and_names_the_rest(loop):
    first = of_the_loop(loop)
    second, third = more(loop, 2)
    with access.acting(loop.colleague):
        actions.accept(second, by=loop.colleague)
    data = {"action": "accept", "selected": [first.pk, second.pk, third.pk, "unsinn"]}
    data |= {f"seen-{row.pk}": row.version for row in (first, second, third)}
    answer = login(loop.recipient).post(reverse("referrals:bulk"), data)
    assert [result.referral.pk for result in answer.context["done"]] == [first.pk, third.pk]
    failed = answer.context["failed"]
    assert [result.referral.pk for result in failed] == [second.pk]
    assert loop.colleague.name in failed[0].problem
    assert {row.state for row in loop.seen_by(loop.recipient)} == {State.ACCEPTED}


def test_bulk_assigns_to_a_colleague(loop):
    rows = [of_the_loop(loop), *more(loop, 1)]
    data = {"action": "assign", "to": loop.colleague.pk, "selected": [row.pk for row in rows]}
    answer = login(loop.recipient).post(reverse("referrals:bulk"), data, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("referrals:inbox")
    assert {row.assigned_to_id for row in loop.seen_by(loop.recipient)} == {loop.colleague.pk}


def test_bulk_assign_is_for_those_who_distribute(loop):
    referral = of_the_loop(loop)
    data = {"action": "assign", "to": loop.recipient.pk, "selected": [referral.pk]}
    assert login(loop.colleague).post(reverse("referrals:bulk"), data).status_code == 403


@pytest.mark.parametrize("data", [{}, {"action": "accept"}, {"action": "unsinn", "selected": ["x"]}])
def test_bulk_without_choice_says_so(loop, data):
    answer = login(loop.recipient).post(reverse("referrals:bulk"), data, follow=True)
    assert "Bitte wählen Sie zuerst" in answer.content.decode()


def test_filters_of_the_inbox(loop):
    waiting = of_the_loop(loop)
    (taken,) = more(loop, 1)
    with access.acting(loop.recipient):
        actions.accept(taken, by=loop.recipient)
    client = login(loop.recipient)

    def shown(**query):
        page = client.get(reverse("referrals:inbox"), query).context["page"]
        return {row.pk for row in page.object_list}

    assert shown() == {waiting.pk, taken.pk}
    assert shown(state="accepted") == {taken.pk}
    assert shown(holder="nobody") == {waiting.pk}
    assert shown(holder="me") == {taken.pk}
    assert shown(agency=loop.county["sozialamt"].pk) == set()
    assert shown(overdue="on") == set()
    assert shown(state="closed") == set()


def test_team_inbox_is_closed_to_other_teams(county):
    loop = Loop(county, team=county.team("jugendamt", 2))
    referral = loop.draft()
    with access.acting(loop.sender):
        actions.send(referral, by=loop.sender)
    inside = make_member(county["jugendamt"], Role.FACHDIENST, teams=[county.team("jugendamt", 2)])
    assert login(inside).get(referral.get_absolute_url()).status_code == 200
    assert login(loop.colleague).get(referral.get_absolute_url()).status_code == 404
    assert login(loop.colleague).get(reverse("referrals:inbox")).context["page"].object_list == []


def test_export_holds_what_is_visible_and_is_logged(loop):
    of_the_loop(loop)
    text = login(loop.sender).get(reverse("referrals:export_outbox")).content.decode("utf-8-sig")
    assert [line.split(";")[:2] for line in text.splitlines()[1:]] == [
        [loop.case.reference, "Geheimnis, Mohammed"]
    ]
    with access.acting(loop.sender):
        log = ReadLog.objects.filter(surface=ReadLog.Surface.EXPORT)
        assert [entry.case_ids for entry in log] == [[loop.case.pk]]


def test_hidden_name_stays_hidden(loop):
    with access.acting(loop.sender):
        draft = actions.draft(loop.case, by=loop.sender, **loop.terms(categories=[Category.LANGUAGE]))
        actions.send(draft, by=loop.sender)
    client = login(loop.recipient)
    for page in ("inbox", "panel_new"):
        shown = client.get(reverse(f"referrals:{page}")).content.decode()
        assert "Geheimnis" not in shown
        assert loop.case.reference in shown
    title = client.get(draft.get_absolute_url()).content.decode()
    assert f"<bdi>{loop.case.reference}</bdi></h1>" in title


def test_case_page_lists_its_referrals(loop):
    referral = of_the_loop(loop)
    for member, word in ((loop.sender, "An "), (loop.recipient, "Von ")):
        shown = login(member).get(reverse("referrals:of_case", args=[loop.case.pk])).content.decode()
        assert referral.get_absolute_url() in shown
        assert word in shown
    assert (
        reverse("referrals:new")
        in login(loop.sender).get(reverse("referrals:of_case", args=[loop.case.pk])).content.decode()
    )


def test_referrals_of_a_case_are_a_part_for_htmx_and_a_page_without(loop):
    referral = of_the_loop(loop)
    client, address = login(loop.sender), reverse("referrals:of_case", args=[loop.case.pk])
    page, part = client.get(address), client.get(address, headers={"HX-Request": "true"})
    assert [b"<h1>" in answer.content for answer in (page, part)] == [True, False]
    for answer in (page, part):
        assert referral.get_absolute_url() in answer.content.decode()


def test_overdue_referral_stands_once_on_the_start_page(loop):
    fresh, overdue = of_the_loop(loop), more(loop, 1)[0]
    with access.acting(loop.recipient):
        Referral.objects.filter(pk=overdue.pk).update(remind_on=timezone.localdate())
    client = login(loop.recipient)
    pages = {
        name: client.get(reverse(f"referrals:{name}")).content.decode() for name in ("panel_new", "panel_due")
    }
    shown = {
        name: {row.pk for row in (fresh, overdue) if row.get_absolute_url() in page}
        for name, page in pages.items()
    }
    assert shown == {"panel_new": {fresh.pk, overdue.pk}, "panel_due": set()}


def test_panel_of_what_is_due_starts_with_the_oldest(loop):
    found = more(loop, PANEL_SIZE + 2)
    with access.acting(loop.recipient):
        for days, row in enumerate(found[::-1]):
            day = timezone.localdate() - timedelta(days=days)
            Referral.objects.filter(pk=row.pk).update(remind_on=day, assigned_to=loop.colleague)
    rows = login(loop.recipient).get(reverse("referrals:panel_due")).context["rows"]
    assert [row.pk for row in rows] == [row.pk for row in found[:PANEL_SIZE]]


def test_what_is_due_here_is_not_shown_as_sent_and_open_again(loop):
    waiting, done = of_the_loop(loop), of_the_loop(_with_new_case(loop), State.OUTCOME)
    with access.acting(loop.sender):
        Referral.objects.filter(pk=done.pk).update(remind_on=timezone.localdate())
    client = login(loop.sender)
    rows = {
        name: client.get(reverse(f"referrals:{name}")).context["rows"]
        for name in ("panel_waiting", "panel_due")
    }
    assert {name: [row.pk for row in shown] for name, shown in rows.items()} == {
        "panel_waiting": [waiting.pk],
        "panel_due": [done.pk],
    }


def _with_new_case(loop: Loop) -> Loop:
    loop.case = open_case(loop.sender, family_name="Geheimnis")
    return loop


def test_navigation_counts_what_is_new(loop):
    of_the_loop(loop)
    page = login(loop.recipient).get(reverse("referrals:outbox"))
    entry = next(item for item in page.context["navigation"] if item["url"] == reverse("referrals:inbox"))
    assert entry["count"] == 1


def test_recipients_say_capacity_and_who_decides(loop):
    agency = loop.county["kvhs"]
    agency.capacity_free, agency.waiting_days, agency.capacity_as_of = 4, 10, "2026-11-18"
    agency.save()
    page = login(loop.sender).get(reverse("referrals:new"), {"fall": loop.case.pk}).content.decode()
    assert "4 freie Plätze" in page
    assert "Stand 18.11.2026" in page
    assert "Ihre Teamleitung entscheidet" in page
    narrowed = login(loop.sender).get(
        reverse("referrals:new"), {"fall": loop.case.pk, "zweck": Purpose.LANGUAGE_COURSE.value}
    )
    assert [found.agency for found in narrowed.context["candidates"]] == [agency]
