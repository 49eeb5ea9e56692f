"""WCAG 2.2 AA as axe-core checks it, and whether a page fits a narrow screen."""

from typing import Any

from playwright.sync_api import Page

from tests.database import ROOT

SOURCE = ROOT / ".local" / "assets" / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW, WIDE = {"width": 360, "height": 800}, {"width": 1280, "height": 900}
RUN = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})"""
#: The widest element that sticks out of the window, so that a failure says what to look at.
STICKS_OUT = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const out = [...document.querySelectorAll("main *, header *, nav *, dialog *")].filter((element) => {
    const scroller = element.closest("[data-scroll-region], dialog");
    const isOut = element.getBoundingClientRect().right > root.clientWidth + 1;
    return isOut && (!scroller || scroller === element);
  });
  const first = out.slice(0, 3).map((element) => element.outerHTML.slice(0, 160));
  return ["page is " + root.scrollWidth + " px wide", ...first];
}"""
OPEN_ALL = "() => document.querySelectorAll('main details').forEach((details) => { details.open = true; })"


def violations(page: Page) -> list[str]:
    """Every broken rule with the elements that break it; the content policy does not concern this way in."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SOURCE.read_text())
    found: dict[str, Any] = page.evaluate(RUN, TAGS)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def problems(page: Page) -> dict[str, list[str]]:
    """Violations in light and dark (there with all details open) and what does not fit 360 pixels."""
    found = {}
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    found["light"] = violations(page)
    page.emulate_media(color_scheme="dark")
    page.evaluate(OPEN_ALL)
    found["dark"] = violations(page)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    found["360 px"] = page.evaluate(STICKS_OUT)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    return {where: what for where, what in found.items() if what}
