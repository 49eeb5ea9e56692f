"""The read log of one's own agency: who, when, where, how many; never a name from a case."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies import access
from agencies.enums import Category
from agencies.models import Membership, ReadLog
from agencies.roles import Permission, Role, permissions_of
from tests.factories import open_case, share

LOG, FILE = "/zugriffe/", "/zugriffe/csv/"


@pytest.fixture
def officer(county) -> Membership:
    return county.member("jobcenter", Role.DATENSCHUTZ)


def read(member: Membership, *cases) -> None:
    with access.acting(member):
        for case in cases:
            access.case(member, case.pk)


def rows(client, **query):
    return client.get(LOG, query).context["rows"]


@pytest.mark.parametrize("role", list(Role))
def test_only_the_named_roles_read_the_log(county, as_member, role):
    client = as_member(county.member("jobcenter", role))
    expected = 200 if Permission.READ_LOG in permissions_of(role) else 403
    assert [client.get(path).status_code for path in (LOG, FILE)] == [expected] * 2


def test_log_shows_who_read_what_without_any_content(county, officer, as_member):
    lead = county.member("jobcenter")
    case = open_case(lead)
    read(lead, case)
    client = as_member(officer)
    (row,) = rows(client)
    assert (row["person"], row["count"], row["log"].surface) == (lead.name, 1, "case")
    assert set(row["categories"]) == {str(category.label) for category in Category}
    for text in (client.get(LOG).content.decode(), client.get(FILE).content.decode("utf-8-sig")):
        assert "Rahimi" not in text
        assert case.reference not in text
        assert str(case.pk)[:8] in text


def test_log_of_other_agencies_is_not_there(county, officer, as_member):
    lead, other = county.member("jobcenter"), county.member("jugendamt")
    case = open_case(lead)
    share(case, to=county["jugendamt"], by=lead)
    read(other, case)
    assert rows(as_member(officer)) == []
    (row,) = rows(as_member(county.member("jugendamt", Role.DATENSCHUTZ)))
    assert row["person"] == other.name


def test_who_sees_the_case_anyway_gets_its_reference(county, as_member):
    lead = county.member("jobcenter")
    case = open_case(lead)
    read(lead, case)
    (row,) = rows(as_member(county.member("jobcenter", Role.TEAMLEITUNG)))
    assert [entry["label"] for entry in row["cases"]] == [case.reference]


def test_log_filters_by_day_person_place_and_case(county, officer, as_member):
    lead, colleague = county.member("jobcenter"), county.member("jobcenter", Role.EINGANG)
    mine, other = open_case(lead), open_case(lead, family_name="Haddad")
    read(lead, mine, other)
    read(colleague, mine)
    client, today = as_member(officer), timezone.localdate()
    yesterday = today - timedelta(days=1)
    counts = {
        "user": len(rows(client, user=colleague.user_id)),
        "surface": len(rows(client, surface="export")),
        "case": len(rows(client, case=str(mine.pk))),
        "since": len(rows(client, since=f"{today:%d.%m.%Y}")),
        "until": len(rows(client, until=f"{yesterday:%d.%m.%Y}")),
        "day": len(rows(client, since=f"{today:%d.%m.%Y}", until=f"{today:%d.%m.%Y}")),
    }
    assert counts == {"user": 1, "surface": 0, "case": 2, "since": 3, "until": 0, "day": 3}


@pytest.mark.parametrize(
    "query", [{"since": "gestern"}, {"user": "999999"}, {"case": "\0"}, {"surface": "\0"}, {"page": "x"}]
)
def test_nonsense_in_the_filter_is_named_and_harmless(officer, as_member, query):
    answer = as_member(officer).get(LOG, query)
    assert answer.status_code == 200
    assert set(answer.context["filter"].errors) == set(query) - {"page"}


def test_people_to_filter_by_are_of_the_own_agency(county, officer, as_member):
    stranger, lead = county.member("jugendamt"), county.member("jobcenter")
    people = as_member(officer).get(LOG).context["filter"].fields["user"].queryset
    assert stranger.user not in people
    assert set(people) == {officer.user, lead.user}


@pytest.mark.parametrize("count", [1, 3])
def test_log_asks_the_same_number_of_queries_for_any_length(
    county, officer, as_member, django_assert_num_queries, count
):
    lead = county.member("jobcenter")
    read(lead, *[open_case(lead) for _number in range(count)])
    client = as_member(officer)
    client.get(LOG)
    with django_assert_num_queries(11):
        assert len(rows(client)) == count


def test_reading_the_log_is_no_reading_of_cases(county, officer, as_member):
    read(county.member("jobcenter"), open_case(county.member("jobcenter")))
    client = as_member(officer)
    client.get(LOG)
    client.get(FILE)
    with access.acting(officer):
        assert ReadLog.objects.count() == 1


def test_export_is_a_safe_file(county, officer, as_member):
    lead = county.member("jobcenter")
    lead.user.first_name, lead.user.last_name = "=cmd|' /C calc'!A0", ""
    lead.user.save()
    read(lead, open_case(lead))
    answer = as_member(officer).get(FILE)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "'=cmd" in answer.content.decode("utf-8-sig")


@pytest.mark.parametrize("day", ["01.01.0001", "31.12.9999"])
def test_days_at_the_ends_of_the_calendar_break_nothing(officer, as_member, day):
    client = as_member(officer)
    for name in ("since", "until"):
        assert client.get(LOG, {name: day}).status_code == 200


@pytest.mark.parametrize("query", [{"until": "gestern"}, {"user": "0"}, {"case": "x" * 61}])
def test_file_of_a_filter_that_is_none_is_refused(county, officer, as_member, query):
    assert as_member(officer).get(FILE, query).status_code == 400


def test_filter_with_a_mistake_shows_nothing(county, officer, as_member):
    lead = county.member("jobcenter")
    read(lead, open_case(lead))
    client = as_member(officer)
    assert len(rows(client)) == 1
    assert rows(client, case="K-2026-00001") == []


def test_case_is_found_by_every_number_the_officer_may_be_asked_by(county, officer, as_member):
    lead, other = county.member("jobcenter"), county.member("jugendamt")
    case = open_case(lead, foreign_reference="24702//0001234")
    share(case, to=county["jugendamt"], by=lead)
    unread = open_case(lead, family_name="Haddad", foreign_reference="24702//0009999")
    read(lead, case, open_case(lead, family_name="Koval"))
    client = as_member(officer)
    typed = case.reference.lower().replace("-", " ", 1)
    for number in (case.reference, typed, "24702//0001234", str(case.pk), str(case.pk)[:8]):
        assert [row["log"].case_ids for row in rows(client, case=number)] == [[case.pk]]
    for number in (unread.reference, "24702//0009999", "24702", "K-2026-99999", "00000000"):
        assert rows(client, case=number) == []
    read(other, case)
    abroad = as_member(county.member("jugendamt", Role.DATENSCHUTZ))
    assert len(rows(abroad, case=case.reference)) == 1
    assert rows(abroad, case="24702//0001234") == []


def test_file_of_an_unknown_case_is_empty(county, officer, as_member):
    read(county.member("jobcenter"), open_case(county.member("jobcenter")))
    assert len(as_member(officer).get(FILE, {"case": "K-2026-99999"}).content.decode().splitlines()) == 1
