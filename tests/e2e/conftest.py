"""Fixtures of the browser tests: a served county, Chromium, and pages of logged-in members."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from agencies.models import Membership
from portal.bootstrap import find_browser
from tests.e2e import serving
from tests.e2e.complaints import Complaints
from tests.e2e.mailbox import Mailbox, receiving
from tests.factories import County, make_county
from tests.factories.county import PASSWORD

CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
#: The server's own, so that it knows the passwords the tests write.
HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            # One process serves and drives them all: a portal and a Chromium each would be too many.
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass
class Portal:
    """A running portal with its county, its mails, and a way into its database."""

    url: str
    county: County
    mailbox: Mailbox
    database: Callable[[], AbstractContextManager[None]]
    sessions: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def prepared(self) -> Iterator[County]:
        """Act on the portal's database from the test, through the same actions as the screens."""
        with self.database():
            yield self.county

    def members(self, *wanted: tuple[str, str]) -> list[Membership]:
        with self.prepared() as county:
            return [county.member(slug, role) for slug, role in wanted]


@pytest.fixture(scope="session")
def portal(django_db_setup: None, django_db_blocker: Any) -> Iterator[Portal]:
    @contextmanager
    def connected(name: str) -> Iterator[None]:
        hashers = override_settings(PASSWORD_HASHERS=HASHERS)
        with django_db_blocker.unblock(), serving.connected_to(name), hashers:
            yield

    with django_db_blocker.unblock(), serving.own_database() as name, receiving() as mailbox:
        with connected(name):
            county = make_county(teams=2)
        with serving.running_portal(name, EMAIL_URL=mailbox.address) as url:
            yield Portal(url, county, mailbox, lambda: connected(name))


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Its event loop counts as running in this thread, which Django would take for asynchronous code."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.fail("No Chromium on this machine: install it, or leave browser tests out with NO_BROWSER=1.")
    running = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
    yield running
    running.close()


def sign_in(page: Page, username: str) -> None:
    """The login form, as a member fills it in."""
    page.get_by_label("Anmeldename").fill(username)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


class Visitors:
    """Opens pages: each in a context of its own, whose complaints end the test."""

    def __init__(self, browser: Browser, portal: Portal) -> None:
        self.browser, self.portal, self.complaints = browser, portal, Complaints()
        self.contexts: list[BrowserContext] = []

    def __call__(self, who: Membership | None = None, **options: Any) -> Page:
        """A page of a member who has logged in by the form once in this session, or of a visitor."""
        state = self.portal.sessions.get(who.user.username) if who else None
        page = self._page(storage_state=state, **options)
        if who and state is None:
            page.goto("/konto/login/")
            sign_in(page, who.user.username)
            page.wait_for_url("**/arbeitsplatz/")
            self.portal.sessions[who.user.username] = page.context.storage_state()
        return page

    def _page(self, **options: Any) -> Page:
        context = self.browser.new_context(base_url=self.portal.url, locale="de-DE", **options)
        context.set_default_timeout(15_000)
        self.complaints.listen(context)
        self.contexts.append(context)
        return context.new_page()

    def leave(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.complaints.heard == []


@pytest.fixture
def visit(portal: Portal, browser: Browser) -> Iterator[Visitors]:
    """``visit(member)`` opens a page, logged in."""
    visitors = Visitors(browser, portal)
    yield visitors
    visitors.leave()
