"""Referrals brought to any state, by the members who would do it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies import access
from agencies.cases.models import Case
from agencies.cases.sharing import bases_for
from agencies.enums import Category, LegalBasis, Purpose
from agencies.models import Agency, Membership, Team
from agencies.referrals import actions
from agencies.referrals.enums import Act, DeclineReason, Outcome, Side, State
from agencies.referrals.models import Referral
from agencies.roles import Role
from tests.factories import County, open_case
from tests.factories.county import make_member

PURPOSES = {"jugendamt": Purpose.YOUTH_WELFARE, "kvhs": Purpose.LANGUAGE_COURSE}


class Loop:
    """A sender, a recipient and one case; ``at`` makes a referral in a given state."""

    def __init__(self, county: County, *, to: str = "jugendamt", team: Team | None = None) -> None:
        self.county, self.to, self.team = county, to, team
        self.sender = county.member("jobcenter")
        self.recipient = county.member(to, Role.TEAMLEITUNG)
        self.colleague = make_member(county[to], Role.FACHDIENST)
        self.stranger = county.member("sozialamt", Role.TEAMLEITUNG)
        self.case: Case = open_case(
            self.sender, family_name="Geheimnis", sections={Category.CONTACT: {"phone": "0170 4711"}}
        )

    def member(self, side: Side) -> Membership:
        return self.sender if side == Side.SENDER else self.recipient

    @property
    def agency(self) -> Agency:
        return self.county[self.to]

    def terms(self, **changes: Any) -> dict[str, Any]:
        """What a draft needs, all of it in order."""
        return {
            "recipient": self.agency,
            "team": self.team,
            "purpose": PURPOSES.get(self.to, Purpose.ADVICE),
            "legal_basis": bases_for(self.agency.kind)[0],
            "categories": [Category.IDENTITY, Category.CONTACT],
            "necessity": "Ohne die Angaben ist keine Beratung möglich.",
            "beyond_reason": "",
            "valid_until": timezone.localdate() + timedelta(days=90),
            "request": "Bitte die Familie Geheimnis beraten.",
            **changes,
        }

    def draft(self, **changes: Any) -> Referral:
        with access.acting(self.sender):
            return actions.draft(self.case, by=self.sender, **self.terms(**changes))

    def do(self, act: Act, referral: Referral, by: Membership, **values: Any) -> Any:
        """Do an act with values that fit it."""
        with access.acting(by):
            return ACTS[act](self, referral, by, values)

    def at(self, state: State, **changes: Any) -> Referral:
        """A new referral in the state."""
        referral = self.draft(**changes)
        for act, side in STEPS[state]:
            done = self.do(act, referral, self.member(side))
            with access.acting(self.member(Side.SENDER)):
                referral = Referral.objects.get(pk=referral.pk)
            del done
        return referral

    def seen_by(self, member: Membership) -> list[Referral]:
        """What the database shows a member, past every check of the application."""
        with access.acting(member):
            return list(Referral.objects.all())


R, S = Side.RECIPIENT, Side.SENDER
SENT = [(Act.SEND, S)]
RECEIVED = [*SENT, (Act.RECEIVE, R)]
ACCEPTED = [*RECEIVED, (Act.ACCEPT, R)]
STARTED = [*ACCEPTED, (Act.START, R)]
STEPS: dict[State, list[tuple[Act, Side]]] = {
    State.DRAFT: [],
    State.SENT: SENT,
    State.RECEIVED: RECEIVED,
    State.QUESTION: [*RECEIVED, (Act.ASK, R)],
    State.ACCEPTED: ACCEPTED,
    State.STARTED: STARTED,
    State.OUTCOME: [*STARTED, (Act.RECORD_OUTCOME, R)],
    State.CLOSED: [*STARTED, (Act.RECORD_OUTCOME, R), (Act.CLOSE, S)],
    State.DECLINED: [*RECEIVED, (Act.DECLINE, R)],
    State.REROUTED: [*RECEIVED, (Act.PROPOSE_REROUTE, R), (Act.CONFIRM_REROUTE, S)],
    State.WITHDRAWN: [*SENT, (Act.WITHDRAW, S)],
    State.EXPIRED: [*SENT, (Act.EXPIRE, S)],
    State.DROPPED_OUT: [*STARTED, (Act.DROP_OUT, R)],
}


def _expire(loop: Loop, referral: Referral, by: Membership, values: dict[str, Any]) -> Any:
    from agencies.referrals import tasks

    assert referral.expires_on
    return tasks.run_clocks(referral.expires_on)


ACTS: dict[Act, Callable[[Loop, Referral, Membership, dict[str, Any]], Any]] = {
    Act.REVISE: lambda loop, r, by, v: actions.revise(r, by=by, **loop.terms(), **v),
    Act.DISCARD: lambda loop, r, by, v: actions.discard(r, by=by, **v),
    Act.SEND: lambda loop, r, by, v: actions.send(r, by=by, **v),
    Act.WITHDRAW: lambda loop, r, by, v: actions.withdraw(r, reason="Doch nicht.", by=by, **v),
    Act.ANSWER: lambda loop, r, by, v: actions.answer(r, text="Ja.", by=by, **v),
    Act.CONFIRM_REROUTE: lambda loop, r, by, v: actions.confirm_reroute(r, by=by, **v),
    Act.REJECT_REROUTE: lambda loop, r, by, v: actions.reject_reroute(r, by=by, **v),
    # The data stay, so that the referral can be opened again; what ends with closing has its own tests.
    Act.CLOSE: lambda loop, r, by, v: actions.close(
        r, **{"outcome": r.outcome or Outcome.NO_NEED, "keep_reason": "Nachbetreuung", **v}, by=by
    ),
    Act.REOPEN: lambda loop, r, by, v: actions.reopen(r, reason="Geht weiter.", by=by, **v),
    Act.OFFER_NEXT: lambda loop, r, by, v: actions.offer_next(r, recipient=loop.agency, by=by, **v),
    Act.PARK: lambda loop, r, by, v: actions.park(
        r, until=timezone.localdate() + timedelta(days=60), by=by, **v
    ),
    Act.RECEIVE: lambda loop, r, by, v: actions.receive(r, by=by),
    Act.ASK: lambda loop, r, by, v: actions.ask(r, text="Seit wann?", by=by, **v),
    Act.ACCEPT: lambda loop, r, by, v: actions.accept(r, assignee=loop.colleague, by=by, **v),
    Act.DECLINE: lambda loop, r, by, v: actions.decline(r, reason=DeclineReason.NO_CAPACITY, by=by, **v),
    Act.PROPOSE_REROUTE: lambda loop, r, by, v: actions.propose_reroute(
        r, agency=loop.county["sozialamt"], by=by, **v
    ),
    Act.TAKE_ON: lambda loop, r, by, v: actions.take_on(r, by=by, **v),
    Act.ASSIGN: lambda loop, r, by, v: actions.assign(r, to=loop.colleague, by=by, **v),
    Act.START: lambda loop, r, by, v: actions.start(r, by=by, **v),
    Act.RECORD_OUTCOME: lambda loop, r, by, v: actions.record_outcome(
        r, **{"outcome": Outcome.ACHIEVED, **v}, by=by
    ),
    Act.DROP_OUT: lambda loop, r, by, v: actions.drop_out(r, text="Kommt nicht mehr.", by=by, **v),
    Act.REMARK: lambda loop, r, by, v: actions.remark(r, text="Zur Kenntnis.", by=by),
    Act.EXPIRE: _expire,
}

__all__ = ["ACTS", "STEPS", "LegalBasis", "Loop"]
