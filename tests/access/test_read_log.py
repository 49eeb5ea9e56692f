"""Whoever reads personal data leaves a line: on every way to them, and only for what was shown."""

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from agencies import access
from agencies.enums import Category
from agencies.models import Membership, ReadLog
from agencies.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

S = ReadLog.Surface


def lines(member: Membership) -> list[tuple]:
    """What the agency's log holds of the member, oldest first."""
    with access.acting(member):
        rows = ReadLog.objects.filter(user_id=member.user_id).order_by("pk")
        return [(row.surface, row.case_ids, row.categories, row.purpose) for row in rows]


def visit(member: Membership, url: str) -> int:
    client = Client()
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.get(url).status_code


@pytest.fixture
def case(lead):  # type: ignore[no-untyped-def]
    return factories.open_case(lead)


@pytest.fixture
def shared(case, lead, recipient):  # type: ignore[no-untyped-def]
    factories.share(case, Category.IDENTITY, Category.CONTACT, to=recipient.agency, by=lead)
    return case


def test_opening_a_case_logs_categories_purpose_and_disclosure(shared, recipient):
    with access.acting(recipient):
        access.case(recipient, shared.pk)
        row = ReadLog.objects.get()
        assert (row.surface, row.case_ids, row.purpose) == (S.CASE, [shared.pk], "advice")
        assert set(row.categories) == {"identity", "contact"}
        assert row.disclosure_id is not None


@pytest.mark.parametrize(
    ("name", "surface"),
    [("cases:list", S.LIST), ("cases:export", S.EXPORT)],
)
def test_lists_and_files_log_the_names_they_show(shared, recipient, name, surface):
    assert visit(recipient, reverse(name)) == 200

    assert lines(recipient) == [(surface, [shared.pk], ["identity"], "")]


def test_search_logs_its_hits_and_nothing_for_none(shared, recipient):
    assert visit(recipient, f"{reverse('cases:search')}?q=Niemand-Sonst") == 200
    assert lines(recipient) == []

    assert visit(recipient, f"{reverse('cases:search')}?q=Rahimi") == 200
    assert lines(recipient) == [(S.SEARCH, [shared.pk], ["identity"], "")]


@pytest.mark.parametrize(("name", "surface"), [("cases:detail", S.CASE), ("cases:history", S.HISTORY)])
def test_file_and_history_log_what_is_visible(shared, recipient, name, surface):
    assert visit(recipient, reverse(name, args=[shared.pk])) == 200

    assert (surface, [shared.pk], ["identity", "contact"], "advice") in lines(recipient)


def test_list_without_names_logs_none(case, lead, recipient):
    factories.share(case, Category.LANGUAGE, to=recipient.agency, by=lead)

    assert visit(recipient, reverse("cases:list")) == 200
    assert lines(recipient) == []


def test_reading_in_vain_leaves_no_line(shared, stranger, recipient):
    with access.acting(stranger), pytest.raises(Http404):
        access.case(stranger, shared.pk)
    with access.acting(recipient), pytest.raises(PermissionDenied):
        access.case(recipient, shared.pk, category=Category.CONTACT)
    assert lines(stranger) == lines(recipient) == []


def test_each_agency_sees_its_own_log_only(county, shared, lead, recipient):
    for member in (lead, recipient):
        with access.acting(member):
            access.case(member, shared.pk)
    officer = county.member("jugendamt", Role.DATENSCHUTZ)
    with access.acting(officer):
        assert {row.user_id for row in access.read_log(officer)} == {recipient.user_id}


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.DATENSCHUTZ, Role.TEAMLEITUNG)])
def test_log_is_for_those_who_check(county, role):
    member = county.member("jugendamt", role)
    with access.acting(member), pytest.raises(PermissionDenied):
        access.read_log(member)
