"""What a category hides turns up nowhere: pages, fragments, files, search, refusals, logs."""

import logging

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from agencies import access
from agencies.cases.models import Case
from agencies.enums import Category
from agencies.models import AuditEntry, Membership
from agencies.roles import Role
from tests import factories
from tests.access.markers import SECRET, marked_case, words_of
from tests.access.rows import query

pytestmark = pytest.mark.django_db

HIDDEN = [category for category in Category if category != Category.IDENTITY]
SECRETS = [*(word for category in HIDDEN for word in words_of(category)), SECRET.format("Kind")]


@pytest.fixture
def case(lead: Membership) -> Case:
    return marked_case(lead)


def client_of(member: Membership) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def surfaces(case: Case) -> list[str]:
    """Every address at which something of a case could be read."""
    one = {"pk": case.pk}
    about = ["detail", "history", "readers", "disclosures", "status", "assign", "disclose", "move_lead"]
    about += ["add_reference", "add_member", "join_household", "take"]
    of_category = ["edit", "section_history", "add_note"]
    return [
        *(reverse(f"agencies:{name}") for name in ("start", "directory", "read_log", "read_log_export")),
        *(reverse(f"cases:{name}") for name in ("list", "export", "panel_mine", "panel_due", "create")),
        *(reverse(f"cases:{name}", kwargs=one) for name in about),
        *(reverse(f"cases:{name}", kwargs={**one, "category": c}) for name in of_category for c in Category),
        *(reverse(f"referrals:{name}") for name in ("inbox", "outbox", "export_inbox", "export_outbox")),
        *(reverse(f"referrals:{name}") for name in ("panel_new", "panel_due", "panel_waiting")),
        reverse("referrals:of_case", args=[case.pk]),
    ]


def searches(words: list[str]) -> list[str]:
    list_url = reverse("cases:list")
    return [f"{reverse('cases:search')}?q={word}" for word in words] + [f"{list_url}?q={w}" for w in words]


def found_in(client: Client, urls: list[str], words: list[str]) -> dict[str, list[str]]:
    """Which of the words stand in which answer, headers included, whatever its status."""
    found = {}
    for url in urls:
        response = client.get(url)
        assert response.status_code < 500, url
        text = (response.content.decode() + str(response.headers)).lower()
        asked = url.partition("?q=")[2].lower()
        if hits := [word for word in words if word.lower() in text and word.lower() != asked]:
            found[url] = hits
    return found


def test_the_search_for_secrets_finds_them_for_the_lead(case, lead):
    """Else the tests below would prove nothing."""
    found = found_in(client_of(lead), surfaces(case), SECRETS)

    assert {word for words in found.values() for word in words} >= set(SECRETS)


@pytest.mark.parametrize("role", [Role.TEAMLEITUNG, Role.FALLMANAGEMENT])
def test_recipient_of_the_identity_reads_nothing_else_anywhere(county, case, lead, role):
    factories.share(case, Category.IDENTITY, to=county["jugendamt"], by=lead)
    client = client_of(county.member("jugendamt", role))

    assert found_in(client, [*surfaces(case), *searches(SECRETS[:6])], SECRETS) == {}
    assert "Rawanpur" in client.get(reverse("cases:detail", args=[case.pk])).content.decode()


def test_recipient_without_the_identity_reads_no_name(county, case, lead, recipient):
    factories.share(case, Category.LANGUAGE, to=recipient.agency, by=lead)
    client = client_of(recipient)
    others = [word for word in SECRETS if word not in words_of(Category.LANGUAGE)]
    names = ["Rawanpur", "Sina", "AZ-4711", "03.05.1990"]

    assert found_in(client, [*surfaces(case), *searches(names)], [*others, *names]) == {}


def test_third_agency_and_other_team_learn_nothing(case, lead, stranger, colleague):
    words = [*SECRETS, "Rawanpur", "Sina", "AZ-4711", case.reference, str(case.pk)]
    for member in (stranger, colleague):
        urls = [url for url in surfaces(case) if str(case.pk) not in url]
        assert found_in(client_of(member), [*urls, *searches(["Rawanpur", case.reference])], words) == {}


def test_counts_do_not_tell_of_hidden_cases(county, lead, stranger):
    client = client_of(stranger)
    urls = [reverse("agencies:start"), reverse("cases:list"), f"{reverse('cases:search')}?q=Rawanpur"]
    before = [len(client.get(url).content) for url in urls]
    for _ in range(3):
        marked_case(lead)

    assert [len(client.get(url).content) for url in urls] == before


@pytest.mark.parametrize("text", ["%", "_", "\\", "%%%", "' OR 1=1 --", "a\x00b", "K-2026", "٪", "\\%"])
def test_search_has_no_wildcards_and_does_not_break(case, stranger, text):
    client = client_of(stranger)

    for name in ("cases:search", "cases:list"):
        response = client.get(reverse(name), {"q": text})
        assert response.status_code == 200
        assert "Rawanpur" not in response.content.decode()


def test_log_lines_hold_no_personal_data(caplog, county, case, lead, recipient, stranger):
    words = [*SECRETS, "Rawanpur", "Sina", "AZ-4711"]
    with caplog.at_level(logging.INFO):
        for member in (lead, recipient, stranger):
            client = client_of(member)
            for url in [*surfaces(case), f"{reverse('cases:search')}?q=%"]:
                client.get(url)
            client.post(reverse("cases:add_note", args=[case.pk, "health"]), {"text": SECRETS[0]})
    lines = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")

    assert [word for word in words if word.lower() in lines.lower()] == []


def test_audit_entries_hold_ids_and_codes_only(case, lead, recipient):
    factories.share(case, Category.IDENTITY, to=recipient.agency, by=lead)
    words = [*SECRETS, "Rawanpur", "Sina", "AZ-4711", lead.user.last_name, "Die Stelle braucht"]
    with access.acting(lead):
        text = str(list(AuditEntry.objects.values("verb", "target", "detail")))

    assert "case.open" in text
    assert [word for word in words if word in text] == []


def test_sessions_and_cache_hold_no_case_data(case, lead):
    client = client_of(lead)
    for url in surfaces(case):
        client.get(url)
    kept = str(dict(client.session)) + str(query("SELECT value FROM cache_entries"))

    assert [word for word in [*SECRETS, "Rawanpur"] if word in kept] == []


def test_pages_with_personal_data_are_kept_by_no_cache(case, lead):
    client = client_of(lead)
    kept = {}
    for url in [reverse("cases:list"), reverse("cases:detail", args=[case.pk]), reverse("cases:export")]:
        policy = client.get(url).headers.get("Cache-Control", "")
        if "no-store" not in policy and "private" not in policy:
            kept[url] = policy

    assert kept == {}
