"""Invitations and new passwords over a real SMTP server: nothing but a link, and the link works once."""

import email
import email.policy
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies import access, inviting, tasks
from agencies.models import Membership, User
from agencies.roles import Role

PASSWORD = "ein-langes-Passwort-7"


class Undo(Exception):  # noqa: N818
    """What a view that fails after the invitation raises."""


class Mailbox:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # type: ignore[no-untyped-def]  # noqa: N802
        self.recipients.append(envelope.rcpt_tos)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def text(self) -> str:
        return self.mails[-1].get_content()


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield box
    server.stop()


@pytest.fixture
def invited(admin) -> Membership:
    return invite(admin, "olha@example.org")


def invite(by: Membership, address: str) -> Membership:
    names = {"first_name": "Olha", "last_name": "Kovalenko"}
    with access.acting(by):
        return inviting.invite(email=address, **names, role=Role.LEITUNG, teams=[], by=by)


def work_off() -> None:
    """Run what waits in the queue, as the worker would."""
    for job in ProcrastinateJob.objects.order_by("pk"):
        app.tasks[job.task_name](**job.args)


def link_in(text: str) -> str:
    found = re.search(rf"{re.escape(django_settings.SITE_URL)}(/konto/password/reset/key/\S+)", text)
    assert found, text
    return found[1]


def test_invitation_arrives_and_leads_to_a_login(mailbox, invited):
    work_off()
    assert mailbox.recipients == [["olha@example.org"]]
    browser = Client()
    page = browser.get(link_in(mailbox.text()), follow=True)
    assert "olha.kovalenko" in page.content.decode()
    form_url = page.redirect_chain[-1][0]
    browser.post(form_url, {"password1": PASSWORD, "password2": PASSWORD})
    answer = browser.post("/konto/login/", {"login": "olha.kovalenko", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/arbeitsplatz/"
    assert answer.context["member"] == invited


def test_mails_name_nobody(mailbox, invited):
    work_off()
    mail = mailbox.mails[0]
    text = (mail["Subject"] + mailbox.text()).lower()
    assert not {"olha", "kovalenko", "verwaltung@", "jobcenter.verwaltung"} & set(re.split(r"[\s„“]+", text))
    assert "3 tage" in text


def test_no_key_lies_in_the_queue(invited):
    job = ProcrastinateJob.objects.get()
    assert job.args == {"membership": invited.pk}


def test_link_works_once(mailbox, invited):
    work_off()
    path = link_in(mailbox.text())
    form_url = Client().get(path).url
    browser = Client()
    browser.get(path)
    browser.post(form_url, {"password1": PASSWORD, "password2": PASSWORD})
    again = Client().get(path, follow=True).content.decode()
    assert "Dieser Link gilt nicht mehr" in again


def test_link_ends_after_three_days(mailbox, invited, settings):
    work_off()
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 24 * 60 * 60
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "Dieser Link gilt nicht mehr" in Client().get(link_in(mailbox.text())).content.decode()


@pytest.mark.parametrize("password", ["kurz", "passwort", "olha.kovalenko", "123456789012"])
def test_weak_passwords_are_refused(mailbox, invited, password):
    work_off()
    browser = Client()
    page = browser.get(link_in(mailbox.text()), follow=True)
    browser.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})
    assert User.objects.get(pk=invited.user_id).has_usable_password() is False


def test_someone_with_a_password_gets_no_link_to_set_one(mailbox, admin, county):
    known = county.member("jugendamt").user
    invite(admin, known.email)
    work_off()
    assert "password" not in mailbox.text()
    assert county["jugendamt"].name not in mailbox.text()


def test_closed_again_before_the_mail_went_out_sends_nothing(mailbox, invited):
    Membership.objects.filter(pk=invited.pk).update(is_active=False)
    work_off()
    assert mailbox.mails == []


def test_invitation_that_fails_leaves_no_job(admin):
    with access.acting(admin), suppress(Undo), transaction.atomic():
        invite(admin, "x@example.org")
        raise Undo
    assert (ProcrastinateJob.objects.count(), User.objects.filter(email="x@example.org").count()) == (0, 0)


def test_mail_server_gone_is_tried_again(admin, settings, invited):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(ConnectionRefusedError):
        tasks.send_invitation(membership=invited.pk)
    assert tasks.send_invitation.retry_strategy.max_attempts > 1


def test_forgotten_password_tells_nobody_who_has_an_account(mailbox, county):
    known, unknown = county.member("jobcenter").user, "niemand@example.org"
    answers = [
        Client().post("/konto/password/reset/", {"email": address}, follow=True)
        for address in (known.email, unknown)
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert plain(answers[0]) == plain(answers[1])
    work_off()
    assert mailbox.recipients == [[known.email]]
    page = Client().get(link_in(mailbox.text()), follow=True)
    assert known.username in page.content.decode()


def plain(answer) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def test_forgotten_password_of_a_closed_account_sends_nothing(mailbox, county):
    user = county.member("jobcenter").user
    User.objects.filter(pk=user.pk).update(is_active=False)
    Client().post("/konto/password/reset/", {"email": user.email})
    work_off()
    assert mailbox.mails == []
