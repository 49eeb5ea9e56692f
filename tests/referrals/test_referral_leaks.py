"""What a referral carries turns up only where it belongs: in no mail, file, refusal or log of others."""

import logging
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies import access
from agencies.cases.actions import add_note
from agencies.enums import Category
from agencies.models import Agency, AuditEntry, Membership
from agencies.referrals import actions, mails, tasks
from agencies.referrals.enums import Act, Outcome, Side, State
from agencies.referrals.forms.acts import FORMS
from agencies.referrals.models import Message, Referral
from agencies.roles import Role
from portal.logs import TraceFormatter
from tests.e2e.mailbox import Mailbox, receiving
from tests.factories.county import make_member
from tests.referrals.loop import Loop

#: What the person and everyone writes; each word once, so that a hit says where it came from.
REQUEST, QUESTION, ANSWER, REMARK = "Qxanliegen", "Qxfrage", "Qxantwort", "Qxbemerkung"
NOTE, REASON, RESULT, NECESSITY = "Qxnotiz", "Qxgrund", "Qxergebnis", "Qxnötig"
PERSON = ["Geheimnis", "Mohammed", "0170 4711", "03.05.1990", "1990-05-03"]
TALK = [REQUEST, QUESTION, ANSWER, REMARK]


def told(loop: Loop, state: State = State.CLOSED) -> Referral:
    """A referral in which everybody has written something, and a note in the case."""
    with access.acting(loop.sender):
        add_note(loop.case, category=Category.CONTACT, text=NOTE, by=loop.sender)
    referral = loop.draft(request=f"{REQUEST} Geheimnis", necessity=NECESSITY)
    ours, theirs = loop.sender, loop.recipient

    def step(act: Callable[..., object], by: Membership, **values: object) -> None:
        with access.acting(by):
            act(Referral.objects.get(pk=referral.pk), **values, by=by)

    step(actions.send, ours)
    if not loop.agency.may_browse:
        step(actions.acknowledge, theirs)
    step(actions.receive, theirs)
    step(actions.ask, theirs, text=QUESTION)
    step(actions.answer, ours, text=ANSWER)
    step(actions.remark, theirs, text=REMARK)
    if state == State.WITHDRAWN:
        step(actions.withdraw, ours, reason=REASON)
    else:
        step(actions.accept, theirs, assignee=loop.colleague)
        step(actions.record_outcome, theirs, outcome=Outcome.ACHIEVED, text=RESULT)
        step(actions.close, ours, text=REASON, keep_reason="Nachbetreuung")
    with access.acting(ours):
        return Referral.objects.get(pk=referral.pk)


def client_of(member: Membership) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(member.user)
    return client


def surfaces(loop: Loop, referral: Referral) -> list[str]:
    """Every address at which something of a referral could be read."""
    one = ("detail", "recipient", "revise", "preview", "offer_next")
    many = ("inbox", "outbox", "export_inbox", "export_outbox", "panel_new", "panel_due", "panel_waiting")
    return [
        *(reverse(f"referrals:{name}", args=[referral.pk]) for name in one),
        *(reverse("referrals:act", args=[referral.pk, act]) for act in FORMS),
        *(reverse(f"referrals:{name}") + "?state=all" for name in many),
        reverse("referrals:of_case", args=[loop.case.pk]),
        reverse("referrals:new") + f"?fall={loop.case.pk}",
        reverse("cases:detail", args=[loop.case.pk]),
        reverse("cases:list"),
        reverse("agencies:start"),
    ]


def read_by(member: Membership, loop: Loop, referral: Referral, words: list[str]) -> dict[str, set[str]]:
    """Which of the words stand in which answer, headers included, whatever its status."""
    client, found = client_of(member), {}
    for url in surfaces(loop, referral):
        answer = client.get(url)
        assert answer.status_code < 500, url
        text = answer.content.decode() + str(answer.headers)
        if hits := {word for word in words if word in text}:
            found[url] = hits
    return found


def outsiders(loop: Loop) -> list[Membership]:
    """A third agency, and the other team, the administration and the data officer of each side."""
    team = loop.county.team("jobcenter", 2)
    return [
        loop.stranger,
        make_member(loop.county["jobcenter"], Role.FALLMANAGEMENT, teams=[team]),
        *(make_member(agency, Role.LEITUNG) for agency in (loop.county["jobcenter"], loop.agency)),
    ]


