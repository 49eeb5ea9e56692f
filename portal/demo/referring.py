"""Referrals in every state with a past and a conversation, made by the members of both sides in turn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from agencies import access
from agencies.cases.enums import CaseStatus, ChildcareStatus
from agencies.cases.models import Case
from agencies.cases.sharing import usual
from agencies.enums import AgencyKind, Category, Purpose
from agencies.models import Agency, Membership, Team
from agencies.referrals import actions, overdue
from agencies.referrals.enums import DeclineReason, Outcome
from agencies.referrals.models import Referral
from agencies.roles import Permission
from portal.demo.clock import at, office_hour
from portal.demo.dossiers import Dossier
from portal.demo.filing import Opened
from portal.demo.origins import pick
from portal.demo.referral_texts import KEPT, REFUSALS, REMARKS, REOPENED, TOPICS, WITHDRAWALS, Topic
from portal.demo.staffing import County

#: What happened, step by step; how often; how many days ago the last step was.
STORIES: dict[tuple[str, ...], tuple[int, tuple[int, int]]] = {
    (): (9, (0, 6)),
    ("send",): (30, (0, 12)),
    ("send", "receive"): (20, (0, 14)),
    ("send", "receive", "ask"): (12, (0, 9)),
    ("send", "receive", "ask", "answer"): (10, (0, 9)),
    ("send", "receive", "accept"): (26, (0, 16)),
    ("send", "receive", "ask", "answer", "accept"): (12, (0, 16)),
    ("send", "receive", "accept", "start"): (34, (0, 60)),
    ("send", "receive", "accept", "remark", "start", "remark"): (10, (0, 40)),
    ("send", "receive", "accept", "start", "record_outcome"): (14, (0, 10)),
    ("send", "receive", "accept", "start", "record_outcome", "close"): (34, (3, 90)),
    ("send", "receive", "ask", "answer", "accept", "start", "record_outcome", "close"): (12, (3, 90)),
    ("send", "receive", "accept", "start", "record_outcome", "close", "reopen"): (4, (0, 12)),
    ("send", "receive", "accept", "start", "drop_out"): (8, (0, 10)),
    ("send", "receive", "accept", "drop_out", "close"): (4, (3, 60)),
    ("send", "receive", "decline"): (16, (0, 20)),
    ("send", "receive", "propose_reroute"): (5, (0, 6)),
    ("send", "receive", "propose_reroute", "confirm_reroute"): (6, (0, 30)),
    ("send", "withdraw"): (7, (2, 60)),
    ("send", "receive", "expire"): (8, (48, 60)),
}
BY_SENDER = {"send", "answer", "close", "reopen", "withdraw", "confirm_reroute"}
OPEN_ENDED = CaseStatus.NEW, CaseStatus.ACTIVE


@dataclass
class Talk:
    """One referral in the making: who talks to whom about what."""

    rng: Random
    county: County
    topic: Topic
    sender: Membership
    recipient: Membership
    today: date
    referral: Referral | None = None
    goes_on: bool = False


def refer_all(rng: Random, county: County, opened: Sequence[Opened], today: date, count: int) -> int:
    """Make ``count`` referrals for cases that are open; returns how many."""
    rest = [
        found for found in opened if found[0].status in OPEN_ENDED and (today - found[0].opened_on).days > 20
    ]
    rng.shuffle(rest)
    stories = {story: weight for story, (weight, _) in STORIES.items()}
    done = 0
    # Mails about invented days long past would only fill the worker's queue.
    with patch("agencies.referrals.mails._queue"):
        for file, case, manager in rest:
            if done == count:
                break
            story = pick(rng, stories) if done >= len(stories) else list(stories)[done]
            done += _refer(rng, county, (file, case, manager), story, today)
        _let_clock_run(today)
    return done


def _refer(rng: Random, county: County, opened: Opened, story: tuple[str, ...], today: date) -> bool:
    file, case, manager = opened
    topics = {topic: topic.weight for topic in TOPICS if topic.recipient != file.lead and _fits(file, topic)}
    days = _days(rng, story, file, today)
    if not topics or days is None:
        return False
    topic = pick(rng, topics)
    agency = county.agencies[topic.recipient]
    team = rng.choice(county.teams_of(topic.recipient)) if rng.random() < 0.5 else None
    sender = _sender(county, case, agency, manager)
    able = _able(county, agency, team)
    if sender is None or not able:
        return False
    talk = Talk(rng, county, topic, sender, rng.choice(able), today, goes_on="reopen" in story)
    with access.acting(sender), at(days[0]):
        talk.referral = _draft(talk, case, agency, team)
    for step, moment in zip(story, days[1:], strict=True):
        _step(talk, step, moment)
    return True


def _sender(county: County, case: Case, to: Agency, manager: Membership) -> Membership | None:
    """The case manager where the role allows it, else a colleague; the team lead towards immigration."""
    needed = [Permission.SEND_REFERRALS, Permission.DISCLOSE]
    if to.kind == AgencyKind.IMMIGRATION_AUTHORITY:
        needed.append(Permission.DISCLOSE_IMMIGRATION)
    able = [m for m in county.staff_of_team(case.lead_team, needed[-1]) if all(map(m.may, needed))]
    return manager if all(map(manager.may, needed)) else next(iter(able), None)


def _able(county: County, agency: Agency, team: Team | None) -> list[Membership]:
    if team:
        return county.staff_of_team(team, Permission.ANSWER_REFERRALS)
    return county.staff(agency.slug, Permission.ANSWER_REFERRALS)


def _fits(file: Dossier, topic: Topic) -> bool:
    family = file.sections[Category.FAMILY]
    if topic.purpose == Purpose.CHILDCARE:
        return family.get("childcare") == ChildcareStatus.MISSING
    if topic.purpose == Purpose.YOUTH_WELFARE:
        return family.get("children_under_18", 0) > 1
    if topic.purpose == Purpose.DEBT_ADVICE:
        return "amount" in file.sections[Category.DEBTS]
    if topic.purpose == Purpose.RECOGNITION:
        return bool(file.sections[Category.EDUCATION].get("qualification_title"))
    if topic.purpose == Purpose.SCHOOL_TRAINING:
        return file.age < 21
    if topic.purpose == Purpose.HOUSING:
        return bool(file.sections[Category.HOUSING].get("searching"))
    if topic.recipient == "arbeitsagentur":
        return file.age < 27
    return topic.recipient != "jobcenter" or file.lead in ("sozialamt", "jugendamt", "integrationsbuero")


def _days(rng: Random, story: tuple[str, ...], file: Dossier, today: date) -> list[datetime] | None:
    """Rising moments for draft and each step, the last one as long ago as the story says."""
    _, (newest, oldest) = STORIES[story]
    last = today - timedelta(days=rng.randint(newest, oldest))
    gaps = [rng.choice((0, 1, 1, 2, 3)) if step != "record_outcome" else rng.randint(8, 30) for step in story]
    first = last - timedelta(days=sum(gaps))
    if first < file.opened_on:
        return None
    moments = [office_hour(rng, first)]
    for gap in gaps:
        later = office_hour(rng, moments[-1].date() + timedelta(days=gap))
        moments.append(max(later, moments[-1] + timedelta(minutes=rng.randint(4, 50))))
    return moments


def _draft(talk: Talk, case: Case, agency: Agency, team: Team | None) -> Referral:
    row = usual(agency.kind, talk.topic.purpose)
    assert row is not None, talk.topic
    return actions.draft(
        case,
        recipient=agency,
        team=team,
        purpose=talk.topic.purpose,
        legal_basis=row.legal_basis,
        categories=row.categories,
        necessity=talk.topic.necessity,
        valid_until=talk.today + timedelta(days=talk.rng.randint(14, max(20, row.days - 20))),
        request=talk.topic.request,
        by=talk.sender,
    )


def _step(talk: Talk, step: str, moment: datetime) -> None:
    if step == "expire":  # by the clock, at the end
        return
    by = talk.sender if step in BY_SENDER else talk.recipient
    with access.acting(by), at(moment):
        now = Referral.objects.get(pk=talk.referral.pk)  # type: ignore[union-attr]
        if step == "receive" and not by.agency.may_browse:
            actions.receive(now, by=by)
            actions.acknowledge(now, by=by)
            return
        act: Callable[..., Any] = getattr(actions, step)
        act(now, by=by, **_words(talk, step))


def _words(talk: Talk, step: str) -> dict[str, Any]:
    """What a step needs besides the referral."""
    rng, topic = talk.rng, talk.topic
    if step == "decline":
        reason = rng.choice(list(REFUSALS))
        later = (
            talk.today + timedelta(days=rng.randint(20, 70)) if reason == DeclineReason.NO_CAPACITY else None
        )
        return {"reason": reason, "text": REFUSALS[reason], "parked_until": later}
    if step == "propose_reroute":
        other = "integrationsbuero" if topic.recipient != "integrationsbuero" else "kvhs"
        return {"agency": talk.county.agencies[other], "text": REFUSALS[DeclineReason.NOT_RESPONSIBLE]}
    if step == "record_outcome":
        reached = rng.random() < 0.75
        return {"outcome": Outcome.ACHIEVED if reached else Outcome.PARTLY, "text": topic.result}
    return {
        "ask": {"text": topic.question},
        "answer": {"text": topic.answer},
        "remark": {"text": rng.choice(REMARKS)},
        "drop_out": {"text": topic.failure},
        "withdraw": {"reason": rng.choice(WITHDRAWALS)},
        "close": {"keep_reason": KEPT if talk.goes_on else ""},
        "reopen": {"reason": REOPENED},
    }.get(step, {})


def _let_clock_run(today: date) -> None:
    """Reminders, escalations and expiries that the worker would have seen to by now."""
    agencies = Agency.objects.in_bulk()
    for _ in range(3):  # remind, escalate, expire: one act at a time
        for pk, agency in overdue.due(today):
            with access.acting_for(agencies[agency]):
                overdue.act(pk, today, agency=agencies[agency])
