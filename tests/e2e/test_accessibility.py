"""No page breaks WCAG 2.2 AA as far as axe-core can tell, light or dark, and all of them fit 360 pixels."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from agencies import access, inviting
from agencies.referrals import tasks
from agencies.referrals.enums import State
from agencies.referrals.models import Referral
from agencies.roles import Role
from portal import errors
from tests.e2e import pages, world
from tests.e2e.axe import problems, violations
from tests.e2e.conftest import Portal, Visitors, sign_in
from tests.e2e.pages import ADDRESSES, NO_PAGE, PAGES, Entry
from tests.referrals.loop import Loop

LOADED = "() => !/wird geladen …/i.test(document.body.innerText)"


@pytest.fixture(scope="module")
def town(portal: Portal) -> world.World:
    with portal.prepared() as county:
        return world.build(county)


class Desks:
    """One page per member for the whole module; what the browser says about each page is looked at once."""

    def __init__(self, visitors: Visitors, town: world.World) -> None:
        self.visitors, self.town = visitors, town
        self.pages: dict[str, Page] = {}

    def of(self, who: str) -> Page:
        if who not in self.pages:
            member = self.town.people[who] if who else None
            self.pages[who] = self.visitors(member)
        return self.pages[who]

    def open(self, entry: Entry) -> Page:
        page = self.of(entry.who)
        answer = page.goto(entry.address(self.town))
        assert answer is not None
        assert answer.status == 200
        page.wait_for_function(LOADED)
        if entry.submit:
            with page.expect_navigation():
                page.locator("main").get_by_role("button", name=entry.submit, exact=True).click()
        return page

    def complaints(self) -> list[str]:
        heard = self.visitors.complaints.heard
        said, heard[:] = list(heard), []
        return said


@pytest.fixture(scope="module")
def desks(portal: Portal, browser: Browser, town: world.World) -> Iterator[Desks]:
    visitors = Visitors(browser, portal)
    yield Desks(visitors, town)
    visitors.leave()


def test_every_address_is_a_visited_page_or_said_to_be_none():
    visited = {entry.name for entry in PAGES}
    assert visited | set(NO_PAGE) == set(ADDRESSES)
    assert visited & set(NO_PAGE) == set()


def test_every_act_is_visited():
    from agencies.referrals.forms.acts import FORMS

    assert set(pages.ACTS) == set(FORMS)


@pytest.mark.parametrize("entry", PAGES, ids=str)
def test_page(desks, entry):
    page = desks.open(entry)

    assert problems(page) == {}
    assert desks.complaints() == []


DIALOGS = [
    Entry("cases:detail"),
    Entry("cases:disclosures"),
    Entry("agencies:members", "verwaltung"),
    Entry("roundtable:meeting"),
    Entry("roundtable:curtains", "school"),
    *(
        Entry("referrals:detail", pages.S, state=state)
        for state in ("sent", "question", "declined", "closed")
    ),
    *(Entry("referrals:detail", pages.R, state=state) for state in ("received", "accepted", "started")),
]


@pytest.mark.parametrize("entry", DIALOGS, ids=str)
def test_dialogs_of_page(desks, entry):
    page, found = desks.open(entry), {}
    kinds = {}
    for link in page.locator("a[data-dialog]:visible").all():
        kinds.setdefault(link.inner_text().split("\n")[0], link)
    for words, link in kinds.items():
        link.click()
        dialog = page.locator("dialog[open]")
        dialog.wait_for()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[words, scheme] = violations(page)
        page.keyboard.press("Escape")
        dialog.wait_for(state="detached")

    assert kinds
    assert {key: what for key, what in found.items() if what} == {}
    assert desks.complaints() == []


def test_open_menus(desks):
    page = desks.open(Entry("agencies:start"))
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    assert problems(page) == {}


@pytest.mark.parametrize("status", [400, 403, "expired", 404, 409, 429, 500, 503])
def test_error_page(desks, status):
    page = desks.of("")
    expired = {"expired": True} if status == "expired" else {}
    made = errors.error_page(403 if expired else status, message="Jemand war schneller.", **expired)
    page.route("**/stoerung/", lambda route: route.fulfill(body=made.content, content_type="text/html"))
    page.goto("/stoerung/")
    page.unroute("**/stoerung/")

    assert problems(page) == {}
    assert desks.complaints() == []


def test_expired_referral(portal, desks, town):
    """The clock runs over the whole installation, so this page is not one of the world's."""
    with portal.prepared() as county:
        loop = Loop(county)
        referral = loop.at(State.SENT)
        with access.acting(loop.sender):
            Referral.objects.filter(pk=referral.pk).update(expires_on=timezone.localdate())
        tasks.run_clocks(timezone.localdate())
    for who in (pages.S, pages.R):
        page = desks.of(who)
        page.goto(referral.get_absolute_url())
        expect(page.locator(".kr-notice__title")).to_have_text("Ohne Antwort abgelaufen")
        assert problems(page) == {}
    assert desks.complaints() == []


def test_result_of_bulk_act(desks):
    page = desks.open(Entry("referrals:inbox", pages.R))
    row = page.get_by_role("row").filter(has=page.locator("[name=selected]")).first
    row.locator("[name=selected]").check()
    # As if somebody else had acted since the list was shown.
    row.locator("[name^=seen-]").evaluate("field => { field.value = '0'; }")
    page.get_by_role("button", name="Annehmen").click()
    page.wait_for_url("**/ueberweisungen/sammeln/")

    assert problems(page) == {}
    assert desks.complaints() == []


def test_user_whom_no_agency_has(portal, visit):
    with portal.prepared():
        user = world.outsider()
    page = visit()
    page.goto("/konto/login/")
    sign_in(page, user.username)
    page.get_by_role("heading", level=1).wait_for()

    assert problems(page) == {}


def test_invitation_sets_a_password(portal, desks, visit):
    """The way in for a new member: the mailed link, a bad password, a good one."""
    with portal.prepared() as county:
        by = county.member("jobcenter", Role.VERWALTUNG)
        names = {"first_name": "Anna", "last_name": "Neu", "email": "anna.neu@example.org"}
        with access.acting(by):
            inviting.invite(**names, role=Role.FACHDIENST, teams=[], by=by)
    page = visit()
    page.goto(portal.mailbox.link_to("anna.neu@example.org"))
    assert problems(page) == {}
    page.locator("main button[type=submit]").click()
    page.locator(".kr-error-summary").wait_for()
    assert problems(page) == {}


def test_import_from_file_to_report(desks):
    page = desks.open(Entry("cases:import"))
    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": world.SHEET.encode("cp1252")}
    page.locator("input[type=file]").set_input_files(file)
    if page.locator("select[name=team]").count():
        page.locator("select[name=team]").select_option(index=1)
    page.get_by_role("button", name="Weiter zu den Spalten").click()
    page.get_by_role("button", name="Zeilen prüfen").click()
    confirm = page.get_by_role("button", name="1 neuen Fall anlegen")
    confirm.wait_for()
    assert problems(page) == {}
    confirm.click()
    page.get_by_text("1 Fall ist angelegt").wait_for()
    assert problems(page) == {}
    assert desks.complaints() == []
