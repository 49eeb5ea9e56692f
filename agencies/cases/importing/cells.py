"""Cleans cell contents: invisible and control characters out, numbers and days in one form."""

import datetime
import re

from agencies.cases.importing.sheet import Cell

_JOINED = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff"
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000 ]+")
_BREAKS = re.compile("\r\n|[\r\u000b\u000c\u0085\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
# Between letters of joining scripts these two are spelling (Persian Ali-Reza), anywhere else they hide.
_STRAY_JOINERS = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINED}])")
_LINE_EDGES = re.compile(" *\n *")
# Our own exports put an apostrophe before what a spreadsheet program would take for a formula.
_GUARDED = re.compile(r"'(?=[=+\-@])")


def clean_text(text: str) -> str:
    """Text without control, zero-width and direction characters; line breaks stay, spaces become single."""
    if text.isascii() and text.isprintable():
        text = _SPACES.sub(" ", text)
    else:
        text = _BREAKS.sub("\n", text)
        text = _STRAY_JOINERS.sub("", _INVISIBLE.sub("", text))
        text = _LINE_EDGES.sub("\n", _SPACES.sub(" ", text))
    return _GUARDED.sub("", text.strip(), count=1) if text.lstrip().startswith("'") else text.strip()


def clean(value: object) -> Cell:
    """A cell as str, int, float, date, bool or None; a time of day stays as text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return clean_text(value) or None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime.datetime):
        return value.date() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return value
    return clean_text(str(value)) or None
