"""One member's copy of the minutes as PDF (A4), in any script that a name may be written in."""

import logging
import re
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _
from fpdf import FPDF, FontFace
from fpdf.enums import TableCellFillMode, VAlign, XPos, YPos

from agencies.access.minutes import MinutesCopy
from agencies.roundtable.minutes_layout import Layout, Point, Resolved, Row, lay_out

# Each file would write a hundred lines about the tables of its fonts.
logging.getLogger("fontTools").setLevel(logging.WARNING)

#: Fetched at set-up (portal/frontend): the text, and what it lacks for names as their bearers write them.
FONTS = {"Text": "FiraSans", "Arabic": "NotoSansArabic", "Ethiopic": "NotoSansEthiopic"}
WEIGHTS = {"": "400Regular", "B": "600SemiBold"}
#: Combining marks, and all scripts whose letters join or run to the left: only these are worth the time
#: that shaping takes, which is most of it.
SHAPED = re.compile("[\u0300-\u036f\u0590-\u1dff\ufb1d-\ufefc]")
#: Stands for the number of pages until it is known; nobody types it.
PAGES = "‹‹nb››"
#: Millimetres; grey of 255; points.
MARGIN, FOOT, GREY, RULE = 22, 22, 95, 200
TEXT, SMALL = 10, 8.5


def pdf(copy: MinutesCopy) -> bytes:
    """The bytes of the file; the same words as on the page."""
    layout = lay_out(copy)
    sheet = Sheet(layout)
    sheet.add_page()
    _head(sheet, layout)
    for point in layout.points:
        _point(sheet, point)
    if not layout.points:
        sheet.small(_("Es stand nichts auf der Tagesordnung."))
    _addenda(sheet, layout.addenda)
    return bytes(sheet.output())


def filename(copy: MinutesCopy) -> str:
    """Says which minutes, and nothing of anybody in them."""
    table = slugify(copy.record["table"]) or "runder-tisch"
    return f"Protokoll-{table}-{copy.minutes.number}.pdf"


