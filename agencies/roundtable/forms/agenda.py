"""Forms of the agenda: topics, proposed cases, what is asked of whom."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases.forms.fields import PlainCharField
from agencies.models import Agency
from agencies.roundtable.anonymity import case_of, named_in
from agencies.roundtable.enums import ItemKind
from agencies.roundtable.models import Item

READ_BY_ALL = gettext_lazy("Keine Namen: diesen Text lesen alle am Tisch.")


class QuestionField(PlainCharField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Frage an den Tisch"))
        super().__init__(
            max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=READ_BY_ALL, **kwargs
        )


class MinutesField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"class": "kr-short", "inputmode": "numeric"})
        super().__init__(
            label=gettext_lazy("Minuten"), min_value=1, max_value=240, initial=10, widget=widget, **kwargs
        )


class TopicForm(forms.Form):
    """A general item of the agenda."""

    title = PlainCharField(label=gettext_lazy("Thema"), max_length=120, help_text=READ_BY_ALL)
    question = QuestionField(required=False)
    minutes = MinutesField()


class AskingForm(forms.Form):
    """A question, and for each agency at the table what is asked of it; no names in either."""

    question = QuestionField(
        error_messages={"required": gettext_lazy("Bitte schreiben Sie, was der Tisch beantworten soll.")}
    )

    def __init__(self, *args: Any, agencies: Sequence[Agency], case_id: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies, self.case_id = agencies, case_id
        for agency in agencies:
            self.fields[f"ask_{agency.pk}"] = PlainCharField(
                label=agency.name, max_length=300, required=False
            )

    @property
    def ask_fields(self) -> list[BoundField]:
        return [self[f"ask_{agency.pk}"] for agency in self.agencies]

    def asks(self) -> dict[Agency, str]:
        """What is asked of whom, without those of whom nothing is."""
        wanted = {agency: self.cleaned_data[f"ask_{agency.pk}"] for agency in self.agencies}
        return {agency: what for agency, what in wanted.items() if what}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("title", "question", *(f"ask_{agency.pk}" for agency in self.agencies)):
            if found := named_in(data.get(name) or "", self.case_id):
                text = _("Hier steht ein Name der Person (%(names)s). Diesen Text lesen alle am Tisch.")
                self.add_error(name, text % {"names": ", ".join(found)})
        return data


class WordForm(AskingForm):
    """Change an item; only topics have a title."""

    title = PlainCharField(label=gettext_lazy("Thema"), max_length=120, help_text=READ_BY_ALL)
    minutes = MinutesField()
    field_order = ("title", "question", "minutes")

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        asks = {f"ask_{ask.agency_id}": ask.what for ask in item.asks.all()}
        fields = {"title": item.title, "question": item.question, "minutes": item.minutes}
        super().__init__(*args, initial=fields | asks, case_id=case_of(item), **kwargs)
        if item.kind == ItemKind.CASE:
            del self.fields["title"]
        else:
            self.fields["question"].required = False

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        names = [name for name in ("title", "question", "minutes") if name in self.fields]
        return {**{name: self.cleaned_data[name] for name in names}, "asks": self.asks()}
