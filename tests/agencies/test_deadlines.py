"""The panel of deadlines in one's own cases: what is due, oldest first, and nothing hidden."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies import access
from agencies.cases import deadlines
from agencies.cases.models import Case
from agencies.enums import Category
from agencies.models import Membership, ReadLog
from agencies.roles import Role
from tests.factories import open_case, share

PANEL = "/faelle/fristen/"


@pytest.fixture
def manager(county) -> Membership:
    return county.member("jobcenter")


def case_with(manager: Membership, *, family_name: str = "Rahimi", **days: int) -> Case:
    """A case of the manager whose permit (residence), approval (benefits) or course ends in so many days."""
    today = timezone.localdate()
    ends = {name: today + timedelta(days=number) for name, number in days.items()}
    with access.acting(manager):
        case = open_case(manager, family_name=family_name)
        Case.objects.filter(pk=case.pk).update(manager=manager)
        case = access.case(manager, case.pk)
        if "residence" in ends:
            set_section(case, "residence", valid_until=ends["residence"])
        if "benefits" in ends:
            set_section(case, "benefits", approved_until=ends["benefits"])
        if "course" in ends:
            set_section(case, "language", course_ends_on=ends["course"], course_status="attending")
        if "parked" in ends:
            Case.objects.filter(pk=case.pk).update(status="parked", parked_until=ends["parked"])
    return case


def set_section(case: Case, name: str, **values: object) -> None:
    model = Case._meta.get_field(name).related_model
    model.objects.update_or_create(case=case, defaults=values)


def found(member: Membership) -> list[tuple[str, int]]:
    today = timezone.localdate()
    with access.acting(member):
        return [(row.what, (row.day - today).days) for row in deadlines.of_member(member)]


def test_what_runs_out_soon_or_is_overdue_comes_oldest_first(manager):
    case_with(manager, residence=30, benefits=-400, course=0, parked=-1)
    case_with(manager, residence=31, benefits=31, course=31, parked=1)
    assert found(manager) == [
        ("Bewilligung endet", -400),
        ("Wiedervorlage", -1),
        ("Kurs endet", 0),
        ("Aufenthaltstitel endet", 30),
    ]


def test_finished_courses_and_closed_cases_are_not_due(manager):
    over, closed = case_with(manager, course=5), case_with(manager, residence=5)
    with access.acting(manager):
        set_section(over, "language", course_status="completed")
        Case.objects.filter(pk=closed.pk).update(status="closed")
    assert found(manager) == []


def test_cases_of_colleagues_are_not_mine(county, manager):
    case_with(manager, residence=5)
    assert found(county.member("jobcenter", Role.TEAMLEITUNG)) == []


def test_disclosures_that_end_are_due(county, manager):
    case = case_with(manager)
    share(case, to=county["jugendamt"], by=manager, days=10)
    share(case, to=county["sozialamt"], by=manager, days=40)
    assert found(manager) == [(f"Freigabe an {county['jugendamt'].short_name} endet", 10)]


def test_dates_of_hidden_categories_do_not_show(county, manager):
    case = case_with(manager, residence=5, benefits=6)
    recipient = county.member("jugendamt")
    share(case, Category.IDENTITY, Category.BENEFITS, to=county["jugendamt"], by=manager)
    with access.acting(manager):
        Case.objects.filter(pk=case.pk).update(manager=recipient)
    assert found(recipient) == [("Bewilligung endet", 6)]


@pytest.mark.parametrize("count", [1, 3])
def test_panel_asks_the_same_number_of_queries_for_any_length(
    manager, as_member, django_assert_num_queries, count
):
    for _number in range(count):
        case_with(manager, residence=5, course=3)
    client = as_member(manager)
    client.get(PANEL)
    with django_assert_num_queries(12):
        text = client.get(PANEL).content.decode()
    assert text.count("Rahimi, Mohammed") == 2 * count


def test_panel_is_logged_with_what_it_showed(manager, as_member):
    case = case_with(manager, residence=5)
    as_member(manager).get(PANEL)
    with access.acting(manager):
        entry = ReadLog.objects.filter(surface="list").latest("at")
    assert (entry.case_ids, set(entry.categories)) == ([case.pk], {"identity", "residence"})


def test_panel_says_so_on_a_good_day(manager, as_member):
    case_with(manager, residence=300)
    assert "Keine Frist in Sicht" in as_member(manager).get(PANEL).content.decode()
