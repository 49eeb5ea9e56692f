"""What members do in the browser, in the words of the screens."""

import re

from playwright.sync_api import Locator, Page, expect

FOCUSED = """() => {
  const element = document.activeElement;
  const words = element.labels?.length ? element.labels[0].innerText : element.innerText;
  return (words || "").trim();
}"""


def tab_to(page: Page, words: str, most: int = 60) -> int:
    """Press Tab until the element with these words has the focus; returns how often that took."""
    for presses in range(most):
        if page.evaluate(FOCUSED).startswith(words):
            return presses
        page.keyboard.press("Tab")
    raise AssertionError(f"No Tab leads to: {words}")


def create_case_by_keyboard(page: Page, family: str, given: str, born: str) -> str:
    """From the start page to a new case without a mouse; returns its address."""
    page.goto("/arbeitsplatz/")
    tab_to(page, "Fall anlegen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/faelle/neu/")
    for label, text in (("Familienname", family), ("Vorname", given), ("Geburtsdatum", born)):
        tab_to(page, label)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/faelle/[0-9a-f-]{36}/"))
    return page.url


def note(page: Page, category: str, text: str) -> None:
    """Write a note into a category of the open case."""
    page.get_by_role("link", name=re.compile(f"^Notiz.*: {category}$")).click()
    page.get_by_role("dialog").locator("textarea").fill(text)
    page.get_by_role("dialog").locator("button:not([type=button])").first.click()
    expect(page.get_by_text(text)).to_be_visible()


def write_referral(page: Page, agency: str, request: str) -> None:
    """From the open case to the preview: whom, what for, why."""
    page.locator("main").get_by_role("link", name="Überweisen", exact=True).first.click()
    row = page.get_by_role("row").filter(has_text=agency)
    row.get_by_role("link", name="Stelle").first.click()
    page.locator("textarea[name=request]").fill(request)
    page.locator("textarea[name=necessity]").fill("Ohne sie ist keine Beratung möglich.")
    page.get_by_role("button", name="Weiter zur Vorschau").click()
    expect(page.get_by_role("button", name="Überweisung senden")).to_be_visible()


def send(page: Page) -> str:
    """Send what the preview shows; returns the address of the referral."""
    page.get_by_role("button", name="Überweisung senden").click()
    page.wait_for_url(re.compile(r"/ueberweisungen/[0-9a-f-]{36}/$"))
    return page.url


def released(page: Page) -> list[str]:
    """The released data as they stand on the page, category by category."""
    return page.locator(".kr-preview__body [data-part]").all_inner_texts()


def act(page: Page, label: str, *, text: str = "", choice: str = "", said: str = "") -> None:
    """Do an act on the open referral through its dialog; ``said`` is what the portal then says."""
    dialog = open_act(page, label)
    if choice:
        dialog.get_by_label(choice, exact=True).check()
    if text:
        dialog.locator("textarea").first.fill(text)
    dialog.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_text(said)).to_be_visible()


def open_act(page: Page, label: str) -> Locator:
    page.locator("main").get_by_role("link", name=f"{label} …", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog
