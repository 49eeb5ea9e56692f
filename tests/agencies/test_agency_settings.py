"""Capacity and clocks are kept by those whose role allows it, for their own agency."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.models import Agency
from agencies.roles import Permission, Role, permissions_of

CAPACITY, CLOCKS = "/stelle/", "/stelle/fristen/"
DAYS = {"reminder_days": "3", "escalation_days": "6", "expiry_days": "20"}
PLACES = {"capacity_free": "4", "waiting_days": "14", "capacity_note": "nur vormittags", "capacity_as_of": ""}


@pytest.fixture
def lead(county, as_member):
    return as_member(county.member("jobcenter", Role.LEITUNG))


@pytest.fixture
def jobcenter(county):
    def read() -> Agency:
        return Agency.objects.get(slug="jobcenter")

    return read


@pytest.mark.parametrize("role", list(Role))
def test_settings_follow_the_role(county, as_member, role):
    client = as_member(county.member("jobcenter", role))
    expected = 200 if Permission.AGENCY_SETTINGS in permissions_of(role) else 403
    assert [client.get(path).status_code for path in (CAPACITY, CLOCKS)] == [expected] * 2


def test_capacity_is_published_with_its_day(lead, jobcenter):
    answer = lead.post(CAPACITY, PLACES, follow=True)
    assert "Die Kapazität ist veröffentlicht." in answer.content.decode()
    agency = jobcenter()
    assert (agency.capacity_free, agency.waiting_days, agency.capacity_note, agency.capacity_as_of) == (
        *(4, 14, "nur vormittags"),
        timezone.localdate(),
    )


def test_capacity_may_be_unknown(lead, jobcenter):
    lead.post(CAPACITY, PLACES | {"capacity_free": "", "waiting_days": ""})
    assert (jobcenter().capacity_free, jobcenter().waiting_days) == (None, None)


@pytest.mark.parametrize(
    "change",
    [
        {"capacity_free": "-1"},
        {"capacity_free": "100000"},
        {"capacity_free": "viele"},
        {"waiting_days": "99999999999999999999"},
        {"capacity_note": "x" * 201},
        {"capacity_as_of": "31.02.2026"},
        {"capacity_as_of": (timezone.localdate() + timedelta(days=2)).strftime("%d.%m.%Y")},
    ],
)
def test_capacity_names_errors_at_their_field_and_keeps_the_text(lead, jobcenter, change):
    answer = lead.post(CAPACITY, PLACES | change)
    assert set(answer.context["form"].errors) == set(change)
    assert next(iter(change.values())) in answer.content.decode()
    assert jobcenter().capacity_as_of is None


def test_clocks_are_kept(lead, jobcenter):
    lead.post(CLOCKS, DAYS)
    assert (jobcenter().reminder_days, jobcenter().escalation_days, jobcenter().expiry_days) == (3, 6, 20)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"escalation_days": "3"}, {"escalation_days"}),
        ({"expiry_days": "5"}, {"expiry_days"}),
        ({"reminder_days": "0"}, {"reminder_days"}),
        ({"expiry_days": "251"}, {"expiry_days"}),
        ({"reminder_days": ""}, {"reminder_days"}),
        ({"reminder_days": "30"}, {"escalation_days"}),
    ],
)
def test_clocks_must_ascend(lead, jobcenter, change, wrong):
    answer = lead.post(CLOCKS, DAYS | change)
    assert set(answer.context["form"].errors) == wrong
    assert jobcenter().reminder_days == 5


def test_settings_never_touch_another_agency(lead, jobcenter):
    others = list(Agency.objects.exclude(slug="jobcenter").order_by("pk").values())
    lead.post(CLOCKS, DAYS | {"agency": "2", "pk": "2", "id": "2"})
    lead.post(CAPACITY, PLACES | {"name": "Anderes Amt"})
    assert list(Agency.objects.exclude(slug="jobcenter").order_by("pk").values()) == others
    assert jobcenter().name != "Anderes Amt"
