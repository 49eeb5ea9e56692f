"""What a request leaves behind in logs, cookies and caches, and which addresses are not there at all."""

import logging.config
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client

from agencies.models import Membership, User
from agencies.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Membership:
    return factories.make_county().member("jobcenter", Role.VERWALTUNG)


@pytest.fixture
def browser(admin: Membership) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(admin.user, backend="agencies.adapter.PasswordBackend")
    return client


def test_log_of_a_refused_row_does_not_quote_it():
    """PostgreSQL names the values of a row it refuses; frames and types are enough to find the fault."""
    name = settings.LOGGING["handlers"]["console"]["formatter"]
    formatter = logging.config.DictConfigurator({}).configure_formatter(settings.LOGGING["formatters"][name])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO agencies_agency (name) VALUES ('Geheimnis')")
    except IntegrityError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Fehler", (), sys.exc_info())
    text = formatter.format(record)

    assert "Geheimnis" in str(record.exc_info[1])
    assert "(name) VALUES" in text
    assert "psycopg.errors.NotNullViolation" in text
    assert "Failing row" not in text


def test_messages_about_people_stay_on_the_server(browser, admin):
    """A cookie would outlive the logout."""
    invited = {"first_name": "Olha", "last_name": "Koval", "email": "olha@example.org", "role": "datenschutz"}
    answer = browser.post("/zugaenge/einladen/", invited)

    assert answer.status_code == 302
    assert set(browser.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert "olha@example.org ist unterwegs" in browser.get(answer.url).content.decode()


@pytest.mark.parametrize("path", ["/arbeitsplatz/", "/zugaenge/", "/faelle/", "/konto/password/change/"])
def test_browser_stores_no_page_of_a_member(browser, path):
    assert "no-store" in browser.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("act", ["action_add", "action_remove", "action_primary", "action_send"])
def test_nobody_changes_the_mail_address_the_agency_gave_them(browser, admin, act):
    """Whoever receives the mails of an account sets its password."""
    browser.get("/konto/email/")
    answer = browser.post("/konto/email/", {act: "", "email": admin.user.email})

    assert answer.status_code == 404
    assert User.objects.get(pk=admin.user_id).email == admin.user.email
