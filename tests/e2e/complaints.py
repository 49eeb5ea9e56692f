"""What a browser complains about: the content policy, script errors, missing files, broken pages."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Response

#: Chromium's own line about a page that answers 403 or 404, which the tests look at themselves.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Complaints:
    """Listens to browser contexts; ``heard`` stays empty on a sound page."""

    heard: list[str] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.heard.append(f"{error.page.url}: {error.error}"))
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.heard.append(f"{message.location.get('url')}: {message.text}")

    def _response(self, response: Response) -> None:
        missing = response.status >= 400 and "/static/" in response.url
        if missing or response.status >= 500:
            self.heard.append(f"{response.status} {response.url}")
