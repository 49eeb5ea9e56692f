"""Passing data on, ending it and handing over the lead, on screen."""

import pytest
from django.urls import reverse

from agencies import access
from agencies.cases import disclosing
from agencies.cases.models import Disclosure
from agencies.enums import Category, LegalBasis, Level
from agencies.roles import Role
from tests.factories import make_county, open_case, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def case(county):
    sections = {Category.HEALTH: {"barriers": "GEHEIM"}, Category.LANGUAGE: {"mother_tongue": "fa"}}
    return open_case(county.member("jobcenter"), sections=sections)


@pytest.fixture
def client_of(client):
    def enter(member):
        client.force_login(member.user)
        return client

    return enter


def step_two(case, county, purpose="youth_welfare"):
    query = f"?recipient=agency-{county['jugendamt'].pk}&purpose={purpose}"
    return reverse("cases:disclose", args=[case.pk]) + query


DATA = {
    "usual": ["identity", "contact"],
    "necessity": "Hilfe zur Erziehung",
    "legal_basis": "sgb10_69",
    "valid_until": "31.12.2026",
}


def test_step_one_offers_only_those_who_may_browse(client_of, county, case):
    page = client_of(county.member("jobcenter")).get(reverse("cases:disclose", args=[case.pk]))
    offered = {
        value for group in page.context["form"].fields["recipient"].choices[1:] for value, _ in group[1]
    }

    browsing = {county["jugendamt"].pk, county["sozialamt"].pk}
    assert {value for value in offered if value.startswith("agency")} == {f"agency-{pk}" for pk in browsing}


def test_only_usual_boxes_are_ticked_and_previewed(client_of, county, case):
    answer = client_of(county.member("jobcenter")).get(step_two(case, county))

    assert set(answer.context["form"].initial["usual"]) == {"identity", "contact", "language", "family"}
    assert "Persisch" in answer.content.decode()
    assert "GEHEIM" not in answer.content.decode()


def test_unusual_purpose_ticks_nothing(client_of, county, case):
    answer = client_of(county.member("jobcenter")).get(step_two(case, county, "debt_advice"))

    assert answer.context["form"].ticked() == []


def test_preview_follows_the_boxes_and_saves_nothing(client_of, county, case):
    client = client_of(county.member("jobcenter"))
    fragment = client.post(
        step_two(case, county), {"usual": ["identity"]}, headers={"HX-Request": "true"}
    ).content.decode()
    page = client.post(step_two(case, county), {"usual": ["language"], "preview": "1"}).content.decode()

    assert ("Rahimi" in fragment, "Persisch" in fragment) == (True, False)
    assert "Persisch" in page
    assert "Bitte prüfen Sie Ihre Eingaben" not in page
    assert client_of(county.member("jugendamt")).get(case.get_absolute_url()).status_code == 404


def test_recipient_sees_exactly_what_was_ticked(client_of, county, case):
    answer = client_of(county.member("jobcenter")).post(step_two(case, county), DATA)
    assert answer.status_code == 302

    seen = client_of(county.member("jugendamt")).get(case.get_absolute_url()).context["case"].levels
    assert seen == {Category.IDENTITY: Level.VIEW, Category.CONTACT: Level.VIEW}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"further": ["debts"]}, "beyond_reason"),
        ({"further": ["health"], "beyond_reason": "nötig"}, "__all__"),
        ({"valid_until": "1.1.2020"}, "valid_until"),
        ({"necessity": " "}, "necessity"),
        ({"usual": []}, "__all__"),
        ({"legal_basis": "sgb10_71_2"}, "legal_basis"),
    ],
)
def test_rules_are_named_and_nothing_is_passed_on(client_of, county, case, changes, field):
    answer = client_of(county.member("jobcenter")).post(step_two(case, county), {**DATA, **changes})

    assert list(answer.context["form"].errors) == [field]
    assert client_of(county.member("jugendamt")).get(case.get_absolute_url()).status_code == 404


