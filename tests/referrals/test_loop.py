"""The loop itself: ends, outcomes, conflicts, what follows a refusal."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies import access
from agencies.cases.models import CaseGrant, Disclosure
from agencies.enums import Category, LegalBasis, Purpose
from agencies.errors import Conflict, Refused
from agencies.models import AuditEntry
from agencies.referrals import actions
from agencies.referrals.enums import Act, DeclineReason, FollowUp, Outcome, Side, State
from agencies.referrals.models import Message, Referral, ReferralEvent
from agencies.roles import Role
from tests.factories.county import make_member
from tests.referrals.loop import Loop

BROKEN_ROWS = {
    "closing_needs_an_outcome": (State.STARTED, {"state": State.CLOSED, "closed_at": timezone.now()}),
    "declining_needs_a_reason": (State.RECEIVED, {"state": State.DECLINED, "closed_at": timezone.now()}),
    "taken_on_by_someone": (State.RECEIVED, {"state": State.ACCEPTED}),
    "over_has_a_date": (State.RECEIVED, {"state": State.WITHDRAWN}),
    "only_declined_referrals_wait": (State.RECEIVED, {"parked_until": timezone.localdate()}),
    "referral_dates_ordered": (State.ACCEPTED, {"answered_at": timezone.now() - timedelta(days=9)}),
    "only_drafts_are_unsent": (State.DRAFT, {"state": State.SENT}),
    "referral_state_known": (
        State.RECEIVED,
        {"state": "lost", "closed_at": timezone.now() + timedelta(days=1)},
    ),
}


@pytest.mark.parametrize("constraint", BROKEN_ROWS)
def test_database_refuses_broken_rows(loop: Loop, constraint: str) -> None:
    state, values = BROKEN_ROWS[constraint]
    referral = loop.at(state)
    with access.acting(loop.sender), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(**values)


@pytest.mark.parametrize("column", ["recipient", "recipient_group", "categories", "purpose", "valid_until"])
def test_what_was_sent_stands(loop: Loop, column: str) -> None:
    """Not even with SQL can a recipient pass a referral on, or a sender change what it released."""
    referral = loop.at(State.RECEIVED)
    other = loop.county["sozialamt"]
    value = {
        "recipient": other.pk,
        "recipient_group": other.group_id,
        "categories": ["identity"],
        "purpose": Purpose.ADVICE,
        "valid_until": referral.valid_until + timedelta(days=900),
    }[column]
    for member in (loop.sender, loop.recipient):
        with access.acting(member), pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.filter(pk=referral.pk).update(**{column: value})


def test_whole_loop_keeps_its_history(loop: Loop) -> None:
    referral = loop.at(State.QUESTION)
    loop.do(Act.ANSWER, referral, loop.sender)
    with access.acting(loop.sender):
        referral = Referral.objects.get(pk=referral.pk)
    for act, member in [
        (Act.ACCEPT, loop.recipient),
        (Act.START, loop.recipient),
        (Act.RECORD_OUTCOME, loop.recipient),
        (Act.CLOSE, loop.sender),
    ]:
        referral = loop.do(act, referral, member)
    assert (referral.state, referral.outcome) == (State.CLOSED, Outcome.ACHIEVED)
    with access.acting(loop.sender):
        events = [
            (e.act, e.by.agency_id == loop.sender.agency_id)
            for e in ReferralEvent.objects.select_related("by")
        ]
        spoken = list(Message.objects.values_list("kind", "text"))
    assert events == [
        ("send", True),
        ("receive", False),
        ("ask", False),
        ("answer", True),
        ("accept", False),
        ("start", False),
        ("record_outcome", False),
        ("close", True),
    ]
    assert spoken == [
        ("request", "Bitte die Familie Geheimnis beraten."),
        ("question", "Seit wann?"),
        ("answer", "Ja."),
    ]


def test_audit_holds_no_text(loop: Loop) -> None:
    loop.at(State.CLOSED)
    with access.acting(loop.sender):
        kept = str(
            list(AuditEntry.objects.filter(verb__startswith="referral.").values_list("detail", "target"))
        )
    assert "Geheimnis" not in kept
    assert "beraten" not in kept


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN, State.EXPIRED, State.REROUTED])
def test_unsuccessful_end_ends_access_at_once(loop: Loop, state: State) -> None:
    before = loop.at(State.RECEIVED)
    with access.acting(loop.recipient):
        assert CaseGrant.objects.filter(content_object=loop.case).exists()
    loop.do(Act.WITHDRAW, before, loop.sender)
    referral = loop.at(state)
    with access.acting(loop.recipient):
        assert not CaseGrant.objects.filter(content_object=loop.case).exists()
        assert not Message.objects.exists()
        assert access.open_referral(loop.recipient, referral.pk).released.is_over
    with access.acting(loop.sender):
        disclosure = Disclosure.objects.get(pk=referral.disclosure_id)
        assert disclosure.revoked_reason == State(state).label


def test_declining_records_who_ended_the_disclosure(loop: Loop) -> None:
    referral = loop.at(State.DECLINED)
    with access.acting(loop.sender):
        assert Disclosure.objects.get(pk=referral.disclosure_id).revoked_by == loop.recipient


def test_closing_keeps_access_until_its_date(loop: Loop) -> None:
    loop.at(State.CLOSED)
    with access.acting(loop.recipient):
        assert CaseGrant.objects.filter(content_object=loop.case).exists()


def test_recipient_ends_no_other_disclosure(loop: Loop) -> None:
    """The database function works in an ending state, for the two agencies of the referral only."""
    from django.db import connection

    referral = loop.at(State.RECEIVED)
    for member in (loop.recipient, loop.stranger):
        with access.acting(member), connection.cursor() as cursor:
            cursor.execute("SELECT end_referral_disclosure(%s, 'weg')", [referral.pk])
    with access.acting(loop.sender):
        assert Disclosure.objects.get(pk=referral.disclosure_id).is_active


def test_two_members_at_once_one_wins(loop: Loop) -> None:
    """Both were shown the same version; the second is told who did what."""
    shown = loop.at(State.RECEIVED)
    loop.do(Act.ACCEPT, shown, loop.recipient)
    with pytest.raises(Conflict) as told:
        loop.do(Act.DECLINE, shown, loop.colleague)
    text = str(told.value)
    assert loop.recipient.name in text
    assert "Annehmen" in text
    assert "angenommen" in text


def test_form_shown_before_a_change_is_a_conflict(loop: Loop) -> None:
    shown = loop.at(State.ACCEPTED)
    loop.do(Act.TAKE_ON, shown, loop.recipient)
    with access.acting(loop.recipient):
        fresh = Referral.objects.get(pk=shown.pk)
        with pytest.raises(Conflict):
            actions.start(fresh, by=loop.recipient, seen=shown.version)
        assert actions.start(fresh, by=loop.recipient, seen=fresh.version).state == State.STARTED


def test_reading_and_writing_messages_conflicts_with_nobody(loop: Loop) -> None:
    shown = loop.at(State.SENT)
    loop.do(Act.RECEIVE, shown, loop.recipient)
    loop.do(Act.REMARK, shown, loop.recipient)
    assert loop.do(Act.WITHDRAW, shown, loop.sender).state == State.WITHDRAWN


def test_same_request_is_open_only_once(loop: Loop) -> None:
    loop.at(State.SENT)
    second = loop.draft()
    with pytest.raises(Refused, match="läuft dort bereits"):
        loop.do(Act.SEND, second, loop.sender)


def test_sending_needs_request_and_necessity(loop: Loop) -> None:
    for field in ("request", "necessity"):
        draft = loop.draft(**{field: "  "})
        with pytest.raises(Refused):
            loop.do(Act.SEND, draft, loop.sender)


def test_sending_after_the_lead_is_gone_is_refused(loop: Loop) -> None:
    from agencies.cases import disclosing

    draft = loop.draft()
    with access.acting(loop.sender):
        disclosing.move_lead(
            loop.case,
            team=loop.county.team("sozialamt"),
            categories=Category,
            legal_basis=LegalBasis.CONSENT,
            necessity="Umzug",
            by=loop.sender,
        )
    with pytest.raises(Refused, match="andere Stelle"):
        loop.do(Act.SEND, draft, loop.sender)
    with access.acting(loop.county.member("sozialamt")):
        assert not Referral.objects.exists(), "the former lead's referrals are not the new lead's"


def test_immigration_authority_needs_a_named_decision(loop: Loop) -> None:
    draft = loop.draft(
        recipient=loop.county["auslaenderbehoerde"],
        purpose=Purpose.RESIDENCE_QUESTION,
        legal_basis=LegalBasis.RESIDENCE_LAW,
        categories=[Category.IDENTITY, Category.RESIDENCE],
    )
    with pytest.raises(Refused, match="Teamleitung"):
        loop.do(Act.SEND, draft, loop.sender)
    lead = loop.county.member("jobcenter", Role.TEAMLEITUNG)
    assert loop.do(Act.SEND, draft, lead).sender_member == lead


def test_each_decline_reason_names_a_next_step() -> None:
    assert {Referral(decline_reason=reason).follow_up for reason in DeclineReason} == set(FollowUp)


def test_next_agency_gets_a_prefilled_draft(loop: Loop) -> None:
    """Boxes start from what is usual there; nothing tells the new agency of the refusal."""
    declined = loop.at(State.DECLINED)
    with access.acting(loop.sender):
        draft = actions.offer_next(declined, recipient=loop.county["kvhs"], by=loop.sender)
    assert (draft.state, draft.previous_id) == (State.DRAFT, declined.pk)
    assert draft.purpose == Purpose.LANGUAGE_COURSE
    assert draft.categories == ["identity", "contact", "language"]
    assert draft.request == "Bitte die Familie Geheimnis beraten."
    loop.do(Act.SEND, draft, loop.sender)
    assert [r.pk for r in loop.seen_by(loop.county.member("kvhs"))] == [draft.pk]


def test_rerouting_waits_for_the_sender_and_ends_here(loop: Loop) -> None:
    proposed = loop.do(Act.PROPOSE_REROUTE, loop.at(State.RECEIVED), loop.recipient)
    assert loop.seen_by(loop.stranger) == []
    draft = loop.do(Act.CONFIRM_REROUTE, proposed, loop.sender)
    assert (draft.recipient, draft.state) == (loop.county["sozialamt"], State.DRAFT)
    assert [r.state for r in loop.seen_by(loop.recipient)] == [State.REROUTED]
    assert loop.seen_by(loop.stranger) == []


def test_reopening_needs_a_reason_and_living_data(loop: Loop) -> None:
    closed = loop.at(State.CLOSED)
    with access.acting(loop.sender):
        with pytest.raises(Refused, match="Begründung"):
            actions.reopen(closed, reason=" ", by=loop.sender)
        reopened = actions.reopen(closed, reason="Neuer Termin.", by=loop.sender)
    assert (reopened.state, reopened.outcome) == (State.ACCEPTED, "")
    with access.acting(loop.sender):
        assert ReferralEvent.objects.filter(act=Act.REOPEN, text="Neuer Termin.").exists()


def test_reopening_after_the_data_ended_is_refused(loop: Loop) -> None:
    from agencies.cases import disclosing

    closed = loop.at(State.CLOSED)
    with access.acting(loop.sender):
        disclosing.revoke(closed.disclosure, reason="Einwilligung widerrufen", by=loop.sender)
        with pytest.raises(Refused, match="beendet"):
            actions.reopen(closed, reason="Neuer Termin.", by=loop.sender)


def test_drop_out_is_closed_with_its_outcome(loop: Loop) -> None:
    dropped = loop.at(State.DROPPED_OUT)
    assert dropped.outcome == Outcome.DROPPED_OUT
    assert loop.do(Act.CLOSE, dropped, loop.sender).state == State.CLOSED


def test_only_members_of_the_box_take_charge(loop: Loop) -> None:
    """Sent to a team: its members, not those of another team or agency, nor who is deactivated."""
    loop.team = loop.county.team("jugendamt", 1)
    referral = loop.at(State.RECEIVED)
    elsewhere = make_member(
        loop.county["jugendamt"], Role.SACHBEARBEITUNG, teams=[loop.county.team("jugendamt", 2)]
    )
    gone = make_member(loop.county["jugendamt"], Role.SACHBEARBEITUNG)
    gone.is_active = False
    gone.save()
    office = loop.county.member("jugendamt", Role.DATENSCHUTZ)
    for member in (elsewhere, gone, office, loop.stranger):
        with access.acting(loop.recipient), pytest.raises(Refused):
            actions.assign(referral, to=member, by=loop.recipient)
    assert loop.seen_by(elsewhere) == []
    assert loop.do(Act.ASSIGN, referral, loop.recipient).assigned_to == loop.colleague


def test_ended_referral_waits_until_something_follows(loop: Loop) -> None:
    """A refusal stays the sender's turn until it is referred anew, put aside or closed with an outcome."""

    def waiting() -> list[str]:
        with access.acting(loop.sender):
            return [r.state for r in Referral.objects.waiting_on(Side.SENDER)]

    declined = loop.at(State.DECLINED)
    assert waiting() == ["declined"]
    draft = loop.do(Act.OFFER_NEXT, declined, loop.sender)
    assert waiting() == []
    assert loop.do(Act.OFFER_NEXT, declined, loop.sender) == draft
    loop.do(Act.DISCARD, draft, loop.sender)
    assert waiting() == ["declined"]
    with access.acting(loop.sender):
        declined = Referral.objects.get(pk=declined.pk)
        with pytest.raises(Refused, match="Ohne Ergebnis"):
            actions.close(declined, by=loop.sender)
    parked = loop.do(Act.PARK, declined, loop.sender)
    assert waiting() == []
    closed = loop.do(Act.CLOSE, parked, loop.sender)
    assert (closed.state, closed.outcome, closed.parked_until) == (State.CLOSED, Outcome.NO_NEED, None)


def test_closing_without_outcome_is_refused(loop: Loop) -> None:
    started = loop.at(State.STARTED)
    with access.acting(loop.sender), pytest.raises(Refused):
        actions.close(started, outcome=Outcome.ACHIEVED, by=loop.sender)


def test_discarded_draft_is_gone(loop: Loop) -> None:
    draft = loop.draft()
    loop.do(Act.DISCARD, draft, loop.sender)
    assert loop.seen_by(loop.sender) == []
