"""The case file through the browser's eyes: opening, reading, editing, and what must stay hidden."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import access
from agencies.cases import actions
from agencies.cases.enums import Relation
from agencies.enums import Category
from agencies.models import ReadLog
from agencies.roles import Role
from tests.factories import make_county, open_case, share

pytestmark = pytest.mark.django_db

NEW = {"family_name": "Rahimi", "given_name": "Zahra", "birth_date": "3.5.1990", "manage": "on"}


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def as_member(client):
    def enter(member):
        client.force_login(member.user)
        return client

    return enter


def url(name, case, *args):
    return reverse(f"cases:{name}", args=[case.pk, *args])


def cases_of(member):
    with access.acting(member):
        return list(access.cases(member))


# Opening


def create(client, **changes):
    page = client.get(reverse("cases:create"))
    form = page.context["form"]
    given = {**NEW, "team": form.initial["team"], "token": form.initial["token"], **changes}
    return client.post(reverse("cases:create"), given)


def test_create_leads_straight_to_the_case(as_member, county):
    member = county.member("jobcenter")
    answer = create(as_member(member), phone="0171 1", foreign_reference="BG 7")

    (case,) = cases_of(member)
    assert answer.url == case.get_absolute_url()
    assert (case.identity.name, str(case.identity.birth_date)) == ("Rahimi, Zahra", "03.05.1990")
    assert case.manager == member


@pytest.mark.parametrize(
    ("typed", "stored"), [("3.5.1990", "03.05.1990"), ("00.00.1990", "00.00.1990"), ("1990", "00.00.1990")]
)
def test_birth_date_may_be_partial(as_member, county, typed, stored):
    member = county.member("jobcenter")
    create(as_member(member), birth_date=typed)

    assert str(cases_of(member)[0].identity.birth_date) == stored


def test_form_sent_twice_opens_one_case(as_member, county):
    member = county.member("jobcenter")
    client = as_member(member)
    form = client.get(reverse("cases:create")).context["form"]
    given = {**NEW, "team": form.initial["team"], "token": form.initial["token"]}
    first, second = (client.post(reverse("cases:create"), given) for _ in range(2))

    assert first.url == second.url
    assert len(cases_of(member)) == 1


def test_going_back_to_enter_a_sibling_opens_a_second_case(as_member, county):
    member = county.member("jobcenter")
    client = as_member(member)
    form = client.get(reverse("cases:create")).context["form"]
    given = {**NEW, "team": form.initial["team"], "token": form.initial["token"]}
    client.post(reverse("cases:create"), given)
    client.post(reverse("cases:create"), {**given, "given_name": "Ali"})

    assert {case.identity.given_name for case in cases_of(member)} == {"Zahra", "Ali"}


@pytest.mark.parametrize(
    ("field", "text", "part"),
    [
        ("birth_date", "31.02.1990", "gibt es nicht"),
        ("birth_date", "bald", "kein Datum"),
        ("family_name", "\u200b\u202e", "Dieses Feld"),
        ("family_name", "x" * 121, "höchstens 120"),
        ("team", "", "Dieses Feld"),
    ],
)
def test_errors_are_named_and_text_is_kept(as_member, county, field, text, part):
    member = county.member("jobcenter")
    answer = create(as_member(member), **{"original_name": "زهرا رحیمی", field: text})

    assert part in str(answer.context["form"].errors[field])
    assert "زهرا رحیمی" in answer.content.decode()
    assert cases_of(member) == []


@pytest.mark.parametrize("name", ["محمد رحیمی", "👩‍👧 Öz", "O’Neill‑Şahin", "می‌خواهم"])
def test_names_in_any_script_are_kept_and_shown(as_member, county, name):
    member = county.member("jobcenter")
    client = as_member(member)
    answer = client.get(create(client, family_name=name).url)

    assert f"<bdi>{name}, Zahra</bdi>" in answer.content.decode()


def test_direction_overrides_are_dropped(as_member, county):
    member = county.member("jobcenter")
    create(as_member(member), family_name="\u202eRahimi\u202c\u200b")

    assert cases_of(member)[0].identity.family_name == "Rahimi"


def test_teams_of_others_cannot_be_chosen(as_member, county):
    answer = create(as_member(county.member("jobcenter")), team=county.team("jobcenter", 2).pk)

    assert set(answer.context["form"].errors) == {"team"}


# Reading


@pytest.fixture
def full_case(county):
    """A case with a mark in every place that could leak."""
    by = county.member("jobcenter")
    case = open_case(
        by,
        sections={
            Category.HEALTH: {"barriers": "GEHEIM-GESUNDHEIT"},
            Category.DEBTS: {"note": "GEHEIM-SCHULDEN"},
            Category.LANGUAGE: {"mother_tongue": "fa"},
        },
        foreign_reference="BG-4711",
        manager=by,
    )
    with access.acting(by):
        case = access.case(by, case.pk)
        member = {"relation": Relation.CHILD, "family_name": "GEHEIM", "given_name": "KIND"}
        actions.add_household_member(case, member, by=by)
        actions.add_note(case, category=Category.HEALTH, text="GEHEIM-NOTIZ", by=by)
        actions.add_note(case, category=Category.LANGUAGE, text="Kurs gewünscht", by=by)
        seen = {"barriers": "GEHEIM-GESUNDHEIT"}
        actions.update_section(case, Category.HEALTH, {"barriers": "GEHEIM-NEU"}, seen=seen, by=by)
        other = open_case(by, family_name="GEHEIM-PARTNER", household=case.household)
    share(other, Category.IDENTITY, to=county["jugendamt"], by=by)
    return case


def test_lead_sees_everything(as_member, county, full_case):
    page = as_member(county.member("jobcenter")).get(full_case.get_absolute_url()).content.decode()

    wanted = ["GEHEIM-NEU", "GEHEIM-SCHULDEN", "GEHEIM, KIND", "GEHEIM-NOTIZ", "GEHEIM-PARTNER", "BG-4711"]
    assert [mark for mark in wanted if mark not in page] == []


@pytest.mark.parametrize("name", ["detail", "history", "disclosures"])
def test_hidden_categories_never_appear(as_member, county, full_case, name):
    share(
        full_case, Category.IDENTITY, Category.LANGUAGE, to=county["jugendamt"], by=county.member("jobcenter")
    )
    page = as_member(county.member("jugendamt")).get(url(name, full_case)).content.decode()

    assert "GEHEIM" not in page
    assert [label for label in ("Gesundheit", "Schulden", "Haushalt") if label in page] == []
    assert ("Persisch" in page) == (name == "detail")


@pytest.mark.parametrize(
    "name", ["detail", "history", "disclosures", "status", "disclose", "move_lead", "take"]
)
def test_foreign_and_guessed_ids_are_the_same_404(as_member, county, full_case, name):
    client = as_member(county.member("sozialamt"))
    foreign, none = client.get(url(name, full_case)), client.get(reverse(f"cases:{name}", args=[uuid4()]))

    assert (foreign.status_code, none.status_code) == (404, 404)
    strip = re.compile(rb'value="[\w-]{64}"|X-CSRFToken[^}]+')
    assert strip.sub(b"", foreign.content) == strip.sub(b"", none.content)


@pytest.mark.parametrize("name", ["status", "assign", "take", "disclose", "move_lead"])
def test_recipient_may_read_but_not_act(as_member, county, full_case, name):
    share(full_case, Category.IDENTITY, to=county["jugendamt"], by=county.member("jobcenter"))

    assert as_member(county.member("jugendamt")).get(url(name, full_case)).status_code == 403


@pytest.mark.parametrize(("category", "status"), [("identity", 403), ("health", 403)])
def test_recipient_cannot_edit(as_member, county, full_case, category, status):
    share(full_case, Category.IDENTITY, to=county["jugendamt"], by=county.member("jobcenter"))
    client = as_member(county.member("jugendamt"))

    assert client.get(url("edit", full_case, category)).status_code == status
    assert client.get(url("section_history", full_case, "health")).status_code == 404


def test_roles_without_cases_find_nothing(as_member, county, full_case):
    client = as_member(county.member("jobcenter", Role.VERWALTUNG))

    assert client.get(full_case.get_absolute_url()).status_code == 404
    assert client.get(reverse("cases:list")).status_code == 403


def test_readers_are_shown_to_holders_of_the_log(as_member, county, full_case):
    as_member(county.member("jobcenter")).get(full_case.get_absolute_url())
    page = as_member(county.member("jobcenter", Role.TEAMLEITUNG)).get(url("readers", full_case))

    assert "Fallmanagement Jobcenter" in page.content.decode()
    assert as_member(county.member("jobcenter")).get(url("readers", full_case)).status_code == 403


# Editing


def edit(client, case, category, **changes):
    page = client.get(url("edit", case, category))
    form = page.context["form"]
    given = {name: form[name].value() for name in form.fields}
    given = {name: form.fields[name].prepare_value(value) for name, value in given.items()}
    given = {name: value for name, value in given.items() if value is not None and value is not False}
    return lambda **late: client.post(url("edit", case, category), {**given, **changes, **late})


def test_every_section_form_saves_unchanged(as_member, county, full_case):
    client = as_member(county.member("jobcenter"))
    answers = {category: edit(client, full_case, category)().status_code for category in Category}

    assert {category for category, status in answers.items() if status != 302} == set()


def test_edit_reads_german_dates_and_amounts(as_member, county, full_case):
    client = as_member(county.member("jobcenter"))
    edit(client, full_case, Category.DEBTS, amount="1.200,50 €")()
    edit(client, full_case, Category.RESIDENCE, valid_until="3.5.2027", kind="duldung")()
    edit(client, full_case, Category.IDENTITY, birth_date="00.07.1991", other_spellings="A\nB\n\nA")()

    page = client.get(full_case.get_absolute_url()).content.decode()
    assert [text for text in ("1.200,50", "03.05.2027", "00.07.1991", "A, B") if text not in page] == []
    history = client.get(url("history", full_case)).content.decode()
    assert "Aufenthaltsstatus" in history
    assert "03.05.2027" in history


def test_wrong_values_are_named_at_the_field(as_member, county, full_case):
    client = as_member(county.member("jobcenter"))
    answer = edit(client, full_case, Category.RESIDENCE, valid_from="1.1.2027", valid_until="1.1.2026")()

    assert "liegt vor" in str(answer.context["form"].errors)
    assert edit(client, full_case, Category.EDUCATION, school_years="99999")().status_code == 200
    assert edit(client, full_case, Category.FAMILY, children_under_3="2")().status_code == 200


def test_conflict_shows_both_versions_and_loses_nothing(as_member, county, full_case):
    client = as_member(county.member("jobcenter"))
    save = edit(client, full_case, Category.CONTACT, town="Meindorf")
    edit(client, full_case, Category.CONTACT, town="Anderstadt")()
    answer = save()
    page = answer.content.decode()

    assert answer.status_code == 409
    assert [text for text in ("Meindorf", "Anderstadt", "Fallmanagement Jobcenter") if text not in page] == []
    form = answer.context["form"]
    again = save(seen=form.data["seen"])
    assert again.status_code == 302
    assert "Meindorf" in client.get(full_case.get_absolute_url()).content.decode()


def test_fields_changed_by_others_survive_when_not_touched(as_member, county, full_case):
    client = as_member(county.member("jobcenter"))
    save = edit(client, full_case, Category.CONTACT, phone="0171")
    edit(client, full_case, Category.CONTACT, town="Anderstadt")()

    assert save().status_code == 302
    page = client.get(full_case.get_absolute_url()).content.decode()
    assert [text for text in ("0171", "Anderstadt") if text not in page] == []


def test_seen_values_of_another_case_are_refused(as_member, county, full_case):
    client = as_member(county.member("jobcenter"))
    other = open_case(county.member("jobcenter"))
    foreign = client.get(url("edit", other, "contact")).context["form"].initial["seen"]

    assert edit(client, full_case, Category.CONTACT, town="X")(seen=foreign).status_code == 200


def test_things_are_added_to_a_case(as_member, county, full_case):
    client = as_member(county.member("jobcenter"))
    client.post(url("add_note", full_case, "work"), {"text": "Praktikum in Aussicht"})
    client.post(url("add_reference", full_case), {"number": "BG-0815"})
    child = {"relation": "child", "family_name": "Rahimi", "given_name": "Ali", "birth_date": "2015"}
    client.post(url("add_member", full_case), child)
    page = client.get(full_case.get_absolute_url()).content.decode()

    wanted = ["Praktikum in Aussicht", "BG-0815", "Rahimi, Ali, geboren 00.00.2015"]
    assert [text for text in wanted if text not in page] == []


def test_household_member_is_removed(as_member, county, full_case):
    client = as_member(county.member("jobcenter"))
    with access.acting(county.member("jobcenter")):
        person = full_case.household_members.get()
    client.post(url("remove_member", full_case, person.pk))

    assert "KIND" not in client.get(full_case.get_absolute_url()).content.decode()


def test_household_is_joined_only_with_cases_one_may_change(as_member, county):
    member = county.member("jobcenter")
    mine, other = open_case(member), open_case(member, given_name="Sami")
    foreign = open_case(county.member("jugendamt"))
    client = as_member(member)

    refused = client.post(url("join_household", mine), {"reference": foreign.reference})
    assert "Kein weiterer Fall" in refused.content.decode()
    assert client.post(url("join_household", mine), {"reference": other.reference}).status_code == 302
    assert "Rahimi, Sami" in client.get(mine.get_absolute_url()).content.decode()


def test_status_is_changed_and_refusals_are_said(as_member, county, full_case):
    client = as_member(county.member("jobcenter"))
    refused = client.post(url("status", full_case), {"status": "parked", "parked_until": "1.1.2020"})
    client.post(url("status", full_case), {"status": "parked", "parked_until": "1.1.2090"})

    assert "in der Zukunft" in refused.content.decode()
    assert "01.01.2090" in client.get(full_case.get_absolute_url()).content.decode()


def test_of_two_who_take_a_case_the_second_is_told_who_was_faster(as_member, county):
    case = open_case(county.member("jobcenter"))
    first, second = (county.member("jobcenter", role) for role in (Role.FALLMANAGEMENT, Role.SACHBEARBEITUNG))
    as_member(first).post(url("take", case))
    answer = as_member(second).post(url("take", case))

    assert answer.status_code == 200
    assert f"{first.name} führt diesen Fall bereits" in answer.content.decode()


def test_assigning_to_another_team_moves_the_case(as_member, county, full_case):
    lead = county.member("jobcenter", Role.TEAMLEITUNG)
    team = county.team("jobcenter", 2)
    wrong = {"team": team.pk, "manager": county.member("jobcenter").pk}
    refused = as_member(lead).post(url("assign", full_case), wrong)
    as_member(lead).post(url("assign", full_case), {"team": team.pk})

    assert "gehört nicht zum Team" in refused.content.decode()
    assert as_member(county.member("jobcenter")).get(full_case.get_absolute_url()).status_code == 404


# Queries and log


@pytest.mark.django_db(transaction=True)
def test_case_page_takes_at_most_twelve_queries(as_member, county, full_case):
    client = as_member(county.member("jobcenter"))
    client.get(full_case.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        assert client.get(full_case.get_absolute_url()).status_code == 200

    asked = [query["sql"][:120] for query in queries if query["sql"] not in {"BEGIN", "COMMIT"}]
    assert len(asked) <= 12, "\n".join(asked)


def test_reading_is_logged(as_member, county, full_case):
    member = county.member("jobcenter")
    as_member(member).get(full_case.get_absolute_url())
    with access.acting(member):
        last = ReadLog.objects.filter(case_ids=[full_case.pk]).latest("pk")

    assert (last.surface, set(last.categories)) == ("case", set(Category.values))