@pytest.mark.parametrize("to", ["jugendamt", "kvhs"])
def test_outsiders_read_nothing_on_any_page(county, to):
    loop = Loop(county, to=to)
    referral = told(loop)
    words = [*PERSON, *TALK, NOTE, REASON, RESULT, NECESSITY, loop.case.reference, str(referral.pk)]
    sender_reads = read_by(loop.sender, loop, referral, words)
    assert set().union(*sender_reads.values()) >= {"Geheimnis", *TALK, REASON, RESULT, NECESSITY}
    for member in outsiders(loop):
        assert read_by(member, loop, referral, words) == {}, member


def test_team_of_the_recipient_reads_what_came_to_it_and_no_other_team(county):
    loop = Loop(county, team=county.team("jugendamt", 1))
    referral = told(loop)
    inside = make_member(county["jugendamt"], Role.FACHDIENST)
    beside = make_member(county["jugendamt"], Role.FACHDIENST, teams=[county.team("jugendamt", 2)])
    words = [*PERSON, *TALK, RESULT, loop.case.reference]
    assert set().union(*read_by(inside, loop, referral, words).values()) >= {"Geheimnis", *TALK, RESULT}
    assert read_by(beside, loop, referral, words) == {}


def test_recipient_reads_neither_necessity_nor_what_was_not_released(loop, push):
    for one in (loop, push):
        referral = told(one)
        words = [NECESSITY, "Erforderlichkeit"]
        assert read_by(one.sender, one, referral, words)
        assert read_by(one.recipient, one, referral, words) == {}


def test_copy_is_closed_to_the_colleague_who_has_not_acknowledged(push):
    referral = told(push)
    words = [*PERSON, *TALK, NOTE, REASON, RESULT]
    assert set().union(*read_by(push.recipient, push, referral, words).values()) >= {"Geheimnis", *TALK}
    assert read_by(push.colleague, push, referral, words) == {}


@pytest.mark.parametrize("to", ["jugendamt", "kvhs"])
def test_after_the_end_the_recipient_reads_the_reason_and_nothing_else(county, to):
    loop = Loop(county, to=to)
    referral = told(loop, State.WITHDRAWN)
    found = read_by(loop.recipient, loop, referral, [*PERSON, *TALK, NOTE, REASON])
    assert found == {referral.get_absolute_url(): {REASON}}


def test_files_hold_names_and_states_but_no_texts(loop):
    told(loop)
    for member, box in ((loop.sender, "export_outbox"), (loop.recipient, "export_inbox")):
        answer = client_of(member).get(reverse(f"referrals:{box}"), {"state": "all"})
        text = answer.content.decode("utf-8-sig")
        assert loop.case.reference in text
        assert not [word for word in [*TALK, NOTE, REASON, RESULT, NECESSITY, "0170"] if word in text]
        assert "Geheimnis" not in str(answer.headers)


def test_file_of_who_may_not_browse_names_after_the_acknowledgement(push):
    told(push)
    chief = make_member(push.agency, Role.TEAMLEITUNG)
    for member, named in ((chief, False), (push.recipient, True)):
        text = client_of(member).get(reverse("referrals:export_inbox"), {"state": "all"}).content.decode()
        assert push.case.reference in text
        assert ("Geheimnis" in text) is named


@pytest.fixture
def box(settings) -> Iterator[Mailbox]:
    with receiving() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(found.address.rpartition(":")[2])
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield found


def forbidden_in_mails(loop: Loop, referral: Referral) -> list[str]:
    people = [part for m in Membership.objects.select_related("user") for part in m.name.split()]
    agencies = [agency.name for agency in Agency.objects.all()]
    ids = [str(referral.pk), str(loop.case.pk), str(referral.disclosure_id), loop.case.reference]
    texts = [*PERSON, *TALK, NOTE, REASON, RESULT, NECESSITY]
    return [*texts, *ids, *people, *agencies, *(str(category.label) for category in Category)]


@pytest.mark.parametrize("to", ["jugendamt", "kvhs"])
def test_mails_of_a_whole_loop_hold_a_count_and_a_link(county, box, to):
    loop = Loop(county, to=to)
    for member in (loop.sender, loop.recipient, loop.colleague):
        # An address may say who somebody is; the mail goes there and needs not repeat it.
        member.user.email = f"post{member.pk}@example.org"
        member.user.save()
    referral = told(loop)
    for job in ProcrastinateJob.objects.filter(task_name=mails.TASK):
        tasks.send_notice(**job.args)
    check(box, forbidden_in_mails(loop, referral))


