"""What ending or extending a promise asks for, and the filter over the list of promises."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.cases.forms.fields import GermanDateField, PlainCharField
from agencies.models import Membership
from agencies.roundtable import anonymity
from agencies.roundtable.enums import CommitmentState
from agencies.roundtable.models import RoundTable

NO_NAMES = _("Keine Namen: Diesen Text lesen alle am Tisch.")


def _words(label: Any) -> PlainCharField:
    return PlainCharField(
        label=label, max_length=500, help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 3})
    )


class PromiseForm(forms.Form):
    """Words that the whole table reads: a name the writer may know does not belong there."""

    def __init__(self, *args: Any, case: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in {"text", "reason"} & said.keys():
            if anonymity.named_in(said[name], self.case):
                self.add_error(name, _("Bitte ohne Namen schreiben: Diesen Text lesen alle am Tisch."))
        return said


class FulfilForm(PromiseForm):
    text = _words(_("Womit ist die Aufgabe erledigt?"))


class WithdrawForm(PromiseForm):
    text = _words(_("Warum nehmen Sie die Zusage zurück?"))


class ExtendForm(PromiseForm):
    due_on = GermanDateField(label=_("Neue Frist"))
    reason = _words(_("Warum braucht es länger?"))


class CommitmentFilter(forms.Form):
    """Whose promises, at which table, and whether those that have ended are shown too."""

    WHOSE = (("", _("meiner Stelle")), ("me", _("meine")), ("all", _("aller Stellen an meinen Tischen")))
    STATES = (
        ("", _("offene")),
        ("overdue", _("nur überfällige")),
        *CommitmentState.choices[1:],
        ("all", _("alle")),
    )

    whose = forms.ChoiceField(label=_("Aufgaben"), choices=WHOSE, required=False)
    state = forms.ChoiceField(label=_("Stand"), choices=STATES, required=False)
    table = forms.ModelChoiceField(
        RoundTable.objects.none(), label=_("Tisch"), empty_label=_("alle"), required=False
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = RoundTable.objects.filter(seats__agency=member.agency_id)
        self.fields["table"].queryset = mine  # type: ignore[attr-defined]


class PastedForm(forms.Form):
    """A reply to an invitation, as it came by mail."""

    text = forms.CharField(
        label=_("Kalendertext der Antwort"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_(
            "Der Text aus dem Anhang der Antwort, von BEGIN:VCALENDAR bis END:VCALENDAR. "
            "Auch der ganze Quelltext der E-Mail geht."
        ),
    )
