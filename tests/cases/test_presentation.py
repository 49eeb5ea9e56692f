"""What a section reads like in German."""

import json
from datetime import date
from decimal import Decimal

import pytest

from agencies import access
from agencies.cases import actions
from agencies.cases.enums import Relation
from agencies.cases.presentation import frozen, section_rows
from agencies.cases.sections import SECTIONS, Family, Identity, Language, Work
from agencies.enums import Category
from tests.factories import make_county, open_case


def values(section):
    return {row.name: row.value for row in section_rows(section)}


def test_partial_birth_date_is_one_row():
    rows = section_rows(Identity(family_name="Rahimi", given_name="Zahra", birth_year=1990))

    assert [row.label for row in rows if row.name.startswith("birth_d")] == ["Geburtsdatum"]
    assert values(Identity(family_name="R", given_name="Z", birth_year=1990))["birth_date"] == "00.00.1990"


def test_values_read_as_a_clerk_writes_them():
    language = Language(mother_tongue="fa", other_languages=["en", "tr"], certified_on=date(2026, 5, 3))
    work = Work(hours_per_week=Decimal("38.5"), status="mini_job", driving_licence=True)

    assert values(language)["other_languages"] == "Englisch, Türkisch"
    assert values(language)["certified_on"] == "03.05.2026"
    assert values(language)["literacy"] == ""
    assert (values(work)["hours_per_week"], values(work)["status"]) == ("38,5", "Minijob")
    assert values(work)["driving_licence"] == "ja"


@pytest.mark.parametrize("model", [model for model in SECTIONS.values() if model is not Identity])
def test_untouched_section_shows_nothing(model):
    assert set(values(model()).values()) == {""}


def test_no_becomes_visible_once_something_is_entered():
    assert values(Family(children_under_18=2))["single_parent"] == "nein"


@pytest.mark.django_db
def test_frozen_holds_only_the_named_categories_and_what_hangs_on_them():
    county = make_county()
    by = county.member("jobcenter")
    case = open_case(by, foreign_reference="BG 123", sections={Category.HEALTH: {"barriers": "GEHEIM"}})
    with access.acting(by):
        values = {
            "relation": Relation.CHILD,
            "family_name": "Rahimi",
            "given_name": "Ali",
            "birth_year": 2015,
        }
        actions.add_household_member(case, values, by=by)
        actions.add_note(case, category=Category.FAMILY, text="NOTIZ", by=by)
        found = frozen(access.case(by, case.pk), [Category.IDENTITY, Category.FAMILY])

    assert set(found) == {"identity", "family"}
    assert {"name": "household_member", "label": "Kind", "value": "Rahimi, Ali, geboren 00.00.2015"} in found[
        "family"
    ]
    assert "BG 123" in [row["value"] for row in found["identity"]]
    assert "GEHEIM" not in json.dumps(found)
    assert "NOTIZ" not in json.dumps(found)
