"""What the recipient sees: exactly the preview, live or frozen, and only while it may."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import Http404
from django.utils import timezone

from agencies import access
from agencies.cases import disclosing
from agencies.cases.actions import add_note, update_section
from agencies.cases.models import Case, Disclosure
from agencies.enums import Category
from agencies.errors import Refused
from agencies.models import ReadLog
from agencies.referrals import actions, presenting, sending
from agencies.referrals.enums import Act, State
from agencies.referrals.models import Message, SnapshotContent
from tests.factories.county import make_member
from tests.referrals.loop import Loop


def previewed(loop: Loop) -> list[presenting.Part]:
    with access.acting(loop.sender):
        return presenting.preview(loop.case, loop.agency, ["identity", "contact"])


def contents(member: object) -> int:
    with access.acting(member):  # type: ignore[arg-type]
        return SnapshotContent.objects.count()


def test_live_recipient_sees_the_preview(loop: Loop) -> None:
    with access.acting(loop.sender):
        add_note(loop.case, category=Category.CONTACT, text="Nur vormittags.", by=loop.sender)
        add_note(loop.case, category=Category.HEALTH, text="Befund", by=loop.sender)
    shown = previewed(loop)
    assert [part.category for part in shown] == ["identity", "contact"]
    assert [row.value for row in shown[1].rows][-1] == "Nur vormittags."
    sent = loop.at(State.SENT)
    with access.acting(loop.recipient):
        released = access.open_referral(loop.recipient, sent.pk).released
    assert released == presenting.Released(parts=shown)


def test_snapshot_recipient_sees_the_preview(push: Loop) -> None:
    with access.acting(push.sender):
        add_note(push.case, category=Category.CONTACT, text="Nur vormittags.", by=push.sender)
    shown = previewed(push)
    assert "Nur vormittags." not in str(shown)
    sent = push.at(State.SENT)
    with access.acting(push.recipient):
        actions.acknowledge(sent, by=push.recipient)
        assert access.open_referral(push.recipient, sent.pk).released.parts == shown
        assert not Case.objects.exists(), "never a grant on the live case"


def test_snapshot_stays_as_it_was(push: Loop) -> None:
    shown = previewed(push)
    sent = push.at(State.SENT)
    with access.acting(push.sender):
        seen = {"phone": "0170 4711"}
        update_section(push.case, Category.CONTACT, {"phone": "0170 9999"}, seen=seen, by=push.sender)
        assert access.open_referral(push.sender, sent.pk).released.parts == shown, (
            "the sender sees what was released"
        )
    with access.acting(push.recipient):
        actions.acknowledge(sent, by=push.recipient)
        assert access.open_referral(push.recipient, sent.pk).released.parts == shown


def test_snapshot_opens_to_who_acknowledged(push: Loop) -> None:
    sent = push.at(State.SENT)
    with access.acting(push.recipient):
        assert access.open_referral(push.recipient, sent.pk).released.must_acknowledge
        assert not Message.objects.exists()
        with pytest.raises(Refused, match="Zweckbindung"):
            actions.ask(sent, text="Seit wann?", by=push.recipient)
        actions.acknowledge(sent, by=push.recipient)
        actions.acknowledge(sent, by=push.recipient)
    assert [contents(m) for m in (push.recipient, push.colleague, push.stranger)] == [2, 0, 0]
    with access.acting(push.recipient):
        assert Message.objects.count() == 1


@pytest.mark.parametrize("end", ["withdraw", "revoke"])
def test_ended_snapshot_is_unreadable_on_the_next_query(push: Loop, end: str) -> None:
    sent = push.at(State.SENT)
    with access.acting(push.recipient):
        actions.acknowledge(sent, by=push.recipient)
    assert contents(push.recipient) == 2
    if end == "withdraw":
        push.do(Act.WITHDRAW, sent, push.sender)
    else:
        with access.acting(push.sender):
            disclosing.revoke(sent.disclosure, reason="Widerruf", by=push.sender)
    assert contents(push.recipient) == 0
    with access.acting(push.recipient):
        assert access.open_referral(push.recipient, sent.pk).released.is_over


@pytest.mark.django_db(transaction=True)
def test_expired_snapshot_is_unreadable(push: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its date alone: no job has run, nobody has done anything."""
    soon = timezone.now() + timedelta(seconds=1)
    monkeypatch.setattr(sending, "end_of", lambda day: soon)
    sent = push.at(State.SENT)
    with access.acting(push.recipient):
        actions.acknowledge(sent, by=push.recipient)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep_until(%s)", [soon])
    assert contents(push.recipient) == 0
    with access.acting(push.recipient):
        assert access.open_referral(push.recipient, sent.pk).released.is_over


