"""Forms of the import: the file, the sheet, the columns, and the filter of the report."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from agencies.cases.importing.models import RowKind
from agencies.cases.importing.report import INCOMPLETE
from agencies.cases.importing.sheet import MAX_BYTES
from agencies.cases.importing.targets import BY_KEY, TARGETS
from agencies.models import Team

TOO_LARGE = _("Die Datei ist größer als 10 MB. Bitte teilen Sie sie auf.")
#: What must be known of a person; each line is met by one of its targets.
REQUIRED = (
    (("family_name", "full_name"), _("Nachname")),
    (("given_name", "full_name"), _("Vorname")),
    (("birth_date",), _("Geburtsdatum")),
)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Tabelle"),
        help_text=_("Excel (.xlsx), OpenDocument (.ods) oder CSV, höchstens 10 MB und 20.000 Zeilen."),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.ods,.csv,.txt", "data-max-bytes": MAX_BYTES, "data-too-large": TOO_LARGE}
        ),
        allow_empty_file=True,  # the reader says it better
        max_length=None,
    )
    team = forms.ModelChoiceField(
        label=_("Team, das die Fälle führt"),
        queryset=Team.objects.none(),
        empty_label=_("Bitte wählen"),
        help_text=_("Das Team sieht und bearbeitet die Fälle; es kann später je Fall geändert werden."),
    )

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = teams
        field.label_from_instance = lambda team: team.name  # type: ignore[method-assign,assignment]
        if len(teams) == 1:
            field.initial, field.empty_label = teams[0], None

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


class SheetForm(forms.Form):
    sheet = forms.ChoiceField(label=_("Tabellenblatt"))

    def __init__(self, *args: Any, sheets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """One choice for each column of the file: the field it fills, or none."""

    def __init__(
        self,
        *args: Any,
        headers: list[str],
        samples: list[list[str]],
        possible: dict[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.samples = samples
        choices = [("", _("nicht übernehmen")), *((target.key, target.label) for target in TARGETS)]
        for column, header in enumerate(headers):
            hint = _gettext("Vielleicht: %s") % BY_KEY[possible[column]].label if column in possible else ""
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=header, choices=choices, required=False, help_text=hint
            )

    def lines(self) -> list[tuple[Any, list[str]]]:
        """Each field with the first values of its column."""
        return list(zip(list(self), self.samples, strict=True))

    def columns(self) -> dict[int, str]:
        """Column → target key of what was chosen."""
        return {
            int(name.removeprefix("column_")): target for name, target in self.cleaned_data.items() if target
        }

    def clean(self) -> None:
        first: dict[str, str] = {}
        for name, target in list(self.cleaned_data.items()):
            if target and target in first:
                text = _gettext("„%(target)s“ ist schon der Spalte „%(header)s“ zugeordnet.")
                header = self.fields[first[target]].label
                self.add_error(name, text % {"target": BY_KEY[target].label, "header": header})
            elif target:
                first[target] = name
        missing = [str(label) for keys, label in REQUIRED if not first.keys() & set(keys)]
        if missing and not self.errors:
            text = _gettext("Bitte ordnen Sie noch eine Spalte zu für: %(missing)s.")
            self.add_error(None, text % {"missing": ", ".join(missing)})


class RowFilter(forms.Form):
    kind = forms.ChoiceField(
        label=_("Ergebnis"),
        choices=[("", _("alle Zeilen")), *RowKind.choices, (INCOMPLETE, _("unvollständig"))],
        required=False,
    )
