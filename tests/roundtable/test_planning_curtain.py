"""The matrix of the curtain, and that nobody learns from the planning pages whose case it is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import access
from agencies.enums import Category
from agencies.models import ReadLog
from agencies.roundtable import actions
from agencies.roundtable.enums import CurtainLevel, TextKind
from agencies.roundtable.models import Curtain, CurtainRequest
from tests.factories import open_case, share
from tests.roundtable.test_planning import login

SUMMARY = "Kommt wegen der Kinderbetreuung nicht zum Kurs."


@pytest.fixture
def case(table):
    return open_case(table.people["jobcenter"], family_name="Rahimi")


@pytest.fixture
def item(table, case):
    lead = table.people["jobcenter"]
    share(case, Category.IDENTITY, Category.LANGUAGE, to=table.county["jugendamt"], by=lead)
    found = table.propose(case)
    with access.acting(lead):
        actions.write(found, TextKind.SUMMARY, SUMMARY, by=lead, expected=0)
    table.draw(found, "jugendamt", CurtainLevel.IDENTITY)
    table.draw(found, "sozialamt", CurtainLevel.IDENTITY)
    table.draw(found, "kvhs", CurtainLevel.SUMMARY)
    return found


@pytest.fixture
def lead(table):
    return login(table.people["jobcenter"])


def matrix(client: Client, table) -> dict[str, str]:
    answer = client.get(reverse("roundtable:curtains", args=[table.meeting.pk]))
    (row,) = answer.context["rows"]
    return {cell.agency.slug: cell for cell in row.cells}


def test_matrix_shows_what_each_agency_will_see_and_whose_basis_is_missing(table, item, lead):
    cells = matrix(lead, table)

    assert {slug: (cell.reach, cell.lacks_basis, cell.leads) for slug, cell in cells.items()} == {
        "jobcenter": ("identity", False, True),
        "jugendamt": ("identity", False, False),
        "sozialamt": ("summary", True, False),
        "kvhs": ("summary", False, False),
        "auslaenderbehoerde": ("pseudonym", False, False),
    }


def test_missing_basis_leads_to_the_form_begun_for_that_agency(table, item, lead):
    form = lead.get(matrix(lead, table)["sozialamt"].disclose_url)

    assert form.status_code == 200
    assert form.context["recipient"].agency == table.county["sozialamt"]


def test_matrix_tells_others_what_the_lead_wants_only_of_their_own_agency(table, item):
    cells = matrix(login(table.people["sozialamt"]), table)

    assert {slug for slug, cell in cells.items() if cell.lacks_basis} == {"sozialamt"}
    assert {cell.disclose_url for cell in cells.values()} == {""}
    assert not any(cell.lacks_basis for cell in matrix(login(table.people["kvhs"]), table).values())


def test_lead_sets_the_levels(table, item, lead):
    county = table.county
    address = reverse("roundtable:curtain", args=[item.pk])
    data = {f"agency_{county['sozialamt'].pk}": "pseudonym", f"agency_{county['kvhs'].pk}": "summary"}
    lead.post(address, data)

    with access.acting(table.moderator):
        levels = dict(Curtain.objects.filter(item=item).values_list("agency__slug", "level"))
    assert levels == {"jugendamt": "identity", "sozialamt": "pseudonym", "kvhs": "summary"}


def test_more_than_the_law_allows_is_not_offered(table, item, lead):
    address = reverse("roundtable:curtain", args=[item.pk])
    name = f"agency_{table.county['auslaenderbehoerde'].pk}"
    answer = lead.post(address, {name: "identity"})

    assert set(answer.context["form"].errors) == {name}


@pytest.mark.parametrize("answer", ["summary", "pseudonym"])
def test_request_is_shown_to_the_lead_and_answered_by_one_button(table, item, lead, answer):
    person = table.people["auslaenderbehoerde"]
    asking = login(person)
    data = {"level": "summary", "reason": "Wir prüfen den Aufenthalt."}
    asking.post(reverse("roundtable:ask_for", args=[item.pk]), data)
    page = lead.get(reverse("roundtable:curtains", args=[table.meeting.pk])).content.decode()
    assert "Wir prüfen den Aufenthalt." in page

    lead.post(reverse("roundtable:curtain", args=[item.pk]), {f"agency_{person.agency_id}": answer})
    with access.acting(table.moderator):
        assert CurtainRequest.objects.get(item=item).answered_at
        assert Curtain.objects.get(item=item, agency=person.agency).level == answer


def test_request_is_not_shown_to_third_agencies(table, item):
    person = table.people["auslaenderbehoerde"]
    with access.acting(person):
        actions.ask_for(item, level=CurtainLevel.SUMMARY, reason="Geheimer Grund", by=person)
    page = login(table.people["sozialamt"]).get(reverse("roundtable:curtains", args=[table.meeting.pk]))

    assert "Geheimer Grund" not in page.content.decode()
    assert "Bittet seit" not in page.content.decode()


def test_matrix_takes_the_same_queries_for_one_agency_and_five(table, item, lead):
    address, counts = reverse("roundtable:curtains", args=[table.meeting.pk]), []
    lead.get(address)
    for seats in (["jobcenter"], list(table.people)):
        with access.acting(table.moderator):
            actions.seat(table.table, agencies=[table.county[slug] for slug in seats], by=table.moderator)
        with CaptureQueriesContext(connection) as counted:
            assert lead.get(address).status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]


# Leaks

PAGES = ("list", "table", "meeting", "programme", "curtains", "ask_for")
SECRETS = ("Rahimi", "Kinderbetreuung")


def pages(table, item) -> dict[str, str]:
    keys = {"table": table.table.pk, "meeting": table.meeting.pk, "curtains": table.meeting.pk}
    keys |= {"ask_for": item.pk, "programme": table.meeting.pk}
    return {name: reverse(f"roundtable:{name}", args=[keys[name]] if name in keys else []) for name in PAGES}


@pytest.fixture
def waiting(table):
    """A second case, not on any agenda yet."""
    other = open_case(table.people["jobcenter"], family_name="Rahimipour")
    with access.acting(table.people["jobcenter"]):
        lead = table.people["jobcenter"]
        return other, actions.propose_case(table.table, other, by=lead, question="Und hier?")


@pytest.mark.parametrize("slug", ["sozialamt", "auslaenderbehoerde", "kvhs", "jugendamt"])
def test_planning_pages_do_not_say_whose_case_it_is(table, item, case, waiting, slug):
    """The youth office holds the identity, and still the agenda tells it the pseudonym only."""
    client = login(table.people[slug])
    other, _proposal = waiting
    secrets = (*SECRETS, str(case.pk), case.reference, str(other.pk), other.reference)
    shown = {name: client.get(address) for name, address in pages(table, item).items()}

    assert {answer.status_code for answer in shown.values()} == {200}
    told = {name: [s for s in secrets if s in answer.content.decode()] for name, answer in shown.items()}
    assert told == {name: [] for name in PAGES}
    assert item.pseudonym in shown["meeting"].content.decode()


def test_lead_reads_the_names_there_and_that_is_logged(table, item, case, waiting, lead):
    before = ReadLog.objects.count()
    page = lead.get(table.meeting.get_absolute_url()).content.decode()

    assert "Rahimi" in page
    assert "Rahimipour" in page
    with access.acting(table.moderator):
        logged = ReadLog.objects.filter(surface=ReadLog.Surface.MEETING).values_list("case_ids", flat=True)
        assert {case.pk, waiting[0].pk} <= {pk for row in logged for pk in row}
    assert before == 0
