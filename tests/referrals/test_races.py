"""Two connections at the same referral: one wins, the other is told, nothing happens twice."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies import access
from agencies.errors import Conflict, Refused
from agencies.models import AuditEntry, Membership
from agencies.referrals import actions, mails
from agencies.referrals.enums import Act, State
from agencies.referrals.models import Referral
from tests.referrals.loop import Loop

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: tuple[Membership, Callable[[], object]]) -> list[object]:
    """Start the jobs together, each in a transaction on a connection of its own; what each gave or raised."""
    start, found = threading.Barrier(len(jobs), timeout=20), []

    def run(member: Membership, job: Callable[[], object]) -> None:
        try:
            with access.acting(member):
                start.wait()
                given = job()
            found.append(given)
        except Exception as told:
            found.append(told)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return found


def told(found: list[object]) -> list[str]:
    return [str(one) for one in found if isinstance(one, Conflict | Refused)]


def test_double_click_on_referring_anew_makes_one_draft(loop: Loop) -> None:
    declined, school = loop.at(State.DECLINED), loop.county["kvhs"]

    def click() -> Referral:
        return actions.offer_next(declined, recipient=school, by=loop.sender)

    first, second = at_once((loop.sender, click), (loop.sender, click))
    assert first == second
    with access.acting(loop.sender):
        assert Referral.objects.filter(state=State.DRAFT).count() == 1


def test_double_click_on_agreeing_to_rerouting_makes_one_draft(loop: Loop) -> None:
    proposed = loop.do(Act.PROPOSE_REROUTE, loop.at(State.RECEIVED), loop.recipient)

    def click() -> Referral:
        return actions.confirm_reroute(proposed, by=loop.sender)

    found = at_once((loop.sender, click), (loop.sender, click))
    assert len(told(found)) == 1
    with access.acting(loop.sender):
        assert Referral.objects.filter(state=State.DRAFT).count() == 1


def test_two_drafts_of_the_same_request_sent_together_are_one_referral(loop: Loop) -> None:
    drafts = [loop.draft(), loop.draft()]
    jobs = [(loop.sender, lambda draft=draft: actions.send(draft, by=loop.sender)) for draft in drafts]
    found = at_once(*jobs)
    assert told(found) == ["Zu diesem Zweck läuft dort bereits eine Überweisung."]
    with access.acting(loop.sender):
        assert sorted(Referral.objects.values_list("state", flat=True)) == ["draft", "sent"]
        assert AuditEntry.objects.filter(verb="disclosure.grant").count() == 1


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.DECLINE, Act.PROPOSE_REROUTE])
def test_recipient_answers_while_the_sender_takes_it_back(loop: Loop, act: Act) -> None:
    received = loop.at(State.RECEIVED)
    found = at_once(
        (loop.sender, lambda: loop.do(Act.WITHDRAW, received, loop.sender)),
        (loop.recipient, lambda: loop.do(act, received, loop.recipient)),
    )
    (text,) = told(found)
    assert "war schneller" in text
    assert loop.sender.name in text or loop.recipient.name in text
    with access.acting(loop.sender):
        events = Referral.objects.get().events.exclude(act__in=["send", "receive"])
        assert events.count() == 1


def test_two_open_the_same_new_referral(loop: Loop) -> None:
    sent = loop.at(State.SENT)
    found = at_once(
        *(
            (member, lambda m=member: actions.receive(sent, by=m))
            for member in (loop.recipient, loop.colleague)
        )
    )
    assert [row.state for row in found] == [State.RECEIVED] * 2  # type: ignore[attr-defined]
    with access.acting(loop.sender):
        assert Referral.objects.get().events.filter(act=Act.RECEIVE).count() == 1


def test_same_member_acknowledges_twice(push: Loop) -> None:
    sent = push.at(State.SENT)

    def click() -> None:
        actions.acknowledge(sent, by=push.recipient)

    assert at_once((push.recipient, click), (push.recipient, click)) == [None, None]
    with access.acting(push.recipient):
        assert AuditEntry.objects.filter(verb="referral.acknowledge").count() == 1


def test_draft_thrown_away_while_another_is_begun_keeps_the_follow_up(loop: Loop) -> None:
    declined = loop.at(State.DECLINED)
    draft = loop.do(Act.OFFER_NEXT, declined, loop.sender)
    with access.acting(loop.sender):
        shown = Referral.objects.get(pk=declined.pk)
    found = at_once(
        (loop.sender, lambda: actions.discard(draft, by=loop.sender)),
        (loop.sender, lambda: actions.offer_next(shown, recipient=loop.county["kvhs"], by=loop.sender)),
    )
    with access.acting(loop.sender):
        after = Referral.objects.get(pk=declined.pk)
        drafts = Referral.objects.filter(state=State.DRAFT, previous=declined).count()
    assert (after.followed_up_at is not None) == bool(drafts), found


def test_job_waits_for_every_act_that_relies_on_it(loop: Loop) -> None:
    """A mail asked for twice is one job; it must not run before the second act can be seen."""
    sent = loop.at(State.SENT)
    ready, go = threading.Event(), threading.Event()

    def second() -> None:
        try:
            with access.acting(loop.sender):
                mails.tell_recipient(sent, mails.Notice.NEW)
                ready.set()
                go.wait(20)
        finally:
            connections["default"].close()

    thread = threading.Thread(target=second)
    thread.start()
    assert ready.wait(20)
    taken = fetch()
    go.set()
    thread.join(20)
    assert (taken, ProcrastinateJob.objects.count()) == (None, 1)
    assert fetch() == ProcrastinateJob.objects.get().pk


def fetch() -> int | None:
    """The job a worker would take now."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        cursor.execute("SELECT (procrastinate_fetch_job_v2(NULL, %s)).id", cursor.fetchone())
        return cursor.fetchone()[0]
