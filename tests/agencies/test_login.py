"""Login: brute force, sessions, demo accounts, and the way back to where one was."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.test import Client

from agencies.enums import AgencyKind
from agencies.models import Membership, User
from agencies.roles import Role
from tests.factories import make_agency, make_member
from tests.factories.county import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
LOGIN, START = "/konto/login/", "/arbeitsplatz/"
TOO_MANY = "Zu viele"

TRY_IN_ANOTHER_PROCESS = """
import sys, django
django.setup()
from django.test import Client
for password in sys.argv[2:]:
    answer = Client().post("/konto/login/", {"login": sys.argv[1], "password": password})
    print(answer.status_code, "Zu viele" in answer.content.decode())
"""


@pytest.fixture
def worker(county) -> Membership:
    return county.member("jobcenter")


def log_in(browser: Client, member: Membership, password: str = PASSWORD, **extra: str):
    return browser.post(LOGIN, {"login": member.user.username, "password": password, **extra})


def test_login_leads_to_the_start_page(worker, client):
    assert log_in(client, worker).url == START
    assert client.get("/").url == START
    assert client.get(START).context["member"] == worker


def test_sixth_attempt_within_five_minutes_is_refused_even_with_the_right_password(worker):
    wrong = [log_in(Client(), worker, f"falsch-{number}") for number in range(5)]
    assert [answer.status_code for answer in wrong] == [200] * 5
    assert not any(TOO_MANY in answer.content.decode() for answer in wrong)
    browser = Client()
    answer = log_in(browser, worker)
    assert TOO_MANY in answer.content.decode()
    assert "_auth_user_id" not in browser.session


def test_limit_counts_per_account_whatever_its_spelling(worker, county):
    for number in range(5):
        Client().post(LOGIN, {"login": f" {worker.user.username.upper()} ", "password": f"falsch-{number}"})
    assert TOO_MANY in log_in(Client(), worker).content.decode()
    assert log_in(Client(), county.member("jugendamt")).status_code == 302


def test_wrong_password_and_unknown_name_look_the_same(worker):
    answers = [
        Client().post(LOGIN, {"login": name, "password": "falsch-falsch"}).context["form"].errors
        for name in (worker.user.username, "niemand")
    ]
    assert answers[0] == answers[1]


@pytest.mark.django_db(transaction=True)
def test_limit_holds_across_processes():
    member = make_member(make_agency(AgencyKind.JOBCENTER, slug="jc"), Role.LEITUNG)
    first = other_process(member.user.username, *(f"falsch-{number}" for number in range(5)))
    assert first == ["200 False"] * 5
    assert TOO_MANY in log_in(Client(), member).content.decode()
    assert other_process(member.user.username, PASSWORD) == ["200 True"]


def other_process(username: str, *passwords: str) -> list[str]:
    code = [sys.executable, "-c", TRY_IN_ANOTHER_PROCESS, username, *passwords]
    env = {
        "PATH": os.defpath,
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": address("default"),
        "DATABASE_OWNER_URL": address("owner"),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(code, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[: len(passwords)]


def address(alias: str) -> str:
    values = django_settings.DATABASES[alias]
    password = f":{quote(values['PASSWORD'])}" if values.get("PASSWORD") else ""
    host = quote(str(values["HOST"]), safe="")
    return f"postgresql://{values['USER']}{password}@{host}:{values.get('PORT') or 5432}/{values['NAME']}"


def test_session_key_changes_at_login(worker):
    browser = Client()
    browser.get(LOGIN)
    session = browser.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    browser.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    log_in(browser, worker)
    assert browser.session.session_key != planted
    stranger = Client()
    stranger.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    assert stranger.get(START).status_code == 302


def test_logout_ends_the_session(worker, client):
    log_in(client, worker)
    key = client.session.session_key
    assert client.get("/konto/logout/").status_code == 200  # asks first: a link must not log anyone out
    client.post("/konto/logout/")
    client.cookies[django_settings.SESSION_COOKIE_NAME] = key
    assert client.get(START).status_code == 302


@pytest.mark.parametrize(
    "target", ["https://boese.example/", "//boese.example", "/\\boese.example", "javascript:alert(1)"]
)
def test_way_back_never_leaves_the_portal(worker, client, target):
    assert "boese" not in client.get(LOGIN, {"next": target}).content.decode().split("<main")[0]
    assert log_in(client, worker, next=target).url == START


def test_closed_account_is_out_on_the_next_request(worker, client):
    log_in(client, worker)
    User.objects.filter(pk=worker.user_id).update(is_active=False)
    assert client.get(START).status_code == 302


def test_demo_accounts_work_only_in_a_demo(worker, settings, client):
    User.objects.filter(pk=worker.user_id).update(is_demo=True)
    settings.DEMO = True
    log_in(client, worker)
    assert client.get(START).status_code == 200
    settings.DEMO = False
    assert client.get(START).status_code == 302
    assert log_in(Client(), worker).status_code == 200


def test_page_opened_without_session_leads_back_to_itself(db, client):
    assert client.get("/stellen/?q=amt").url == f"{LOGIN}?next=/stellen/%3Fq%3Damt"


def test_form_sent_without_session_leads_back_to_its_page(db, client):
    page = "http://testserver/zugaenge/?sort=role"
    answer = client.post("/zugaenge/7/entsperren/", HTTP_REFERER=page)
    assert answer.url == f"{LOGIN}?next=/zugaenge/%3Fsort%3Drole"


@pytest.mark.parametrize("referer", ["https://boese.example/x", "//boese.example", "javascript:x"])
def test_foreign_origin_is_no_way_back(db, client, referer):
    answer = client.post("/zugaenge/7/entsperren/", HTTP_REFERER=referer)
    assert answer.url == f"{LOGIN}?next=/"


def test_fragment_without_session_moves_the_whole_window(db, client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/arbeitsplatz/"}
    answer = client.get("/stellen/", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, f"{LOGIN}?next=/arbeitsplatz/")
    assert answer.content == b""


def test_user_without_agency_is_told_so_everywhere(db, client):
    user = User.objects.create_user("allein", "allein@example.org", PASSWORD)
    client.force_login(user, backend="agencies.adapter.PasswordBackend")
    for path in (START, "/stellen/", "/zugaenge/", "/konto/stelle/", "/wer-darf-was/"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "Ihr Zugang ist keiner Stelle zugeordnet" in answer.content.decode()
    assert client.get("/konto/logout/").status_code == 200
