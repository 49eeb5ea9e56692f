"""What is typed while the table speaks: texts, decisions, commitments, further topics."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases.forms.fields import GermanDateField, PlainCharField
from agencies.models import Agency, Membership
from agencies.roundtable.anonymity import named_in
from agencies.roundtable.forms.agenda import READ_BY_ALL
from agencies.roundtable.models import Meeting

LONGEST_TEXT = 40_000


class TextForm(forms.Form):
    """Summary or notes; ``expected`` is the version that was on the writer's screen (0: none yet)."""

    text = PlainCharField(
        required=False,
        max_length=LONGEST_TEXT,
        error_messages={
            "max_length": gettext_lazy(
                "Der Text ist zu lang: %(show_value)s Zeichen, höchstens %(limit_value)s. Er ist noch nicht "
                "gespeichert. Bitte kürzen Sie ihn."
            )
        },
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")


class PublicForm(forms.Form):
    """Texts that everyone at the table reads: no names in them, as far as the writer may know the person."""

    def __init__(self, *args: Any, case_id: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case_id = case_id

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for field in [name for name, value in data.items() if isinstance(value, str)]:
            if found := named_in(data[field], self.case_id):
                text = _("Hier steht ein Name der Person (%(names)s). Diesen Text lesen alle am Tisch.")
                self.add_error(field, text % {"names": ", ".join(found)})
        return data


class DecisionForm(PublicForm):
    text = PlainCharField(
        label=gettext_lazy("Was hat der Tisch beschlossen?"),
        max_length=2000,
        help_text=READ_BY_ALL,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CommitmentForm(PublicForm):
    """A promise of one agency of the table: by when, and what counts as done."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=gettext_lazy("Welche Stelle sagt zu?"))
    person = forms.ModelChoiceField(
        Membership.objects.none(),
        label=gettext_lazy("Zuständig"),
        required=False,
        empty_label=gettext_lazy("noch offen"),
    )
    what = PlainCharField(label=gettext_lazy("Aufgabe"), max_length=300, help_text=READ_BY_ALL)
    done_when = PlainCharField(
        label=gettext_lazy("Erledigt, wenn"),
        max_length=300,
        help_text=gettext_lazy("Zum Beispiel: Der Kursplatz ist schriftlich zugesagt."),
    )
    due_on = GermanDateField(label=gettext_lazy("Bis wann"), help_text=gettext_lazy("TT.MM.JJJJ"))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: Any = self.fields["agency"]
        agency.queryset = Agency.objects.filter(seats__table=meeting.table_id).order_by("name")
        agency.label_from_instance = lambda found: found.name
        person: Any = self.fields["person"]
        people = Membership.objects.filter(pk__in=meeting.participants.values("member"))
        person.queryset = people.select_related("user", "agency").order_by("agency__name", "user__last_name")
        person.label_from_instance = lambda found: f"{found.name} ({found.agency.short_name})"