class Sheet(FPDF):
    """A4 with running head and foot, so that no page can pass for part of another copy."""

    def __init__(self, layout: Layout) -> None:
        super().__init__(format="A4")
        self.layout = layout
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(auto=True, margin=FOOT)
        for family, name in FONTS.items():
            for style, weight in WEIGHTS.items():
                self.add_font(family, style, settings.LOCAL_DIR / "fonts" / f"{name}_{weight}.ttf")
        self.set_fallback_fonts(["Arabic", "Ethiopic"], exact_match=False)
        self.alias_nb_pages(PAGES)
        self.set_title(f"{layout.table}: {layout.title}")
        self.set_lang("de-DE")
        self.set_font("Text", size=TEXT)

    def header(self) -> None:
        if self.page_no() > 1:
            recipient = _("Ausfertigung für {recipient}").format(recipient=self.layout.recipient)
            self.small(f"{self.layout.table} · {self.layout.title} · {recipient}")
            self.ln(4)

    def footer(self) -> None:
        self.set_y(-FOOT + 6)
        page = _("Seite {page} von {pages}").format(page=self.page_no(), pages=PAGES)
        self.small(f"{self.layout.version} · {self.layout.fingerprint} · {page}")

    def line_of(self, text: str, *, bold: bool = False, size: float = TEXT) -> None:
        """A paragraph over the whole width."""
        self.shape(text)
        self.set_font("Text", "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font("Text", size=TEXT)

    def shape(self, *texts: str) -> None:
        self.set_text_shaping(any(SHAPED.search(text) for text in texts))

    def small(self, text: str) -> None:
        self.set_text_color(GREY)
        self.line_of(text, size=SMALL)
        self.set_text_color(0)

    def keep(self, room: float) -> None:
        """Begin a new page unless this much room is left: no heading stands alone at the foot."""
        if self.will_page_break(room):
            self.add_page()

    def labelled(self, label: str, text: str) -> None:
        if text:
            self.keep(12)
            self.small(label)
            self.line_of(text)
            self.ln(1.8)

    def grid(self, head: Row, rows: list[Row], widths: tuple[int, ...]) -> None:
        """A table that repeats its head on every page; rows are not torn."""
        self.set_draw_color(RULE)
        self.set_font("Text", size=9)
        style: dict[str, Any] = {
            "borders_layout": "HORIZONTAL_LINES",
            "line_height": 4.5,
            "headings_style": FontFace(emphasis="BOLD"),
            "cell_fill_mode": TableCellFillMode.NONE,
            "padding": (1, 3, 1, 0),
            "text_align": "LEFT",
            "v_align": VAlign.T,
        }
        self.shape(*(cell for row in rows for cell in row))
        with self.table([head, *rows], col_widths=widths, **style):
            pass
        self.set_font("Text", size=TEXT)
        self.ln(2.5)


def _head(sheet: Sheet, layout: Layout) -> None:
    sheet.small(layout.table)
    sheet.line_of(layout.title, bold=True, size=20)
    sheet.ln(2)
    stand = f"{layout.version} · {layout.fingerprint}"
    for label, value in (*layout.facts, (_("Ausfertigung für"), layout.recipient), (_("Stand"), stand)):
        top = sheet.get_y()
        sheet.small(label)
        sheet.set_xy(MARGIN + 32, top)
        sheet.shape(value)
        sheet.multi_cell(0, 5, value, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    if layout.warning:
        sheet.ln(2)
        sheet.line_of(layout.warning, bold=True, size=9)
    if not layout.copy.holds:
        sheet.line_of(_("Die Prüfsumme stimmt nicht: Dieses Protokoll wurde verändert."), bold=True)
    sheet.ln(4)
    if layout.attendance:
        sheet.grid((_("Stelle"), _("Anwesend"), _("Nicht anwesend")), layout.attendance, (40, 35, 35))


def _point(sheet: Sheet, point: Point) -> None:
    sheet.keep(34)
    sheet.ln(3)
    sheet.line_of(f"{point.heading} – {point.name}" if point.name else point.heading, bold=True, size=12.5)
    sheet.small(point.meta)
    sheet.ln(1.5)
    sheet.labelled(_("Frage an den Tisch"), point.question)
    if point.asks:
        sheet.labelled(_("Bitten"), "\n".join(f"{agency}: {what}" for agency, what in point.asks))
    sheet.labelled(_("Zusammenfassung"), point.summary)
    sheet.labelled(_("Notizen"), point.notes)
    if point.is_covered:
        sheet.small(_("Zusammenfassung und Notizen waren für Sie nicht offen."))
        sheet.ln(1.8)
    if point.promises:
        head = (_("Stelle"), _("Aufgabe"), _("erledigt, wenn"), _("bis"), _("Stand"))
        sheet.grid(head, point.promises, (28, 36, 30, 16, 14))
    for decision in point.decisions:
        _decision(sheet, decision)


def _decision(sheet: Sheet, decision: Resolved) -> None:
    sheet.keep(44 if decision.promises else 22)
    sheet.small(_("Beschluss {number}").format(number=decision.number))
    sheet.line_of(decision.text, bold=True)
    sheet.ln(1.8)
    if decision.promises:
        head = (_("Stelle"), _("Aufgabe"), _("erledigt, wenn"), _("bis"))
        sheet.grid(head, decision.promises, (30, 42, 34, 16))


def _addenda(sheet: Sheet, addenda: list[Row]) -> None:
    if not addenda:
        return
    sheet.keep(34)
    sheet.ln(4)
    sheet.line_of(_("Nachträge"), bold=True, size=12.5)
    for signature, text, fingerprint in addenda:
        sheet.keep(16)
        sheet.ln(1)
        sheet.line_of(text)
        sheet.small(f"{signature} · {_('Prüfsumme {short}').format(short=fingerprint)}")
