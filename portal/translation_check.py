"""Finds text that no translator would get to see: bare text in templates, gaps in catalogues."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

#: Attributes whose values people read or hear.
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "label"}
#: Product names and the like, the same in every language.
PROPER_NAMES = {"Kreisrund", "CSV", "XLSX", "ODS", "E-Mail"}
TRANSLATED = re.compile(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", re.DOTALL)
#: Blocks that child templates fill with markup, by our naming.
MARKUP_BLOCK = re.compile(r"{%\s*block \w+_(?:class|attributes)\s*%}.*?{%\s*endblock\b.*?%}", re.DOTALL)
COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
EMPTY_MESSAGE = re.compile(r'^msgid "(?!")(?P<id>.*)"\nmsgstr ""\n(?!")', re.MULTILINE)


class _Reader(HTMLParser):
    """Collects what a person would read, with line numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style", "code")
        for name, value in attrs:
            if name in SPOKEN and value:
                self.take(value)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.take(data)

    def take(self, text: str) -> None:
        for line in text.splitlines():
            if WORD.search(line) and line.strip() not in PROPER_NAMES:
                self.found.append((self.getpos()[0], line.strip()))


def _blank(match: re.Match[str]) -> str:
    """Keep the line breaks, so that line numbers stay right."""
    return "\n" * match.group().count("\n")


def bare_text(template: str) -> list[tuple[int, str]]:
    """Line and words of every text in a template that is in no translate tag."""
    for pattern in (COMMENT, TRANSLATED, MARKUP_BLOCK, TAG):
        template = pattern.sub(_blank, template)
    reader = _Reader()
    reader.feed(template)
    return reader.found


def problems(root: Path, apps: list[str]) -> Iterator[str]:
    """All findings below ``root``, as lines for a person."""
    for app in apps:
        for path in sorted((root / app).rglob("templates/**/*.html")):
            if path.parent.name == "gallery":  # examples for developers, shown under DEBUG only
                continue
            for line, text in bare_text(path.read_text()):
                yield f"{path.relative_to(root)}:{line}: not translatable: {text[:60]}"
        for path in sorted((root / app).rglob("locale/*/LC_MESSAGES/*.po")):
            catalogue = path.read_text()
            for match in EMPTY_MESSAGE.finditer(catalogue):
                yield f"{path.relative_to(root)}: no translation: {match['id'][:60]}"
            if "\n#, fuzzy" in catalogue:
                yield f"{path.relative_to(root)}: fuzzy translations"
