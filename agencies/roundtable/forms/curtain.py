"""Forms of the curtain: how far it opens for whom, and asking for more."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases.forms.fields import PlainCharField
from agencies.models import Agency
from agencies.roundtable.curtains import Cell
from agencies.roundtable.enums import CurtainLevel


def levels_for(agency: Agency) -> list[CurtainLevel]:
    """How much an agency may be shown: others than bodies of § 35 SGB I the summary at most (§ 79 SGB X)."""
    return [level for level in CurtainLevel if agency.may_browse or level.reach <= CurtainLevel.SUMMARY.reach]


class CurtainForm(forms.Form):
    """One choice per agency; what is left out stays as it is, so a single one can be answered alone."""

    def __init__(self, *args: Any, cells: Sequence[Cell], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cells = {f"agency_{cell.agency.pk}": cell for cell in cells if not cell.leads}
        for name, cell in self.cells.items():
            self.fields[name] = forms.ChoiceField(
                label=cell.agency.name,
                choices=[(level.value, level.label) for level in levels_for(cell.agency)],
                initial=cell.wanted.value,
                required=False,
                help_text=_hint(cell),
            )

    def changes(self) -> list[tuple[Agency, CurtainLevel]]:
        """What differs from before, or answers a request."""
        given = {name: self.cleaned_data.get(name) for name in self.cells}
        return [
            (cell.agency, CurtainLevel(level))
            for name, cell in self.cells.items()
            if (level := given[name]) and (level != cell.wanted or cell.request)
        ]


def _hint(cell: Cell) -> str:
    if cell.request is None:
        return "" if cell.agency.may_browse else _("höchstens die Zusammenfassung (§ 79 SGB X)")
    level = CurtainLevel(cell.request.level).label
    return _("Bittet um „%(level)s“. Speichern beantwortet die Bitte.") % {"level": level}


class AskForMoreForm(forms.Form):
    """An agency asks to see more than it does."""

    level = forms.ChoiceField(label=gettext_lazy("Was möchte Ihre Stelle sehen?"), widget=forms.RadioSelect)
    reason = PlainCharField(
        label=gettext_lazy("Wozu?"),
        max_length=300,
        help_text=gettext_lazy("Ein Satz genügt. Die federführende Stelle entscheidet."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        more = [level for level in levels_for(agency) if level != CurtainLevel.PSEUDONYM]
        self.fields["level"].choices = [(level.value, level.label) for level in more]  # type: ignore[attr-defined]
        if len(more) == 1:
            self.initial["level"] = more[0].value
