"""A county at work: one full case, referrals in every state, an import in every step."""

from dataclasses import dataclass, field
from typing import Any

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
    return world


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
