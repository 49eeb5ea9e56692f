"""The page's live module in a browser, with a server made of strings and a clock that is turned by hand."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect, sync_playwright

from portal.bootstrap import find_browser
from tests.database import ROOT
from tests.e2e.conftest import CHROMIUM

pytestmark = pytest.mark.browser
HOME = "http://live.example"
PAGE = """<!doctype html><meta charset="utf-8"><body hx-headers='{"X-Acting-Member": "7"}'>
<p data-live-lost hidden>Stand von <span data-live-time></span></p><p id="outside">draußen</p>%s
<script src="/htmx.js"></script><script type="module" src="/live.js"></script>"""
STAGE = """<div id="stage" data-live="/ws/" data-version="%d"
 data-fragment="/stand/" data-poll="/version/">%s</div>"""


def part(name: str, content: str) -> str:
    return f'<section data-part id="{name}"><b>{content}</b></section>'


def note(text: str) -> str:
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{text}">'
    return f'<section data-part id="note"><form>{token}<textarea>{text}</textarea></form></section>'


class Server:
    """What the portal would answer; tests set it and look at what was asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.version = 1
        self.parts = [part("now", "erster Punkt"), part("side", "alle da")]
        self.asked: list[str] = []
        self.status = 200
        self.has_sockets = True
        self.sockets: list[WebSocketRoute] = []
        page.route(f"{HOME}/**", self.answer)
        page.route_web_socket("ws://live.example/ws/", self.open)

    def expect_more_sockets_than(self, before: int) -> None:
        """The page says later that it has opened its line: each question lets Playwright hand on news."""
        for _ in range(300):
            if len(self.sockets) > before:
                return
            self.page.evaluate("0")
        raise AssertionError(f"Still {before} sockets.")

    @property
    def stage(self) -> str:
        return STAGE % (self.version, "".join(self.parts))

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOME)
        self.asked.append(path)
        if path.endswith(".js"):
            file = {"/live.js": "portal/static/kreisrund/js/live.js"}.get(
                path, ".local/assets/vendor/htmx.min.js"
            )
            route.fulfill(path=ROOT / file, content_type="text/javascript")
        elif path == "/":
            route.fulfill(body=PAGE % self.stage, content_type="text/html")
        elif self.status != 200:
            route.fulfill(status=self.status)
        elif path == "/version/":
            route.fulfill(json={"version": self.version})
        else:
            assert route.request.headers["x-acting-member"] == "7"
            route.fulfill(body=self.stage, content_type="text/html")

    def open(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        if self.has_sockets:
            self.say(socket)
        else:
            socket.close(code=1011)

    def say(self, socket: WebSocketRoute | None = None) -> None:
        (socket or self.sockets[-1]).send(f'{{"meeting":"m","version":{self.version}}}')

    def change(self, *parts: str) -> None:
        """Something is written; the bell has not rung yet."""
        self.version += 1
        self.parts = list(parts)

    def count(self, path: str) -> int:
        return self.asked.count(path)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = find_browser()
    if path is None:
        pytest.fail("No Chromium on this machine: install it, or leave browser tests out with NO_BROWSER=1.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield running
        running.close()


@pytest.fixture
def server(browser: Any) -> Iterator[Server]:
    page = browser.new_page()
    page.clock.install(time="2026-03-02T10:42:00")
    yield Server(page)
    page.close()


@pytest.fixture
def page(server: Server) -> Page:
    server.page.goto(HOME)
    return server.page


def test_only_parts_that_changed_are_replaced(server, page):
    page.evaluate("document.querySelector('#side b').before = 'kept'")
    server.change(part("now", "zweiter Punkt"), part("side", "alle da"))
    server.say()

    expect(page.locator("#now")).to_have_text("zweiter Punkt")
    assert page.evaluate("document.querySelector('#side b').before") == "kept"
    assert server.count("/stand/") == 1


def test_versions_already_shown_are_not_fetched(server, page):
    server.say()
    server.change(part("now", "zweiter Punkt"))
    server.say()
    expect(page.locator("#now")).to_have_text("zweiter Punkt")
    server.say()
    server.version = 1
    server.say()
    page.clock.run_for(3_000)

    assert server.count("/stand/") == 1


def test_parts_come_and_go(server, page):
    server.change(part("now", "Fall"), part("case", "hinter dem Vorhang"), part("side", "alle da"))
    server.say()
    expect(page.locator("#stage")).to_have_text("Fallhinter dem Vorhangalle da")
    server.change(part("now", "Pause"), part("side", "alle da"))
    server.say()

    expect(page.locator("#stage")).to_have_text("Pausealle da")


def test_text_that_is_typed_is_not_replaced_and_the_new_one_is_shown_afterwards(server, page):
    server.change(note("alt"))
    server.say()
    field = page.locator("textarea")
    field.fill("von mir")
    server.change(note("von dir"), part("side", "neu"))
    server.say()
    expect(page.locator("#side")).to_have_text("neu")
    expect(field).to_have_value("von mir")
    expect(page.locator("#note")).to_have_attribute("data-held", "")

    field.fill("alt")
    field.blur()

    expect(field).to_have_value("von dir")


def test_new_token_alone_replaces_nothing(server, page):
    server.change(note("alt"))
    server.say()
    expect(page.locator("textarea")).to_have_value("alt")
    page.evaluate("document.querySelector('textarea').before = 'kept'")
    server.change(note("alt").replace('value="alt"', 'value="another"'), part("side", "neu"))
    server.say()
    expect(page.locator("#side")).to_have_text("neu")

    assert page.evaluate("document.querySelector('textarea').before") == "kept"


def test_without_sockets_the_page_asks_every_few_seconds(server, page):
    server.has_sockets = False
    server.sockets[-1].close(code=1011)
    server.change(part("now", "zweiter Punkt"))
    page.clock.run_for(7_000)

    expect(page.locator("#now")).to_have_text("zweiter Punkt")
    expect(page.locator("[data-live-lost]")).to_be_hidden()


def test_event_asks_at_once(server, page):
    server.change(part("now", "zweiter Punkt"))
    page.evaluate("document.dispatchEvent(new Event('live:ask'))")

    expect(page.locator("#now")).to_have_text("zweiter Punkt")


def test_silence_is_said_with_its_time_and_mended(server, page):
    server.status = 503
    server.has_sockets = False
    server.sockets[-1].close(code=1011)
    warning = page.locator("[data-live-lost]")
    page.clock.run_for(13_000)
    expect(warning).to_be_hidden()
    page.clock.run_for(4_000)
    expect(warning).to_have_text("Stand von 10:42")

    server.status, server.has_sockets = 200, True
    server.change(part("now", "zweiter Punkt"))
    page.clock.run_for(12_000)

    expect(page.locator("#now")).to_have_text("zweiter Punkt")
    expect(warning).to_be_hidden()


def test_line_that_is_dead_without_saying_so_is_opened_anew(server, page):
    before = len(server.sockets)
    page.clock.run_for(40_000)

    server.expect_more_sockets_than(before)


def test_waking_up_opens_the_line_anew(server, page):
    before = len(server.sockets)
    page.clock.pause_at("2026-03-02T11:42:00")
    page.clock.run_for(2_000)

    server.expect_more_sockets_than(before)


def test_who_has_no_right_any_more_sees_nothing_and_asks_the_server_what_there_is(server, page):
    page.clock.run_for(12_000)
    with page.expect_navigation():
        server.sockets[-1].close(code=4403)
        page.clock.run_for(1_000)

    assert server.count("/") == 2


def test_page_that_is_gone_is_hidden_at_once(server, page):
    server.status = 404
    server.change(part("now", "geheim"))
    server.say()

    expect(page.locator("#stage")).to_be_hidden()
    expect(page.locator("#outside")).to_be_visible()
