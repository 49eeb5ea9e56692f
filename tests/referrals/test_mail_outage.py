"""A mail server that is away: every mail waits, none is lost, none is sent twice."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from threading import Thread

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from agencies import access, inviting
from agencies import tasks as agency_tasks
from agencies.referrals import mails, tasks
from agencies.referrals.enums import State
from agencies.roles import Role
from tests.e2e.mailbox import Mailbox, receiving
from tests.referrals.loop import Loop

MAIL_TASKS = [tasks.send_notice, agency_tasks.send_invitation, agency_tasks.send_password_link]


def waits(task: object) -> list[timedelta]:
    """The time before each further attempt, as the queue asks for it."""
    strategy, found = task.retry_strategy, []  # type: ignore[attr-defined]
    for attempts in range(200):
        job = Job(
            id=1, queue="", lock=None, queueing_lock=None, task_name="", task_kwargs={}, attempts=attempts
        )
        before = timezone.now()
        decision = strategy.get_retry_decision(exception=OSError(), job=job)
        if decision is None:
            return found
        found.append(decision.retry_at - before)
    raise AssertionError("never gives up")


@pytest.mark.parametrize("task", MAIL_TASKS, ids=lambda task: task.name)
def test_attempts_reach_over_a_weekend_without_long_gaps(task: object) -> None:
    found = waits(task)
    assert timedelta(hours=24) < timedelta(hours=62) < sum(found, timedelta())
    assert max(found) < timedelta(hours=6), "a server that is back in the morning is used in the morning"
    within_an_hour = [n for n in range(len(found)) if sum(found[:n], timedelta()) <= timedelta(hours=1)]
    assert len(within_an_hour) >= 3


@pytest.fixture
def server(settings: object) -> Iterator[Callable[[], Mailbox]]:
    """A port on which nobody answers, until the mail server is started there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    values = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
    values |= {"EMAIL_PORT": port, "EMAIL_HOST_USER": "", "EMAIL_HOST_PASSWORD": ""}
    for name, value in (values | {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}).items():
        setattr(settings, name, value)
    with ExitStack() as running:

        def start() -> Mailbox:
            box = running.enter_context(receiving())
            django_settings.EMAIL_PORT = int(box.address.rpartition(":")[2])
            return box

        yield start


def run_worker() -> None:
    """Work off what is due now, with the worker's own database connections."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def make_due() -> None:
    """What waits for its next attempt may be taken now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")


def notices() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=mails.TASK).order_by("pk"))


@pytest.mark.django_db(transaction=True)
def test_notice_refused_then_taken(loop: Loop, server: Callable[[], Mailbox]) -> None:
    loop.at(State.SENT)
    run_worker()
    (job,) = notices()
    assert (job.status, job.attempts) == ("todo", 1)
    box = server()
    make_due()
    run_worker()
    (mail,) = box.mails
    assert mail.to == [loop.recipient.user.email]
    assert "Es liegt 1 neue Überweisung vor." in mail.text
    assert [job.status for job in notices()] == ["succeeded"]


def test_invitation_and_password_refused_then_taken(loop: Loop, server: Callable[[], Mailbox]) -> None:
    admin = loop.county.member("jobcenter", Role.LEITUNG)
    with access.acting(admin):
        member = inviting.invite(
            email="neu@example.org",
            first_name="Olha",
            last_name="Koval",
            role=Role.LEITUNG,
            teams=[],
            by=admin,
        )
    jobs = [
        (agency_tasks.send_invitation, {"membership": member.pk}),
        (agency_tasks.send_password_link, {"user": loop.sender.user_id}),
    ]
    for task, values in jobs:
        with pytest.raises(ConnectionRefusedError):
            task(**values)
    box = server()
    for task, values in jobs:
        task(**values)
    assert [mail.to for mail in box.mails] == [["neu@example.org"], [loop.sender.user.email]]
    assert all(django_settings.SITE_URL in mail.text for mail in box.mails)


@pytest.mark.django_db(transaction=True)
def test_failing_while_the_same_notice_is_asked_for_again(
    loop: Loop, server: Callable[[], Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The later job does it all; the failing one must not stand in its way, nor hang for ever."""
    sent, asked = loop.at(State.SENT), []

    def ask_again() -> None:
        with access.acting(loop.sender):
            mails.tell_recipient(sent, mails.Notice.NEW)
        connection.close()

    def refuse(*args: object, **kwargs: object) -> None:
        if not asked:
            asked.append(thread := Thread(target=ask_again))
            thread.start()
            thread.join(20)
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(mails, "send_mail", refuse)
        run_worker()
    assert [job.status for job in notices()] == ["succeeded", "todo"]
    make_due()
    box = server()
    run_worker()
    assert [mail.to for mail in box.mails] == [[loop.recipient.user.email]]
    assert [job.status for job in notices()] == ["succeeded", "succeeded"]
