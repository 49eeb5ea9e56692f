"""Turns the loop may take that nobody plans: colleagues, second thoughts, leads that move, data that end."""

import pytest

from agencies import access
from agencies.cases import actions as case_actions
from agencies.cases import disclosing
from agencies.cases.models import CaseGrant
from agencies.enums import Category, LegalBasis, Purpose
from agencies.errors import Conflict, Refused
from agencies.referrals import actions
from agencies.referrals.enums import Act, Outcome, Side, State
from agencies.referrals.models import Referral, Snapshot
from agencies.referrals.options import possible_acts
from agencies.roles import Role
from tests.factories.county import make_member
from tests.referrals.loop import Loop


def fresh(loop: Loop, referral: Referral) -> Referral:
    with access.acting(loop.sender):
        return Referral.objects.get(pk=referral.pk)


def test_colleague_accepts_and_whoever_was_put_in_charge_stays(loop: Loop) -> None:
    """A specialist distributes nothing, but may say yes for the agency."""
    assigned = loop.do(Act.ASSIGN, loop.at(State.RECEIVED), loop.recipient)
    second = make_member(loop.agency, Role.FACHDIENST)
    with access.acting(second):
        accepted = actions.accept(assigned, by=second)
    assert (accepted.accepted_by, accepted.assigned_to) == (second, loop.colleague)


def test_accepting_after_the_one_in_charge_has_left(loop: Loop) -> None:
    assigned = loop.do(Act.ASSIGN, loop.at(State.RECEIVED), loop.recipient)
    loop.colleague.is_active = False
    loop.colleague.save()
    second = make_member(loop.agency, Role.FACHDIENST)
    with access.acting(second):
        assert actions.accept(assigned, by=second).assigned_to == second


@pytest.mark.parametrize("end", ["revoked", "living"])
def test_accepting_needs_living_data(loop: Loop, end: str) -> None:
    received = loop.at(State.RECEIVED)
    if end == "living":
        assert loop.do(Act.ACCEPT, received, loop.recipient).state == State.ACCEPTED
        return
    with access.acting(loop.sender):
        disclosing.revoke(received.disclosure, reason="Einwilligung widerrufen", by=loop.sender)
    with pytest.raises(Refused, match="Datenübermittlung ist beendet"):
        loop.do(Act.ACCEPT, received, loop.recipient)
    assert loop.do(Act.DECLINE, received, loop.recipient).state == State.DECLINED


def test_work_begun_is_reported_though_the_data_have_ended(loop: Loop) -> None:
    started = loop.at(State.STARTED)
    with access.acting(loop.sender):
        disclosing.revoke(started.disclosure, reason="Einwilligung widerrufen", by=loop.sender)
    assert loop.do(Act.RECORD_OUTCOME, started, loop.recipient).outcome == Outcome.ACHIEVED


def test_reopened_referral_has_its_turn_and_clock_again(loop: Loop) -> None:
    """Also when a new referral had been begun from the closed one."""
    closed = loop.at(State.CLOSED)
    with access.acting(loop.sender):
        actions.offer_next(closed, recipient=loop.county["kvhs"], by=loop.sender)
    reopened = loop.do(Act.REOPEN, fresh(loop, closed), loop.sender)
    assert (reopened.turn, reopened.remind_on is not None) == (Side.RECIPIENT, True)


def test_discarding_a_draft_leaves_a_reopened_referral_alone(loop: Loop) -> None:
    closed = loop.at(State.CLOSED)
    with access.acting(loop.sender):
        draft = actions.offer_next(closed, recipient=loop.county["kvhs"], by=loop.sender)
    reopened = loop.do(Act.REOPEN, fresh(loop, closed), loop.sender)
    loop.do(Act.DISCARD, draft, loop.sender)
    after = fresh(loop, closed)
    assert (after.version, after.remind_on) == (reopened.version, reopened.remind_on)


def test_draft_after_rerouting_thrown_away_is_not_the_end(loop: Loop) -> None:
    """Otherwise the person would fall out of the loop without a trace in any list."""
    rerouted = loop.at(State.REROUTED)
    assert Act.OFFER_NEXT not in possible_acts(rerouted, loop.sender)
    with access.acting(loop.sender):
        draft = Referral.objects.get(state=State.DRAFT)
    loop.do(Act.DISCARD, draft, loop.sender)
    rerouted = fresh(loop, rerouted)
    assert rerouted.turn == Side.SENDER
    assert rerouted.remind_on is not None
    with access.acting(loop.sender):
        assert list(Referral.objects.waiting_on(Side.SENDER)) == [rerouted]
        again = actions.offer_next(rerouted, recipient=loop.county["sozialamt"], by=loop.sender)
        assert (again.state, again.previous_id) == (State.DRAFT, rerouted.pk)


