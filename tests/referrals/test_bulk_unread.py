"""Taking on many at once reads nothing: the result names those whose purpose notice still waits."""

import pytest
from django.test import Client
from django.urls import reverse

from agencies import access
from agencies.models import ReadLog
from agencies.referrals import actions
from agencies.referrals.enums import Act, State
from agencies.referrals.models import Acknowledgement, Referral
from tests.factories import open_case
from tests.referrals.loop import Loop


def two(loop: Loop) -> list[Referral]:
    case = open_case(loop.sender, family_name="Verborgen")
    with access.acting(loop.sender):
        second = actions.send(actions.draft(case, by=loop.sender, **loop.terms()), by=loop.sender)
    return [loop.at(State.SENT), second]


def press(loop: Loop, act: Act, rows: list[Referral], **more: object):  # type: ignore[no-untyped-def]
    client = Client()
    client.force_login(loop.recipient.user)
    data = {"action": act.value, "selected": [row.pk for row in rows], **more}
    return client.post(reverse("referrals:bulk"), data, follow=True)


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.TAKE_ON])
def test_result_names_what_waits_for_the_acknowledgement(push: Loop, act: Act) -> None:
    rows = two(push)
    with access.acting(push.recipient):
        actions.acknowledge(rows[0], by=push.recipient)
    page = press(push, act, rows)
    assert [result.referral.pk for result in page.context["unread"]] == [rows[1].pk]
    assert [result.referral.pk for result in page.context["done"]] == [rows[0].pk]
    text = page.content.decode()
    assert "Bei 1 Überweisung fehlt Ihre Kenntnisnahme" in text
    assert rows[1].get_absolute_url() in text
    assert "Verborgen" not in text
    assert {row.assigned_to for row in push.seen_by(push.recipient)} == {push.recipient}


def test_taking_on_in_bulk_reads_and_acknowledges_nothing(push: Loop) -> None:
    rows = two(push)
    press(push, Act.ACCEPT, rows)
    with access.acting(push.recipient):
        assert not Acknowledgement.objects.exists()
        assert set(ReadLog.objects.values_list("surface", "categories__len")) == {("referral", 0)}
        assert all(access.open_referral(push.recipient, row.pk).released.must_acknowledge for row in rows)


def test_who_browses_or_distributes_is_asked_for_nothing(loop: Loop, push: Loop) -> None:
    for one, act, more in [(loop, Act.ACCEPT, {}), (push, Act.ASSIGN, {"to": push.colleague.pk})]:
        page = press(one, act, [one.at(State.SENT)], **more)
        assert page.redirect_chain[-1][0] == reverse("referrals:inbox")
