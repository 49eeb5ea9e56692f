"""Every role against every address: who gets a page, who a 403, who a 404, and who is sent to the login."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agencies import access
from agencies import actions as people
from agencies.cases import actions
from agencies.enums import Category
from agencies.models import Membership, User
from agencies.referrals.enums import Act, State
from agencies.roles import Permission, Role
from tests import factories
from tests.access_rules import (
    ACCOUNT,
    DECISION,
    DRAFT,
    IMPORT,
    INVITED,
    ITEM,
    LED,
    MEETING,
    MEMBER,
    MINUTES,
    PEOPLE,
    PROMISE,
    PUBLIC,
    REFERRAL,
    RULES,
    TABLE,
    Rule,
)
from tests.addresses import patterns
from tests.referrals.loop import Loop
from tests.roundtable.table import Table

pytestmark = pytest.mark.django_db

ADDRESSES = dict(patterns())
#: Addresses behind the login, which the matrix walks; allauth's own are looked at as a visitor only.
GUARDED = sorted(name for name, rule in RULES.items() if rule.kind not in (PUBLIC, ACCOUNT))
OPEN, FORBIDDEN, HIDDEN = "open", 403, 404
OWN, SHARED, FOREIGN = "jobcenter", "jugendamt", "sozialamt"


def test_every_address_is_classified():
    assert set(ADDRESSES) - set(RULES) == set()


def test_every_rule_has_its_address():
    assert set(RULES) - set(ADDRESSES) == set()


# Objects to ask for


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    """A case of the jobcenter, shared with and referred to the youth office, not the social office."""
    county = factories.make_county()
    loop = Loop(county)
    lead = county.member(OWN)
    disclosure = factories.share(loop.case, Category.IDENTITY, Category.CONTACT, to=county[SHARED], by=lead)
    with access.acting(lead):
        relative = actions.add_household_member(
            loop.case, {"relation": "child", "family_name": "G", "given_name": "L"}, by=lead
        )
    invited = people.join(county.member("kvhs").user, county[OWN], role=Role.LEITUNG, pending=True)
    table = Table(county, seats=(OWN, SHARED))
    other = {slug: county.member(slug, Role.LEITUNG) for slug in (OWN, SHARED, FOREIGN)}
    return SimpleNamespace(
        county=county,
        case=loop.case,
        disclosure=disclosure,
        relative=relative,
        sent=loop.at(State.SENT),
        draft=loop.draft(),
        colleague=other,
        invited=invited,
        table=table,
        item=table.propose(loop.case),
        closed=table.hold_another(),
        promise=table.promise(OWN),
    )


def address(world: SimpleNamespace, name: str, slug: str) -> str:
    """The address filled in for a member of the agency; for people, one of their own colleagues."""
    rule, case = RULES[name], world.case.pk
    known = {
        "pk": {
            PEOPLE: world.colleague[slug].pk,
            REFERRAL: world.sent.pk,
            DRAFT: world.draft.pk,
            IMPORT: NO_IMPORT,
            INVITED: world.invited.pk,
            MEETING: world.table.meeting.pk,
            MINUTES: world.closed.pk,
            ITEM: world.item.pk,
            PROMISE: world.promise.pk,
        }.get(rule.kind, case),
        "case": case,
        "table": world.table.table.pk,
        "item": world.item.pk,
        "decision": 0,
        "member": world.relative.pk,
        "disclosure": world.disclosure.pk,
        "category": Category.CONTACT,
        "act": Act.WITHDRAW,
    }
    url = reverse(name, kwargs={part: known[part] for part in ADDRESSES[name]})
    query = rule.query.format(case=case, agency=world.county[SHARED].pk)
    return f"{url}?{query}" if query else url


def answer(client: Client, url: str, method: str) -> int:
    """The status, with everything the request wrote taken back."""
    with transaction.atomic():
        response = client.get(url) if method == "GET" else client.post(url, {})
        transaction.set_rollback(True)
    return response.status_code


def signed_in(member: Membership | User) -> Client:
    client = Client(raise_request_exception=False)
    user = member if isinstance(member, User) else member.user
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def expected(rule: Rule, member: Membership) -> object:
    """What the rules say, for the objects of ``world``."""
    slug, allowed = member.agency.slug, rule.needs is None or member.may(rule.needs)
    if rule.kind in (MEMBER, PEOPLE):
        return OPEN if allowed else FORBIDDEN
    if rule.kind == INVITED:
        return HIDDEN
    if rule.kind == IMPORT:
        return HIDDEN if allowed else FORBIDDEN
    if rule.kind == DECISION:
        return HIDDEN
    if rule.kind in (TABLE, MEETING, MINUTES, ITEM, PROMISE):
        return expected_at_the_table(rule, member)
    if rule.query and not allowed:
        return FORBIDDEN
    if not member.may(Permission.VIEW_CASES) or slug == FOREIGN:
        return HIDDEN
    if rule.kind == DRAFT and slug != OWN:
        return HIDDEN
    wrong_side = slug != OWN and (rule.kind == LED or rule.side == "sender")
    return OPEN if allowed and not wrong_side else FORBIDDEN


def expected_at_the_table(rule: Rule, member: Membership) -> object:
    """The jobcenter's team leader moderates; the social office has no seat."""
    slug, is_own = member.agency.slug, member.agency.slug == OWN
    if not member.may(Permission.JOIN_MEETINGS) or slug == FOREIGN:
        return HIDDEN
    fits = {"": True, "own": is_own, "moderator": is_own and member.role == Role.TEAMLEITUNG}.get(rule.side)
    return OPEN if fits and (rule.needs is None or member.may(rule.needs)) else FORBIDDEN