@pytest.mark.parametrize(
    "table", ["referralevent", "message", "snapshot", "snapshotcontent", "acknowledgement"]
)
def test_application_changes_nothing_that_was_kept(push: Loop, table: str) -> None:
    push.at(State.SENT)
    for statement in (f"DELETE FROM referrals_{table}", f"UPDATE referrals_{table} SET id = id"):
        with (
            access.acting(push.sender),
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_reading_is_logged_with_categories(push: Loop) -> None:
    sent = push.at(State.SENT)
    with access.acting(push.recipient):
        found = access.open_referral(push.recipient, sent.pk)
        actions.acknowledge(found, by=push.recipient)
        access.open_referral(push.recipient, sent.pk)
        rows = list(ReadLog.objects.values_list("surface", "categories", "case_ids", "disclosure_id"))
    assert sorted(rows) == [
        ("referral", [], [push.case.pk], sent.disclosure_id),
        ("snapshot", ["identity", "contact"], [push.case.pk], sent.disclosure_id),
    ]


TABLES = ["referral", "referralevent", "message", "snapshot", "snapshotcontent", "acknowledgement"]


@pytest.mark.parametrize("state", State)
def test_third_agency_sees_nothing(push: Loop, state: State) -> None:
    referral = push.at(state) if state != State.QUESTION else push.at(State.SENT)
    with access.acting(push.stranger), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM referrals_{table}")
            assert cursor.fetchone() == (0,), table
        assert access.referral_count(push.stranger) == 0
        assert list(access.referrals(push.stranger)) == list(access.referrals(push.stranger, "out")) == []
        with pytest.raises(Http404):
            access.referral(push.stranger, referral.pk)


def test_without_context_there_is_nothing(push: Loop) -> None:
    push.at(State.SENT)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM referrals_{table}")
            assert cursor.fetchone() == (0,), table


def test_recipient_sees_no_drafts(loop: Loop) -> None:
    draft = loop.draft()
    assert loop.seen_by(loop.recipient) == []
    with access.acting(loop.recipient), pytest.raises(Http404):
        access.referral(loop.recipient, draft.pk)


def test_other_team_of_the_sender_sees_nothing(loop: Loop) -> None:
    from agencies.roles import Role

    loop.at(State.SENT)
    other = make_member(
        loop.county["jobcenter"], Role.FALLMANAGEMENT, teams=[loop.county.team("jobcenter", 2)]
    )
    assert loop.seen_by(other) == []


def test_names_come_only_with_access(push: Loop) -> None:
    """In the box of a recipient that may not browse: after acknowledgement, and logged."""
    push.at(State.SENT)
    with access.acting(push.recipient):
        (row,) = access.name_referrals(push.recipient, access.referrals(push.recipient))
        assert (row.person, row.case_reference) == ("", push.case.reference)
        assert not ReadLog.objects.exists()
        actions.acknowledge(row, by=push.recipient)
        (row,) = access.name_referrals(push.recipient, access.referrals(push.recipient))
        assert row.person == "Geheimnis, Mohammed"
        assert ReadLog.objects.get().case_ids == [push.case.pk]
        assert access.referral_count(push.recipient) == 1
        assert access.referral_count(push.sender) == 0


def test_sharing_of_a_referral_ends_on_the_day_the_form_names(loop):
    referral = loop.at(State.SENT)
    with access.acting(loop.sender):
        (end,) = Disclosure.objects.filter(referral=referral.pk).values_list("valid_until", flat=True)
    assert timezone.localdate(end) == referral.valid_until
