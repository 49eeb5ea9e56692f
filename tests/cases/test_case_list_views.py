"""The list, its export and the search: only what is visible, the same queries for any length."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import access
from agencies.cases import actions
from agencies.cases.enums import CaseStatus
from agencies.enums import Category
from agencies.models import ReadLog
from agencies.roles import Role
from tests.factories import make_county, open_case, share

pytestmark = pytest.mark.django_db

LIST, EXPORT, SEARCH = (reverse(f"cases:{name}") for name in ("list", "export", "search"))


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def as_member(client):
    def enter(member):
        client.force_login(member.user)
        return client

    return enter


def names(answer):
    return [case.name for case in answer.context["page"].object_list]


@pytest.mark.parametrize("query", ["", "?sort=name", "?status=new"])
def test_list_takes_the_same_queries_for_one_and_three_rows(as_member, county, query):
    member = county.member("jobcenter")
    client = as_member(member)
    counts = []
    for new_rows in (1, 2):
        for _ in range(new_rows):
            open_case(member, manager=member)
        client.get(LIST + query)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST + query).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_list_filters_and_sorts(as_member, county):
    member = county.member("jobcenter")
    open_case(member, family_name="Zaman")
    open_case(member, family_name="Özdemir", manager=member)
    parked = open_case(member, family_name="Abebe")
    foreign = open_case(county.member("jugendamt"), family_name="Popal")
    share(foreign, to=county["jobcenter"], by=county.member("jugendamt"))
    with access.acting(member):
        actions.set_status(parked, CaseStatus.PARKED, by=member)
    client = as_member(member)
    found = {query: {n.split(",")[0] for n in names(client.get(LIST + query))} for query in QUERIES}

    assert found == QUERIES
    order = [name.split(",")[0] for name in names(client.get(LIST + "?sort=name"))]
    assert order == ["Abebe", "Özdemir", "Popal", "Zaman"]


QUERIES = {
    "?status=parked": {"Abebe"},
    "?mine=on": {"Özdemir"},
    "?holding=shared": {"Popal"},
    "?holding=led": {"Abebe", "Özdemir", "Zaman"},
    "?status=nonsense&page=-3&sort=bad": {"Abebe", "Özdemir", "Zaman", "Popal"},
}


def test_hidden_identity_leaves_the_name_out(as_member, county):
    case = open_case(county.member("jobcenter"), family_name="GEHEIM")
    share(case, Category.LANGUAGE, to=county["jugendamt"], by=county.member("jobcenter"))
    client = as_member(county.member("jugendamt"))
    page = client.get(LIST).content.decode()

    assert "GEHEIM" not in page
    assert case.reference in page
    assert "GEHEIM" not in client.get(EXPORT).content.decode()


def test_strangers_see_no_row_anywhere(as_member, county):
    case = open_case(county.member("jobcenter"), family_name="Rahimi")
    client = as_member(county.member("sozialamt"))
    texts = [client.get(LIST), client.get(EXPORT), client.get(SEARCH, {"q": "Rahimi"})]
    texts += [client.get(SEARCH, {"q": case.reference})]

    assert [case.reference in t.content.decode().replace(f"„{case.reference}“", "") for t in texts[:3]] == [
        False
    ] * 3
    assert texts[3].context["cases"] == []


def test_export_holds_what_is_visible_and_is_logged(as_member, county):
    member = county.member("jobcenter")
    open_case(member, family_name="=cmd()", given_name="Ali", manager=member)
    answer = as_member(member).get(EXPORT)
    text = answer.content.decode("utf-8-sig")
    with access.acting(member):
        surfaces = list(ReadLog.objects.values_list("surface", flat=True))

    assert text.splitlines()[0].startswith("Geschäftszeichen;Name;Geburtsdatum")
    assert ";'=cmd(), Ali;03.05.1990;" in text
    assert surfaces == ["export"]
    assert as_member(county.member("jobcenter", Role.FACHDIENST)).get(EXPORT).status_code == 403


@pytest.mark.parametrize("text", ["Mohamad Rahimi", "Muhammad", "03.05.1990", "BG 4711"])
def test_search_finds_and_logs(as_member, county, text):
    member = county.member("jobcenter")
    case = open_case(member, family_name="Rahimi", given_name="Mohammed", foreign_reference="BG 4711")
    answer = as_member(member).get(SEARCH, {"q": text})

    assert [row.pk for row in answer.context["cases"]] == [case.pk]
    with access.acting(member):
        assert ReadLog.objects.get().surface == "search"


@pytest.mark.parametrize("text", ["", "Ra", "\x00", "😀😀😀", "%%%", "x" * 5000, "'; drop table"])
def test_search_takes_anything(as_member, county, text):
    assert as_member(county.member("jobcenter")).get(SEARCH, {"q": text}).status_code == 200


def test_search_answers_htmx_with_a_fragment(as_member, county):
    member = county.member("jobcenter")
    open_case(member)
    answer = as_member(member).get(SEARCH, {"q": "Rahimi"}, headers={"HX-Request": "true"})

    assert "<html" not in answer.content.decode()
    assert "Rahimi" in answer.content.decode()


def test_panel_shows_my_open_cases(as_member, county):
    member = county.member("jobcenter")
    open_case(member, family_name="Meine", manager=member)
    open_case(member, family_name="Andere")
    page = as_member(member).get(reverse("cases:panel_mine")).content.decode()

    assert ("Meine" in page, "Andere" in page) == (True, False)


@pytest.mark.parametrize("page", ["9" * 5000, "0" * 5000, "²", "٣", "1e3", "\x00"])
def test_page_number_that_is_none_shows_a_page(as_member, county, page):
    client = as_member(county.member("jobcenter"))

    assert client.get(LIST, {"page": page}).status_code == 200


@pytest.mark.parametrize("query", ["status=nonsense", "manager=999999", "team=foreign", "agency=x"])
def test_export_of_a_filter_that_is_none_is_refused(as_member, county, query):
    """Everything in a file is not what somebody wanted who asked for a part."""
    member = county.member("jobcenter", Role.TEAMLEITUNG)
    open_case(member, family_name="Popal")
    query = query.replace("foreign", str(county.team("jugendamt").pk))

    answer = as_member(member).get(f"{EXPORT}?{query}")

    assert answer.status_code == 400
    assert "Popal" not in answer.content.decode()
