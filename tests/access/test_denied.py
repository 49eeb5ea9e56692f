"""Asking in vain: the same answer as for nothing, one line in the audit log, none of it personal."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from agencies import access
from agencies.models import AuditEntry, Membership, ReadLog
from agencies.referrals.enums import Act, State
from tests import factories
from tests.referrals.loop import Loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop(county: factories.County) -> Loop:
    return Loop(county)


def client_of(member: Membership) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(member.user)
    return client


def denied(member: Membership) -> list[tuple[object, ...]]:
    with access.acting(member):
        rows = AuditEntry.objects.filter(verb="access.denied", user_id=member.user_id).order_by("pk")
        return list(rows.values_list("target", "detail", "case_id"))


def test_foreign_and_guessed_ids_are_answered_alike_and_kept(loop):
    referral, guessed = loop.at(State.SENT), uuid4()
    client = client_of(loop.stranger)
    pages = {}
    for pk in (referral.pk, guessed):
        answer = client.get(reverse("referrals:detail", args=[pk]))
        pages[pk] = (answer.status_code, answer.content, sorted(answer.headers.items()))
    assert pages[referral.pk] == pages[guessed]
    assert pages[guessed][0] == 404
    # Nor does the log tell which of them exists.
    assert denied(loop.stranger) == [
        ("referrals:detail", {"pk": str(referral.pk)}, None),
        ("referrals:detail", {"pk": str(guessed)}, None),
    ]


@pytest.mark.parametrize(
    ("name", "by", "status"),
    [
        ("cases:detail", "stranger", 404),
        ("cases:disclose", "recipient", 403),
        ("cases:edit", "stranger", 404),
    ],
)
def test_each_attempt_is_one_entry(loop, name, by, status):
    loop.at(State.SENT)
    member = getattr(loop, by)
    more = {"category": "health"} if name == "cases:edit" else {}
    url = reverse(name, kwargs={"pk": loop.case.pk, **more})
    for count in (1, 2):
        assert client_of(member).get(url).status_code == status
        assert denied(member) == [(name, {"pk": str(loop.case.pk)}, None)] * count
    with access.acting(member):
        assert not ReadLog.objects.filter(user_id=member.user_id).exists()


def test_forbidden_act_is_kept_though_it_is_undone(loop):
    referral = loop.at(State.RECEIVED)
    url = reverse("referrals:act", args=[referral.pk, Act.ACCEPT])
    assert client_of(loop.sender).post(url, {"seen": referral.version}).status_code == 403
    assert denied(loop.sender) == [("referrals:act", {"pk": str(referral.pk)}, None)]


def test_ids_in_queries_and_bulk_count_as_well(loop):
    referral = loop.at(State.SENT)
    client = client_of(loop.stranger)
    client.get(reverse("referrals:new"), {"fall": loop.case.pk, "zweck": "Sina Rawanpur"})
    client.post(reverse("referrals:bulk"), {"action": "accept", "selected": [referral.pk]})
    assert denied(loop.stranger) == [
        ("referrals:new", {"fall": str(loop.case.pk)}, None),
        ("referrals:bulk", {"pk": str(referral.pk)}, None),
    ]


def test_what_was_typed_is_not_kept(loop):
    """Names in an address, a key of a mailed link, a number of 5,000 digits."""
    client = client_of(loop.stranger)
    for query in ({"fall": "Rawanpur"}, {"fall": "9" * 5000}, {"q": "03051990", "an": "1"}):
        assert client.get(reverse("referrals:new"), query).status_code == 404
    client.get("/konto/password/reset/key/1-set-password/")
    assert {str(detail) for _, detail, _ in denied(loop.stranger)} == {"{}"}


def test_what_is_allowed_and_what_strangers_ask_leaves_no_entry(loop):
    referral = loop.at(State.SENT)
    assert client_of(loop.recipient).get(referral.get_absolute_url()).status_code == 200
    assert Client().get(referral.get_absolute_url()).status_code == 302
    assert denied(loop.recipient) == denied(loop.stranger) == []


def test_one_agency_does_not_see_the_attempts_of_another(loop):
    referral = loop.at(State.SENT)
    client_of(loop.stranger).get(referral.get_absolute_url())
    with access.acting(loop.sender):
        assert not AuditEntry.objects.filter(verb="access.denied").exists()