@pytest.mark.parametrize("notice", mails.Notice)
@pytest.mark.parametrize("side", Side)
def test_each_kind_of_mail_holds_a_count_and_a_link(loop, box, monkeypatch, notice, side):
    """All of them, also those that only a clock sends: with the row that could leak before their eyes."""
    member = loop.member(side)
    member.user.email = "post@example.org"
    member.user.save()
    referral = told(loop)
    rows = Referral.objects.select_related("sender", "recipient", "sender_member", "disclosure", "case")
    monkeypatch.setattr(mails, "_waiting", lambda *_: rows.filter(pk=referral.pk))
    with access.acting(member):
        assert Message.objects.exists()
        assert mails.send(notice, member.agency, side, member) == 1
    check(box, forbidden_in_mails(loop, referral))


def check(box: Mailbox, forbidden: list[str]) -> None:
    assert box.mails
    for mail in box.mails:
        assert [word for word in forbidden if word.lower() in mail.text.lower()] == []
        links = [word for word in mail.text.split() if "://" in word]
        pages = {django_settings.SITE_URL + reverse(f"referrals:{name}") for name in ("inbox", "outbox")}
        assert len(links) == 1
        assert set(links) <= pages


def test_jobs_hold_ids_only(loop):
    referral = told(loop)
    kept = str(list(ProcrastinateJob.objects.values("args", "queueing_lock", "lock", "queue_name")))
    assert "send_notice" in str(list(ProcrastinateJob.objects.values("task_name")))
    assert [word for word in forbidden_in_mails(loop, referral) if word in kept] == []


def test_audit_holds_no_text(loop):
    told(loop)
    for member in (loop.sender, loop.recipient):
        with access.acting(member):
            kept = str(list(AuditEntry.objects.values("verb", "target", "detail")))
        assert "referral." in kept
        assert not [word for word in [*PERSON, *TALK, NOTE, REASON, RESULT, NECESSITY] if word in kept]


BROKEN = {
    "unique": "INSERT INTO auth_group (name) VALUES ('Geheimnis'), ('Geheimnis')",
    "row": "INSERT INTO auth_permission (name) VALUES ('Geheimnis')",
    "value": "SELECT 'Geheimnis'::integer",
}


def lines(caplog: pytest.LogCaptureFixture) -> str:
    """What the server log of a production would hold."""
    formatter = TraceFormatter("%(levelname)s %(name)s: %(message)s")
    for record in caplog.records:
        record.exc_text = None
    return "\n".join(formatter.format(record) for record in caplog.records if "backends" not in record.name)


@pytest.mark.parametrize("fault", BROKEN)
def test_failing_request_shows_and_logs_no_value(loop, caplog, monkeypatch, fault):
    """PostgreSQL says "Key (name)=(…) already exists", or quotes the whole row."""
    referral = loop.at(State.SENT)
    said = []

    def fail(*args: object, **kwargs: object) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(BROKEN[fault])
        except Exception as error:
            said.append(str(error))
            raise ValueError(*PERSON, REQUEST) from error

    monkeypatch.setattr(actions, "accept", fail)
    url = reverse("referrals:act", args=[referral.pk, Act.ACCEPT])
    with caplog.at_level(logging.INFO):
        answer = client_of(loop.recipient).post(url, {"seen": referral.version})
    assert answer.status_code == 500
    assert "Geheimnis" in said[0], "else this proves nothing"
    log = lines(caplog)
    assert "Internal Server Error" in log
    assert "builtins.ValueError" in log
    shown = answer.content.decode() + str(answer.headers)
    assert not [word for word in [*PERSON, REQUEST, loop.case.reference] if word in log + shown]


def test_denied_requests_log_no_value(loop, caplog):
    referral = told(loop)
    with caplog.at_level(logging.INFO):
        for member in (loop.stranger, loop.recipient, loop.sender):
            client = client_of(member)
            for url in surfaces(loop, referral):
                client.get(f"{url}{'&' if '?' in url else '?'}q=Geheimnis")
            for act in FORMS:
                data = {"seen": "1", "text": f"{REMARK} Geheimnis", "reason": "Geheimnis"}
                client.post(reverse("referrals:act", args=[referral.pk, act]), data)
    log = lines(caplog)
    assert "Not Found" in log
    assert "Forbidden" in log
    assert [word for word in [*PERSON, *TALK, REASON, RESULT, loop.case.reference] if word in log] == []
