"""Mails: a count and a link, no name of anybody; from the queue of the act's own transaction."""

import re
from smtplib import SMTPException

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies.models import Membership
from agencies.referrals import mails, tasks
from agencies.referrals.enums import Act, Side, State
from tests.referrals.loop import Loop


def queued() -> list[dict[str, object]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=mails.TASK).order_by("id")]


def deliver() -> list[mail.EmailMessage]:
    """Run the queued jobs as the worker would; returns what went out."""
    mail.outbox.clear()
    for args in queued():
        tasks.send_notice(**args)
    return list(mail.outbox)


def test_new_referral_goes_to_the_mailbox(loop: Loop) -> None:
    loop.agency.email = "jugendamt@example.org"
    loop.agency.save()
    loop.at(State.SENT)
    (message,) = deliver()
    assert message.to == ["jugendamt@example.org"]
    assert message.body.startswith("Es liegt 1 neue Überweisung vor.")
    assert "/ueberweisungen/" in message.body


def test_without_mailbox_those_who_distribute_get_it(loop: Loop) -> None:
    loop.at(State.SENT)
    (message,) = deliver()
    assert message.to == [loop.recipient.user.email]


def test_several_acts_make_one_mail(push: Loop) -> None:
    from agencies.enums import Purpose

    push.at(State.SENT)
    push.at(State.SENT, purpose=Purpose.ADVICE, beyond_reason="Im Gespräch vereinbart.")
    (message,) = deliver()
    assert message.body.startswith("Es liegen 2 neue Überweisungen vor.")


def test_what_is_done_meanwhile_makes_no_mail(loop: Loop) -> None:
    loop.at(State.RECEIVED)
    assert deliver() == []


def test_act_that_is_rolled_back_leaves_no_mail(loop: Loop) -> None:
    draft = loop.draft()
    with transaction.atomic():
        loop.do(Act.SEND, draft, loop.sender)
        transaction.set_rollback(True)
    assert queued() == []


@pytest.mark.parametrize("state", [State.QUESTION, State.DECLINED, State.DROPPED_OUT, State.OUTCOME])
def test_sender_is_told_when_it_is_the_senders_turn(loop: Loop, state: State) -> None:
    loop.at(state)
    assert any(message.to == [loop.sender.user.email] for message in deliver())


def test_escalation_goes_to_the_team_leads(loop: Loop) -> None:
    sent = loop.at(State.SENT)
    assert sent.escalate_on
    tasks.run_clocks(sent.escalate_on)
    jobs = [job for job in queued() if job["notice"] == "escalation"]
    assert jobs == [
        {
            "notice": "escalation",
            "agency": loop.agency.pk,
            "side": "recipient",
            "member": loop.recipient.pk,
        }
    ]


@pytest.mark.parametrize("notice", mails.Notice)
@pytest.mark.parametrize("count", [1, 7])
def test_sentences_are_counts_without_names(notice: mails.Notice, count: int) -> None:
    sentence = mails._sentence(notice, count)
    assert not re.search(r"[%{}]", sentence)
    assert str(count) in sentence or notice == mails.Notice.NEWS


@pytest.mark.parametrize("state", State)
def test_no_mail_names_anybody(loop: Loop, state: State) -> None:
    """Neither the person, nor a reference, a text, a reason, nor a member of staff."""
    referral = loop.at(state)
    people = Membership.objects.select_related("user")
    secrets = {"Geheimnis", "Mohammed", "4711", loop.case.reference, "Seit wann", "beraten", "Doch nicht"}
    secrets |= {member.user.last_name for member in people} | {member.user.first_name for member in people}
    secrets |= {str(referral.pk), str(loop.case.pk)}
    for message in deliver():
        text = f"{message.subject}\n{message.body}"
        assert not [secret for secret in secrets if secret.lower() in text.lower()]


def test_deactivated_member_gets_nothing(loop: Loop) -> None:
    loop.at(State.QUESTION)
    loop.sender.is_active = False
    loop.sender.save()
    assert not [message for message in deliver() if loop.sender.user.email in message.to]


@pytest.mark.django_db(transaction=True)
def test_worker_delivers_and_tries_a_failing_server_again(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real worker takes the job; a refused mail stays in the queue for later."""
    loop.at(State.SENT)

    def refuse(*args: object, **kwargs: object) -> None:
        raise SMTPException

    with monkeypatch.context() as server:
        server.setattr(mails, "send_mail", refuse)
        run_worker()
    (job,) = ProcrastinateJob.objects.filter(task_name=mails.TASK)
    assert (job.status, job.attempts, mail.outbox) == ("todo", 1, [])
    assert job.scheduled_at > timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    run_worker()
    (job,) = ProcrastinateJob.objects.filter(task_name=mails.TASK)
    assert (job.status, len(mail.outbox)) == ("succeeded", 1)


def run_worker() -> None:
    """Work off what is due now, with the worker's own database connections."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def test_mail_goes_to_one_side_only(loop: Loop) -> None:
    """Counting runs inside the agency's own walls."""
    from agencies import access

    loop.at(State.SENT)
    stranger = loop.county["sozialamt"]
    with access.acting_for(stranger):
        assert mails.send(mails.Notice.NEW, stranger, Side.RECIPIENT, None) == 0