def test_draft_is_discarded_though_the_lead_has_moved_away(loop: Loop) -> None:
    """First to the agency's other team, whose draft it then is, then to another agency."""
    declined = loop.at(State.DECLINED)
    chief = loop.county.member("jobcenter", Role.TEAMLEITUNG)
    other = loop.county.team("jobcenter", 2)
    with access.acting(chief):
        case_actions.assign(loop.case, team=other, manager=None, by=chief)
    second = make_member(loop.county["jobcenter"], Role.FALLMANAGEMENT, teams=[other])
    with access.acting(second):
        draft = actions.offer_next(
            Referral.objects.get(pk=declined.pk), recipient=loop.county["kvhs"], by=second
        )
        disclosing.move_lead(
            access.case(second, loop.case.pk),
            team=loop.county.team("sozialamt"),
            categories=Category,
            legal_basis=LegalBasis.CONSENT,
            necessity="Umzug",
            by=second,
        )
    with access.acting(second):
        assert not Referral.objects.filter(pk=declined.pk).exists()
        actions.discard(draft, by=second)
        assert not Referral.objects.filter(pk=draft.pk).exists()


def test_rerouting_to_who_may_not_browse_ends_in_a_copy(loop: Loop) -> None:
    with access.acting(loop.recipient):
        proposed = actions.propose_reroute(
            loop.at(State.RECEIVED), agency=loop.county["kvhs"], by=loop.recipient
        )
    draft = loop.do(Act.CONFIRM_REROUTE, proposed, loop.sender)
    assert (draft.purpose, draft.legal_basis) == (Purpose.LANGUAGE_COURSE, LegalBasis.CONSENT)
    sent = loop.do(Act.SEND, draft, loop.sender)
    school = loop.county.member("kvhs")
    with access.acting(school):
        assert Snapshot.objects.filter(referral=sent).exists()
        assert not CaseGrant.objects.exists()
        assert access.open_referral(school, sent.pk).released.must_acknowledge


def test_rerouting_to_the_immigration_authority_is_decided_by_a_lead(loop: Loop) -> None:
    with access.acting(loop.recipient):
        proposed = actions.propose_reroute(
            loop.at(State.RECEIVED), agency=loop.county["auslaenderbehoerde"], by=loop.recipient
        )
    draft = loop.do(Act.CONFIRM_REROUTE, proposed, loop.sender)
    with access.acting(loop.sender):
        Referral.objects.filter(pk=draft.pk).update(beyond_reason="Nur zur Identifikation.")
    with pytest.raises(Refused, match="Teamleitung"):
        loop.do(Act.SEND, draft, loop.sender)
    chief = loop.county.member("jobcenter", Role.TEAMLEITUNG)
    assert loop.do(Act.SEND, draft, chief).state == State.SENT


def test_rerouting_to_a_closed_agency_is_refused(loop: Loop) -> None:
    proposed = loop.do(Act.PROPOSE_REROUTE, loop.at(State.RECEIVED), loop.recipient)
    loop.county["sozialamt"].is_active = False
    loop.county["sozialamt"].save()
    with pytest.raises(Refused, match="nimmt zurzeit keine"):
        loop.do(Act.CONFIRM_REROUTE, proposed, loop.sender)


def test_never_accepted_is_never_reopened(loop: Loop) -> None:
    closed = loop.do(Act.CLOSE, loop.at(State.DECLINED), loop.sender)
    assert Act.REOPEN not in possible_acts(closed, loop.sender)
    with pytest.raises(Refused):
        loop.do(Act.REOPEN, closed, loop.sender)


def test_new_lead_is_told_of_an_open_request_it_cannot_see(loop: Loop) -> None:
    """The former lead's referral is hidden from it; the constraint of the database is not."""
    loop.at(State.SENT)
    with access.acting(loop.sender):
        disclosing.move_lead(
            loop.case,
            team=loop.county.team("sozialamt"),
            categories=Category,
            legal_basis=LegalBasis.CONSENT,
            necessity="Umzug",
            by=loop.sender,
        )
    new = loop.county.member("sozialamt")
    with access.acting(new):
        draft = actions.draft(access.case(new, loop.case.pk), by=new, **loop.terms())
        with pytest.raises(Refused, match="läuft dort bereits"):
            actions.send(draft, by=new)
        assert Referral.objects.get().state == State.DRAFT


def test_conflict_names_who_referred_anew_not_who_declined(loop: Loop) -> None:
    shown = loop.at(State.DECLINED)
    chief = loop.county.member("jobcenter", Role.TEAMLEITUNG)
    with access.acting(chief):
        actions.offer_next(shown, recipient=loop.county["kvhs"], by=chief)
    with pytest.raises(Conflict) as told:
        loop.do(Act.PARK, shown, loop.sender)
    assert chief.name in str(told.value)
    assert loop.county["kvhs"].short_name in str(told.value)
    assert loop.recipient.name not in str(told.value)


def test_conflict_over_a_draft_names_who_changed_it(loop: Loop) -> None:
    draft = loop.draft()
    chief = loop.county.member("jobcenter", Role.TEAMLEITUNG)
    loop.do(Act.REVISE, draft, chief)
    with pytest.raises(Conflict, match=chief.name):
        loop.do(Act.REVISE, draft, loop.sender)


def test_conflict_with_oneself_says_so(loop: Loop) -> None:
    received = loop.at(State.RECEIVED)
    loop.do(Act.ACCEPT, received, loop.recipient)
    with pytest.raises(Conflict, match="Sie selbst"):
        loop.do(Act.ACCEPT, received, loop.recipient)
