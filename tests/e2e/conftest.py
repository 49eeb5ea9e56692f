"""Fixtures of the browser tests: a served county, Chromium, and a page per role."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e import serving
from tests.factories import make_county
from tests.factories.county import PASSWORD, County

CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def county_database(django_db_setup: None, django_db_blocker: object) -> Iterator[tuple[str, County]]:
    with django_db_blocker.unblock(), serving.own_database() as name:  # type: ignore[attr-defined]
        with serving.connected_to(name):
            county = make_county(teams=2)
        yield name, county


@pytest.fixture(scope="session")
def portal(county_database: tuple[str, County]) -> Iterator[serving.Portal]:
    with serving.running_portal(county_database[0]) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("No Chromium on this machine: install it, or leave browser tests out with NO_BROWSER=1.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield running
        running.close()


@pytest.fixture
def log_in(portal: serving.Portal, browser: Browser) -> Iterator[Callable[..., Page]]:
    """``log_in("jobcenter.fallmanagement")`` opens a page of its own context, logged in."""
    contexts = []

    def open_page(username: str, **options: object) -> Page:
        context = browser.new_context(base_url=portal.url, locale="de-DE", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto("/konto/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/arbeitsplatz/")
        return page

    yield open_page
    for context in contexts:
        context.close()
