"""Everything a member of an agency that takes no part can look at, to see that it never changes."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page

from agencies.models import Membership
from tests.e2e.mailbox import Mail, Mailbox

LISTS = (
    *("/faelle/", "/faelle/liste.csv", "/faelle/meine/", "/faelle/fristen/"),
    *("/ueberweisungen/", "/ueberweisungen/?state=all", "/ueberweisungen/ausgang/?state=all"),
    *("/ueberweisungen/eingang.csv?state=all", "/ueberweisungen/ausgang.csv?state=all"),
    *("/ueberweisungen/arbeitsplatz/neu/", "/ueberweisungen/arbeitsplatz/faellig/"),
    "/ueberweisungen/arbeitsplatz/wartend/",
)
#: What differs between two answers with the same content: tokens of the forms.
TOKEN = re.compile(r"[A-Za-z0-9]{64}")
CASE_PAGES = ("", "verlauf/", "freigaben/", "contact/bearbeiten/", "contact/notiz/", "zugriffe/")
REFERRAL_PAGES = ("", "vorschau/", "accept/", "bearbeiten/")


@dataclass
class Outsider:
    """A logged-in page of the outsider, and what it showed before anything happened."""

    page: Page
    member: Membership
    mailbox: Mailbox
    #: Search words by what they are, and what of the other words a hit would show.
    words: list[str] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before, self.mails = self.lists(), self.received()

    def received(self) -> list[Mail]:
        return list(self.mailbox.of(self.member.user.email))

    def lists(self) -> dict[str, str]:
        """Lists, boxes, counts in the navigation, start page panels and exports."""
        return {url: TOKEN.sub("", self.page.request.get(url).text()) for url in LISTS}

    def hits(self) -> dict[str, int]:
        """How many results each search word brings."""
        found = {}
        for word in self.words:
            self.page.goto("/suche/")
            self.page.locator("#case-search").fill(word)
            self.page.locator("main").get_by_role("button", name="Suchen").click()
            self.page.wait_for_url("**/suche/?q=*")
            found[word] = self.page.locator("#hits a[href^='/faelle/']").count()
        return found

    def statuses(self, case: str, referral: str = "") -> set[int]:
        """The answers to every guessed address of the case and the referral."""
        addresses = [case + part for part in CASE_PAGES]
        addresses += [referral + part for part in REFERRAL_PAGES if referral]
        return {self.page.request.get(address).status for address in addresses}

    def check(self, case: str, referral: str = "") -> None:
        """Nothing is different from before, and nothing is found."""
        assert self.lists() == self.before
        assert self.hits() == dict.fromkeys(self.words, 0)
        assert self.statuses(case, referral) == {404}
        assert self.received() == self.mails
