"""One user, two agencies, two tabs: a form does nothing for another agency than the one it was opened for."""

import re
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agencies import access, actions
from agencies.cases.models import Case, Note
from agencies.models import Membership
from agencies.roles import Role
from tests import factories

FIELD = re.compile(r'name="acting-member" value="(\d+)"')


@dataclass
class Desk:
    """Somebody who works for the jobcenter and the youth office, with a case at the first."""

    client: Client
    jobcenter: Membership
    youth_office: Membership
    case: Case

    def switch_to(self, member: Membership, **data: object) -> HttpResponse:
        return self.client.post(reverse("agencies:switch"), {"membership": member.pk, **data})

    def note(self, **data: object) -> HttpResponse:
        address = reverse("cases:add_note", args=[self.case.pk, "identity"])
        return self.client.post(address, {"text": "Nur für das Jobcenter", **data})

    def notes(self) -> list[str]:
        with access.acting(self.jobcenter):
            return list(Note.objects.values_list("text", flat=True))


@pytest.fixture
def desk(county, as_member) -> Desk:
    jobcenter = county.member("jobcenter", Role.FALLMANAGEMENT)
    youth_office = actions.join(jobcenter.user, county["jugendamt"], role=Role.FALLMANAGEMENT, teams=[])
    case = factories.open_case(jobcenter)
    found = Desk(as_member(jobcenter), jobcenter, youth_office, case)
    found.switch_to(jobcenter)
    return found


def opened_for(client: Client, address: str) -> set[str]:
    return set(FIELD.findall(client.get(address).content.decode()))


def test_every_form_names_the_membership(desk):
    page = desk.client.get(reverse("cases:create")).content.decode()
    assert set(FIELD.findall(page)) == {str(desk.jobcenter.pk)}
    assert len(FIELD.findall(page)) == page.count("csrfmiddlewaretoken")
    assert f'"X-Acting-Member": "{desk.jobcenter.pk}"' in page


def test_form_of_the_first_tab_does_nothing_for_the_second_agency(desk):
    desk.switch_to(desk.youth_office)
    answer = desk.note(**{"acting-member": desk.jobcenter.pk})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Sie arbeiten inzwischen für: " + desk.youth_office.agency.name in page
    assert desk.jobcenter.agency.name in page
    assert "data-error" in page
    assert desk.notes() == []


def test_what_htmx_sends_is_held_to_the_same(desk):
    desk.switch_to(desk.youth_office)
    address = reverse("cases:add_note", args=[desk.case.pk, "identity"])
    answer = desk.client.post(address, {"text": "Hallo"}, headers={"X-Acting-Member": str(desk.jobcenter.pk)})
    assert answer.status_code == 409
    assert desk.client.get(address, headers={"X-Acting-Member": "7"}).status_code != 409


def test_back_at_the_first_agency_the_same_form_works(desk):
    desk.switch_to(desk.youth_office)
    desk.switch_to(desk.jobcenter)
    assert desk.note(**{"acting-member": desk.jobcenter.pk}).status_code == 302
    assert desk.notes() == ["Nur für das Jobcenter"]


@pytest.mark.parametrize("named", ["0", "-1", "krumm", "999999999999"])
def test_odd_values_are_another_agency_too(desk, named):
    assert desk.note(**{"acting-member": named}).status_code == 409


def test_choosing_an_agency_and_logging_out_work_from_any_tab(desk):
    desk.switch_to(desk.youth_office)
    assert desk.switch_to(desk.jobcenter, **{"acting-member": desk.jobcenter.pk}).status_code == 302
    desk.switch_to(desk.youth_office)
    left = desk.client.post(reverse("account_logout"), {"acting-member": desk.jobcenter.pk})
    assert left.status_code == 302


def test_pages_without_a_member_name_none(client, db):
    assert opened_for(client, reverse("account_login")) == set()