def seen(status: int) -> object:
    """The status in the words of ``expected``; whatever is neither refused nor broken is open."""
    return status if status in (403, 404) or status >= 500 else OPEN


#: Refuse a POST before they look who asks (405).
READ_ONLY = {
    "cases:import_report",
    "cases:import_progress",
    "cases:import_faults_csv",
    "cases:import_faults_xlsx",
    "roundtable:programme",
    "roundtable:stand",
    "roundtable:version",
}

#: Nobody's: the import's own tests try the imports of others.
NO_IMPORT = "00000000-0000-4000-8000-000000000000"


def methods(rule: Rule, wanted: object) -> list[str]:
    """What is refused must be refused both ways; what is open is looked at."""
    if rule.posts:
        return ["POST"]
    return ["GET"] if wanted == OPEN else ["GET", "POST"]


def check(world: SimpleNamespace, member: Membership) -> dict[str, tuple[object, object]]:
    """Addresses whose answer is not the expected one: {method name: (expected, seen)}."""
    client, wrong = signed_in(member), {}
    for name in GUARDED:
        rule, url = RULES[name], address(world, name, member.agency.slug)
        wanted = expected(rule, member)
        for method in methods(rule, wanted):
            found = seen(answer(client, url, method))
            # An empty form may name an object that is not there; what counts is that nothing is refused.
            is_empty_form = method == "POST" and wanted == OPEN and found == HIDDEN
            takes_no_post = method == "POST" and found == OPEN and wanted != OPEN and name in READ_ONLY
            if found != wanted and not is_empty_form and not takes_no_post:
                wrong[f"{method} {name}"] = (wanted, found)
    return wrong


@pytest.mark.parametrize("role", list(Role))
def test_lead_agency(world, role):
    member = world.county.member(OWN, role)

    assert check(world, member) == {}


@pytest.mark.parametrize("role", [Role.FALLMANAGEMENT, Role.TEAMLEITUNG, Role.FACHDIENST, Role.VERWALTUNG])
def test_recipient(world, role):
    member = world.county.member(SHARED, role)

    assert check(world, member) == {}


@pytest.mark.parametrize("role", [Role.TEAMLEITUNG, Role.KURSBUERO, Role.DATENSCHUTZ])
def test_third_agency(world, role):
    member = world.county.member(FOREIGN, role)

    assert check(world, member) == {}


def test_members_of_other_agencies_are_not_found(world):
    client = signed_in(world.county.member(FOREIGN, Role.VERWALTUNG))
    names = [name for name in GUARDED if RULES[name].kind == PEOPLE]

    found = {(name, answer(client, address(world, name, OWN), "POST")) for name in names}

    assert found == {(name, 404) for name in names}


def test_foreign_ids_answer_like_unknown_ones(world):
    """A guessed id tells nothing: the page is the same, byte for byte but for the token of the form."""
    from uuid import uuid4

    client = signed_in(world.county.member(FOREIGN, Role.TEAMLEITUNG))
    real = client.get(reverse("cases:detail", args=[world.case.pk]))
    guessed = client.get(reverse("cases:detail", args=[uuid4()]))

    assert (real.status_code, guessed.status_code) == (404, 404)
    assert real.headers.keys() == guessed.headers.keys()
    assert len(real.content) == len(guessed.content)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_visitors_are_sent_to_the_login(world, method):
    client = Client(raise_request_exception=False)
    login = reverse("account_login")
    wrong = {}
    for name in GUARDED:
        url = address(world, name, OWN)
        response = client.get(url) if method == "GET" else client.post(url, {})
        if response.status_code != 302 or not response.headers["Location"].startswith(login):
            wrong[name] = response.status_code
    assert wrong == {}


@pytest.mark.parametrize("state", ["never", "closed"])
def test_users_without_an_agency_get_a_page_that_says_so(world, state):
    user = User.objects.create_user("ohne.stelle", "o@example.org", "x")
    if state == "closed":
        user = world.county.member(OWN, Role.SACHBEARBEITUNG).user
        Membership.objects.filter(user=user).update(is_active=False)
    client, wrong = signed_in(user), {}
    for name in GUARDED:
        status = answer(client, address(world, name, OWN), "GET")
        if status >= 500 or (
            RULES[name].kind != MEMBER and status == 200 and name_is_shown(client, world, name)
        ):
            wrong[name] = status
    assert wrong == {}


def name_is_shown(client: Client, world: SimpleNamespace, name: str) -> bool:
    return b"Geheimnis" in client.get(address(world, name, OWN)).content


def test_account_pages_break_for_nobody(world):
    names = [name for name in RULES if RULES[name].kind in (ACCOUNT, PUBLIC)]
    keys = {
        "account_reset_password_from_key": {"uidb36": "1", "key": "x"},
        "roundtable:answer": {"key": "x"},
        "roundtable:feed": {"key": "x"},
        "roundtable:room": {"pk": NO_IMPORT, "key": "x"},
        "roundtable:room_stand": {"pk": NO_IMPORT, "key": "x"},
        "roundtable:room_version": {"pk": NO_IMPORT, "key": "x"},
    }
    for client in (Client(raise_request_exception=False), signed_in(world.county.member(OWN))):
        broken = {}
        for name in names:
            status = answer(client, reverse(name, kwargs=keys.get(name)), "GET")
            if status >= 500:
                broken[name] = status
        assert broken == {}
