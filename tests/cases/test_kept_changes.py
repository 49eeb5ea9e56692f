"""What hangs on a section has a history like the section itself: who, when, what before."""

import pytest

from agencies import access
from agencies.cases import actions, history
from agencies.cases.models import CaseChange, Household
from agencies.cases.opening import NewCase, open_cases
from agencies.enums import Category
from tests.factories import County, make_county, open_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return make_county()


@pytest.fixture
def by(county):
    return county.member("jobcenter")


def told(case, by) -> list[tuple[str, str, str, str, str]]:
    found = history.entries(history.changes_of(case, Category))
    return [(one.who, one.part, line.label, line.before, line.after) for one in found for line in one.lines]


def test_household_member_comes_and_goes_with_a_history(by):
    case = open_case(by)
    child = {"relation": "child", "family_name": "Rahimi", "given_name": "Laila", "birth_year": 2019}
    with access.acting(by):
        member = actions.add_household_member(case, child, by=by)
        actions.remove_household_member(member, by=by)
        who, part, label = by.user.get_full_name(), "Familie und Kinderbetreuung", "Haushaltsmitglied"
        line = "Rahimi, Laila, geboren 00.00.2019 (Kind)"

        assert told(case, by) == [(who, part, label, line, ""), (who, part, label, "", line)]


def test_file_number_added_later_has_a_history_and_one_of_the_opening_has_none(by):
    case = open_case(by, foreign_reference="JC-1")
    with access.acting(by):
        assert told(case, by) == []
        reference = actions.add_foreign_reference(case, "JC-2", by=by)
        reference.delete()
        who, label = by.user.get_full_name(), "Aktenzeichen der Stelle"

        assert told(case, by) == [
            (who, "Identität", label, "JC-2", ""),
            (who, "Identität", label, "", "JC-2"),
        ]


def test_opening_one_or_many_writes_no_history(county, by):
    entry = NewCase(
        identity={"family_name": "A", "given_name": "B", "birth_year": 1990}, foreign_reference="1"
    )
    with access.acting(by):
        open_cases([entry, entry], by=by, team=county.team("jobcenter"))

        assert not CaseChange.objects.exists()
        assert Household.objects.count() == 2