def test_revoking_ends_it_at_once(client_of, county, case):
    by = county.member("jobcenter")
    given = share(case, to=county["jugendamt"], by=by)
    address = reverse("cases:revoke", args=[case.pk, given.pk])
    assert client_of(county.member("jugendamt")).post(address, {"reason": "x"}).status_code == 403
    client = client_of(by)
    client.post(address, {"reason": "Zweck erreicht"})

    assert "Zweck erreicht" in client.get(reverse("cases:disclosures", args=[case.pk])).content.decode()
    again = client.post(address, {"reason": "noch einmal"})
    assert "bereits beendet" in again.content.decode()
    assert client_of(county.member("jugendamt")).get(case.get_absolute_url()).status_code == 404


def test_own_holding_cannot_be_revoked(client_of, county, case):
    by = county.member("jobcenter")
    with access.acting(by):
        own = Disclosure.objects.get(case=case)
    answer = client_of(by).post(reverse("cases:revoke", args=[case.pk, own.pk]), {"reason": "x"})

    assert "Abgabe der Federführung" in answer.content.decode()


def test_revoking_by_another_case_is_not_found(client_of, county, case):
    by = county.member("jobcenter")
    given = share(case, to=county["jugendamt"], by=by)
    other = open_case(by)

    assert client_of(by).get(reverse("cases:revoke", args=[other.pk, given.pk])).status_code == 404


def test_lead_is_handed_over_with_the_named_data(client_of, county, case):
    client = client_of(county.member("jobcenter"))
    address = reverse("cases:move_lead", args=[case.pk])
    data = {
        "team": f"team-{county.team('jugendamt').pk}",
        "categories": ["identity", "language"],
        "legal_basis": "sgb10_69",
        "necessity": "Umzug",
    }
    assert set(client.post(address, data).context["form"].errors) == {"confirmed"}
    assert client.post(address, {**data, "confirmed": "on"}).url == reverse("cases:list")
    assert client.get(case.get_absolute_url()).status_code == 404
    seen = client_of(county.member("jugendamt")).get(case.get_absolute_url()).context["case"]
    assert seen.levels == {Category.IDENTITY: Level.CHANGE, Category.LANGUAGE: Level.CHANGE}


@pytest.mark.parametrize(
    ("slug", "unticked"),
    [
        ("sozialamt", {"education", "work", "inclinations", "debts", "health"}),
        ("jugendamt", {"work", "inclinations", "benefits", "housing", "debts", "health"}),
    ],
)
def test_handover_starts_with_what_the_new_lead_usually_needs(client_of, county, case, slug, unticked):
    client, address = client_of(county.member("jobcenter")), reverse("cases:move_lead", args=[case.pk])

    assert list(client.get(address).context["form"].fields) == ["team"]
    form = client.get(address, {"team": f"team-{county.team(slug).pk}"}).context["form"]
    assert set(Category.values) - set(form["categories"].value()) == unticked


def test_new_lead_begins_what_was_not_handed_over(client_of, county, case):
    by, to = county.member("jobcenter"), county.member("jugendamt")
    with access.acting(by):
        disclosing.move_lead(
            case,
            team=county.team("jugendamt"),
            categories=set(Category) - {Category.DEBTS, Category.HEALTH},
            legal_basis=LegalBasis.OWN_OR_RECIPIENT_TASK,
            necessity="Umzug",
            by=by,
        )
    client, address = client_of(to), reverse("cases:collect", args=[case.pk])

    assert "Schulden, Gesundheit und Hemmnisse" in client.get(case.get_absolute_url()).content.decode()
    assert client.get(address).context["form"].initial["categories"] == ["debts"]
    assert client.post(address, {"categories": ["debts", "health"]}).url == case.get_absolute_url()
    page = client.get(case.get_absolute_url())
    assert page.context["case"].levels == dict.fromkeys(Category, Level.CHANGE)
    assert "nicht übergeben" not in page.content.decode()
    assert client.get(address).url == case.get_absolute_url()


def test_role_without_disclose_is_refused(client_of, county, case):
    client = client_of(county.member("jobcenter", Role.SACHBEARBEITUNG))

    assert client.get(reverse("cases:disclose", args=[case.pk])).status_code == 403
    assert client.get(case.get_absolute_url()).status_code == 200
