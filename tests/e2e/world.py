"""A county at work: one full case, referrals in every state, an import in every step."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies import access
from agencies import actions as joining
from agencies.cases import actions, disclosing
from agencies.cases.importing import actions as importing
from agencies.cases.importing.models import ImportBatch, ImportState
from agencies.cases.models import Disclosure
from agencies.enums import Category, LegalBasis
from agencies.models import Membership, Team, User
from agencies.referrals.enums import Act, Side, State
from agencies.referrals.models import Referral
from agencies.roles import Role
from agencies.roundtable import actions as meeting
from agencies.roundtable.enums import CurtainLevel, TextKind
from agencies.roundtable.models import Item, RoundTable
from tests.factories import County, open_case, share
from tests.factories.county import PASSWORD
from tests.referrals.loop import Loop

SHEET = "Name;Vorname;Geburtsdatum;Notiz\r\nRahimi;Zahra;03.05.1990;x\r\nMüller;Zoë;31.02.1990;y\r\n"
#: The expiry runs over all referrals of an installation; the page is the one of the other ended states.
STATES = [state for state in State if state != State.EXPIRED]


@dataclass
class World:
    """Ids by the words that the list of pages uses."""

    county: County
    people: dict[str, Membership]
    case: Any
    disclosure: Any
    relative: Any
    youth_team: Any
    referrals: dict[str, Any] = field(default_factory=dict)
    batches: dict[str, Any] = field(default_factory=dict)
    #: What the jobcenter has promised there.
    promise: Any = None
    #: Of the round table: the table, a meeting and its items by their words.
    table: Any = None
    meetings: dict[str, Any] = field(default_factory=dict)
    items: dict[str, Any] = field(default_factory=dict)
    decision: Any = None
    room_key: str = ""
    #: A case that another agency handed over, with the identity alone.
    handed_over: Any = None
    #: A further membership, not accepted yet, of who may accept it: the course office's.
    invitation: Any = None


def build(county: County) -> World:
    people = {role.value: county.member("jobcenter", role) for role in Role}
    people |= {"youth": county.member("jugendamt", Role.TEAMLEITUNG)}
    people |= {"school": county.member("kvhs", Role.TEAMLEITUNG)}
    loop, push = Loop(county), Loop(county, to="kvhs")
    world = World(county, people, *_case(loop), youth_team=county.team("jugendamt").pk)
    for state in STATES:
        world.referrals[state.value] = _next(loop).at(state).pk
    received = _next(loop).at(State.RECEIVED)
    loop.do(Act.PROPOSE_REROUTE, received, loop.member(Side.RECIPIENT))
    world.referrals["proposed"] = received.pk
    world.referrals["snapshot"] = push.at(State.SENT).pk
    world.referrals["acknowledged"] = _acknowledged(_next(push))
    world.handed_over = _handed_over(people["youth"], county.team("jobcenter"))
    further = {"role": Role.LEITUNG, "pending": True}
    world.invitation = joining.join(people["kursbuero"].user, county["kvhs"], **further).pk
    for state in (ImportState.UPLOADED, ImportState.CHECKING):
        world.batches[state.value] = _batch(people["teamleitung"], state)
    _round_table(world, loop.sender)
    return world


def _round_table(world: World, lead: Membership) -> None:
    """A table with a meeting that is full and one that nobody has touched; a request and a proposal wait."""
    moderator, youth = world.people["teamleitung"], world.people["youth"]
    agencies = world.county.agencies.values()
    first, second = (open_case(lead, family_name="Geheimnis") for _case in range(2))
    start = timezone.now() + timedelta(days=7)
    with access.acting(moderator):
        table = meeting.found(by=moderator, agencies=agencies, name="Runder Tisch Integration")
        world.table = table.pk
        full = meeting.plan(table, by=moderator, starts_at=start, place="Kreishaus, Raum 214")
        world.meetings["empty"] = meeting.plan(table, by=moderator, starts_at=start + timedelta(days=28)).pk
        meeting.invite(full, members=[youth, lead], by=moderator)
        world.items["topic"] = meeting.add_topic(full, by=moderator, title="Sprachkurse", minutes=70).pk
        other = meeting.plan(table, by=moderator, starts_at=start + timedelta(days=1))
        meeting.cancel(other, by=moderator)
        held = meeting.plan(table, by=moderator, starts_at=timezone.now())
        topic = meeting.add_topic(
            held, by=moderator, title="Vertretung in den Ferien", question="Wer ist da?"
        )
        meeting.start(held, by=moderator)
        world.promise = _promise(topic, moderator)
        held.refresh_from_db()
        meeting.close(held, by=moderator)
        meeting.amend(access.minutes(moderator, held.pk), text="Die Sitzung begann später.", by=moderator)
    world.meetings |= {"invited": full.pk, "cancelled": other.pk, "closed": held.pk}
    asks = {world.county["kvhs"]: "Einen Platz im Vormittagskurs freihalten", youth.agency: "Kinderbetreuung"}
    with access.acting(lead):
        item = meeting.propose_case(table, first, by=lead, question="Welcher Kurs passt?", asks=asks)
        meeting.propose_case(table, second, by=lead, question="Wer hilft bei der Wohnung?")
    with access.acting(moderator):
        meeting.take(item, meeting=full, by=moderator)
        item.refresh_from_db()
    with access.acting(lead):
        meeting.set_curtain(item, agency=world.county["sozialamt"], level=CurtainLevel.IDENTITY, by=lead)
    with access.acting(youth):
        meeting.ask_for(item, level=CurtainLevel.CATEGORIES, reason="Für die Kinderbetreuung.", by=youth)
    world.items["case"] = item.pk
    _running_meeting(world, table, lead)


def _running_meeting(world: World, table: RoundTable, lead: Membership) -> None:
    """A meeting in which the table speaks about a case: with texts, a decision and what it made of it."""
    moderator, youth = world.people["teamleitung"], world.people["youth"]
    case = open_case(lead, family_name="Geheimnis")
    share(case, Category.IDENTITY, Category.CONTACT, to=youth.agency, by=lead)
    with access.acting(lead):
        item = meeting.propose_case(table, case, by=lead, question="Wer nimmt die Familie auf?")
    with access.acting(moderator):
        running = meeting.plan(table, by=moderator, starts_at=timezone.now())
        meeting.invite(running, members=[youth, lead], by=moderator)
        meeting.take(item, meeting=running, by=moderator)
        meeting.start(running, by=moderator)
        running.refresh_from_db()
        item.refresh_from_db()
    with access.acting(lead):
        meeting.set_curtain(item, agency=youth.agency, level=CurtainLevel.IDENTITY, by=lead)
        meeting.write(item, TextKind.SUMMARY, "Drei Kinder, die Wohnung ist zu klein.", by=lead, expected=0)
    for person in (lead, youth):
        with access.acting(person):
            meeting.come(running, by=person)
    with access.acting(moderator):
        meeting.call(running, item, by=moderator, seen=None)
        _promise(item, moderator)
        world.decision = item.decisions.get().pk
    world.meetings["running"], world.items["called"] = running.pk, item.pk
    world.room_key = running.room_key


def _promise(topic: Item, by: Membership) -> Any:
    decision = meeting.decide(topic, text="Das Jobcenter schickt eine Liste.", by=by)
    what = {"what": "Liste der Vertretungen", "done_when": "Alle haben die Liste"}
    return meeting.commit(decision, by=by, agency=by.agency, due_on=timezone.localdate(), **what).pk


def _case(loop: Loop) -> tuple[Any, Any, Any]:
    case, by = loop.case, loop.sender
    active = share(case, Category.IDENTITY, Category.CONTACT, to=loop.agency, by=by)
    ended = share(case, to=loop.county["sozialamt"], by=by)
    with access.acting(by):
        disclosing.revoke(Disclosure.objects.get(pk=ended.pk), reason="Nicht mehr nötig.", by=by)
        for category in (Category.CONTACT, Category.DEBTS):
            actions.add_note(case, category=category, text="Bitte nur vormittags anrufen.", by=by)
        child = {"relation": "child", "family_name": "Geheimnis", "given_name": "Lina"}
        relative = actions.add_household_member(case, child, by=by)
        actions.add_foreign_reference(case, "BG-4711", by=by)
    return case.pk, active.pk, relative.pk


def _next(loop: Loop) -> Loop:
    """The same people with a further case: one referral per purpose and recipient may run for each."""
    loop.case = open_case(loop.sender, family_name="Geheimnis")
    return loop


def _acknowledged(push: Loop) -> Any:
    from agencies.referrals import actions as referring

    referral = push.at(State.SENT)
    with access.acting(push.recipient):
        referring.acknowledge(Referral.objects.get(pk=referral.pk), by=push.recipient)
    return referral.pk


def _handed_over(by: Membership, team: Team) -> Any:
    case = open_case(by, family_name="Geheimnis")
    with access.acting(by):
        disclosing.move_lead(
            case,
            team=team,
            categories=[Category.IDENTITY],
            legal_basis=LegalBasis.CONSENT,
            necessity="Umzug",
            by=by,
        )
    return case.pk


def _batch(by: Membership, state: ImportState) -> Any:
    with access.acting(by):
        team = by.agency.teams.order_by("pk").first()
        data = SHEET.encode("cp1252")
        batch = importing.upload(by=by, team=team, filename="liste.csv", data=data)
        ImportBatch.objects.filter(pk=batch.pk).update(state=state, total=100, done=40)
    return batch.pk


def outsider() -> User:
    """A user whom no agency has."""
    return User.objects.create_user("ohne.stelle", "ohne@example.org", PASSWORD)
