"""The start page by role, the active agency, the directory and the role table."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from agencies import access, actions, panels
from agencies.models import Agency
from agencies.roles import ROLE_TABLE, Permission, Role
from agencies.views import start
from tests.factories import make_agency, make_member, open_case
from tests.factories.county import COUNTY

START = "/arbeitsplatz/"


def page_of(client, path: str = START) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_panels_and_shortcuts_lead_only_where_the_role_may_go(county, as_member, role):
    client = as_member(county.member("jobcenter", role))
    context = client.get(START).context
    targets = [item["url"] for item in context["shortcuts"]]
    shown = [panel for column in context["panels"] for panel in column]
    targets += [item[key] for item in shown for key in ("fragment", "page") if item[key]]
    assert {path: client.get(path).status_code for path in targets} == dict.fromkeys(targets, 200)


def test_panel_whose_app_is_missing_is_left_out(county, monkeypatch):
    missing = panels.Panel("Später", "roundtable:panel", "roundtable:list", tuple(Permission))
    monkeypatch.setattr(panels, "PANELS", (missing,))
    assert panels.panels_for(county.member("jobcenter")) == []


@pytest.mark.parametrize(
    ("hour", "words"), [(7, "Guten Morgen"), (12, "Guten Tag"), (19, "Guten Abend"), (0, "Guten Morgen")]
)
def test_greeting_follows_the_clock(monkeypatch, hour, words):
    monkeypatch.setattr(timezone, "localtime", lambda: timezone.datetime(2026, 11, 22, hour))
    assert start.greeting("Frau Brandt") == f"{words}, Frau Brandt"


def test_data_protection_sees_how_often_was_read(county, as_member):
    case = open_case(county.member("jobcenter"))
    officer = as_member(county.member("jobcenter", Role.DATENSCHUTZ))
    assert "Heute hat noch niemand" in page_of(officer)
    lead = county.member("jobcenter")
    with access.acting(lead):
        access.case(lead, case.pk)
    text = page_of(officer)
    assert "Heute wurde 1-mal auf Fälle" in text
    assert "Rahimi" not in text


def test_administration_sees_open_invitations(county, admin, as_member):
    county.member("jobcenter")
    assert "1 eingeladene Person hat sich noch nicht angemeldet" in page_of(as_member(admin))


@pytest.mark.parametrize(("days", "warned"), [(28, False), (29, True)])
def test_lead_is_reminded_of_stale_capacity(county, as_member, days, warned):
    lead = county.member("jobcenter", Role.LEITUNG)
    with access.acting(lead):
        as_of = timezone.localdate() - timedelta(days=days)
        actions.state_capacity(lead.agency, free=3, waiting_days=0, note="", as_of=as_of, by=lead)
    assert ("älter als vier Wochen" in page_of(as_member(lead))) is warned


def test_role_without_duties_gets_a_friendly_sentence(county, as_member):
    assert "Hier wartet heute nichts auf Sie." in page_of(
        as_member(county.member("jobcenter", Role.REDAKTION))
    )


def test_switch_changes_agency_and_role(county, as_member):
    first = county.member("jobcenter")
    second = actions.join(first.user, county["kvhs"], role=Role.LEITUNG)
    client = as_member(first)
    answer = client.post("/konto/stelle/", {"membership": second.pk}, follow=True)
    assert answer.redirect_chain == [(START, 302)]
    assert answer.context["member"] == second
    assert client.get("/faelle/").status_code == 403
    text = page_of(client, "/konto/stelle/")
    assert county["jobcenter"].name in text
    assert county["jugendamt"].name not in text


def test_switch_to_foreign_memberships_is_not_found(county, as_member):
    client, foreign = as_member(county.member("jobcenter")), county.member("kvhs")
    for value in (foreign.pk, 999_999, "", "x", "1; DROP TABLE"):
        assert client.post("/konto/stelle/", {"membership": value}).status_code == 404
    assert client.get(START).context["member"] == county.member("jobcenter")


def test_forged_session_value_falls_back_to_an_own_membership(county, as_member):
    mine, foreign = county.member("jobcenter"), county.member("kvhs")
    client = as_member(mine)
    session = client.session
    session[access.SESSION_KEY] = foreign.pk
    session.save()
    assert client.get(START).context["member"] == mine


def test_nobody_has_no_member():
    class Visitor:
        user = AnonymousUser()

    assert access.member_of(Visitor()) is None


@pytest.mark.parametrize("role", list(Role))
def test_directory_is_open_to_every_member(county, as_member, role):
    Agency.objects.filter(slug="kvhs").update(capacity_free=0, waiting_days=1, is_active=True)
    Agency.objects.filter(slug="sozialamt").update(is_active=False)
    answer = as_member(county.member("jobcenter", role)).get("/stellen/")
    assert {agency.slug for agency in answer.context["agencies"]} == set(COUNTY) - {"sozialamt"}
    text = answer.content.decode()
    assert "1 Tag<" in text
    assert ">0</td>" in text


def test_directory_filters(county, as_member):
    client = as_member(county.member("jobcenter"))
    for query in ({"q": "JUGEND"}, {"kind": "youth_office"}):
        assert [row.slug for row in client.get("/stellen/", query).context["agencies"]] == ["jugendamt"]


@pytest.mark.parametrize("more", [0, 2])
@pytest.mark.parametrize(("path", "queries"), [("/stellen/", 11), ("/wer-darf-was/", 10), (START, 10)])
def test_pages_ask_the_same_number_of_queries_for_any_length(
    county, as_member, django_assert_num_queries, path, queries, more
):
    for number in range(more):
        make_agency(COUNTY["kvhs"], slug=f"weitere-{number}")
        make_member(county["jobcenter"], Role.LEITUNG)
    client = as_member(county.member("jobcenter"))
    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)


def test_role_table_shows_every_role_and_right(county, as_member):
    answer = as_member(county.member("jobcenter")).get(reverse("agencies:roles"))
    text = answer.content.decode()
    assert all(str(rule.sentence) in text for rule in ROLE_TABLE.values())
    shown = {row["permission"]: row["cells"] for row in answer.context["rows"]}
    assert shown == {
        p: [(role, p in rule.permissions) for role, rule in ROLE_TABLE.items()] for p in Permission
    }
    assert text.count('class="kern-sr-only">ja<') == sum(len(r.permissions) for r in ROLE_TABLE.values())
