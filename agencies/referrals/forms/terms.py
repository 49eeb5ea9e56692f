"""The form of a request: what for, on which norm, which data until when, and what the other side shall do."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases.forms.fields import GermanDateField, PlainCharField
from agencies.cases.sharing import bases_for, purposes_for, usual
from agencies.enums import SPECIAL_CATEGORIES, AgencyKind, Category, LegalBasis, Purpose
from agencies.models import Agency, Membership
from agencies.referrals.forms.filtering import INTERNAL_PURPOSES

TOKEN_SALT = "referrals.draft"  # noqa: S105
DEFAULT_DAYS = 90
#: A release that should last longer is made again, by someone who looks at it again.
LONGEST_DAYS = 730


def first_purpose(recipient: Agency, wanted: str = "") -> Purpose:
    """The purpose the form starts with: the wanted one, else the recipient's most usual one."""
    if wanted in Purpose.values and wanted not in INTERNAL_PURPOSES:
        return Purpose(wanted)
    return next(iter(purposes_for(recipient.kind)), Purpose.ADVICE)


def presets(recipient: Agency, purpose: Purpose) -> dict[str, Any]:
    """What is ticked and filled in for a recipient and purpose: the usual, and nothing more."""
    row = usual(recipient.kind, purpose)
    days = row.days if row else DEFAULT_DAYS
    return {
        "purpose": purpose.value,
        "preset": purpose.value,
        "legal_basis": (row.legal_basis if row else bases_for(recipient.kind)[0]).value,
        "categories": [category.value for category in Category if row and category in row.categories],
        "further": [],
        "valid_until": timezone.localdate() + timedelta(days=days),
    }


class TermsForm(forms.Form):
    """One request to one recipient. A draft may be unfinished; the way to the preview may not.

    ``preset`` is the purpose the boxes were made for: when the purpose changes, the boxes start anew.
    ``token`` names the draft beforehand, so a form sent twice writes one.
    """

    request = PlainCharField(
        label=gettext_lazy("Was soll die Stelle tun?"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Auch: bis wann, und was ist schon geschehen?"),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Zweck"))
    legal_basis = forms.ChoiceField(label=gettext_lazy("Rechtsgrundlage"))
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Übliche Daten"), required=False, widget=forms.CheckboxSelectMultiple
    )
    further = forms.MultipleChoiceField(
        label=gettext_lazy("Weitere Daten"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nur wenn die Stelle ihre Aufgabe sonst nicht erfüllen kann."),
    )
    beyond_reason = PlainCharField(
        label=gettext_lazy("Begründung für die weiteren Daten"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    necessity = PlainCharField(
        label=gettext_lazy("Warum braucht die Stelle diese Daten?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Ein Satz genügt. Er wird mit der Datenübermittlung aufbewahrt."),
    )
    valid_until = GermanDateField(
        label=gettext_lazy("Daten sichtbar bis"), help_text=gettext_lazy("TT.MM.JJJJ, längstens zwei Jahre")
    )
    preset = forms.CharField(widget=forms.HiddenInput, required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, recipient: Agency, held: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipient, self.member = recipient, member
        self.strict = "preview" in self.data
        purpose = self.data.get("preset") or self.initial.get("purpose") or ""
        self.made_for = first_purpose(recipient, purpose)
        offered = self._offered([category for category in Category if category in held])
        row = usual(recipient.kind, self.made_for)
        usual_ones = row.categories if row else frozenset()
        self._choices("categories", [c for c in offered if c in usual_ones])
        self._choices("further", [c for c in offered if c not in usual_ones])
        self._choices("legal_basis", bases_for(recipient.kind))
        usual_purposes = purposes_for(recipient.kind)
        others = [p for p in Purpose if p not in usual_purposes and p not in INTERNAL_PURPOSES]
        self.fields["purpose"].choices = [  # type: ignore[attr-defined]
            (_("üblich für diese Stelle"), [(p.value, p.label) for p in usual_purposes]),
            (_("weitere Zwecke"), [(p.value, p.label) for p in others]),
        ]
        for name in ("request", "necessity"):  # a draft may do without, the preview may not
            self.fields[name].is_needed = True  # type: ignore[attr-defined]
        self.initial.setdefault("token", signing.dumps([str(uuid4()), member.pk], salt=TOKEN_SALT))

    def _offered(self, held: list[Category]) -> list[Category]:
        """Only what the own agency holds; health never towards the immigration authority."""
        if self.recipient.kind != AgencyKind.IMMIGRATION_AUTHORITY:
            return held
        return [category for category in held if category not in SPECIAL_CATEGORIES]

    def _choices(self, name: str, values: list[Any]) -> None:
        self.fields[name].choices = [(v.value, v.label) for v in values]  # type: ignore[attr-defined]

    @property
    def purpose_changed(self) -> bool:
        """Whether another purpose was chosen than the one the boxes were made for."""
        return self.is_bound and first_purpose(self.recipient, self.data.get("purpose", "")) != self.made_for

    def kept(self) -> dict[str, Any]:
        """What was typed, with the boxes of the newly chosen purpose: the start of the next form."""
        texts = ("request", "beyond_reason", "necessity", "token", "seen")
        purpose = first_purpose(self.recipient, self.data.get("purpose", ""))
        return {name: self.data.get(name, "") for name in texts} | presets(self.recipient, purpose)

    def clean_token(self) -> UUID:
        """The id of the draft to be; a missing or foreign token is replaced, never an error."""
        try:
            pk, member_id = signing.loads(self.cleaned_data["token"], salt=TOKEN_SALT)
        except (signing.BadSignature, ValueError):
            return uuid4()
        return UUID(pk) if member_id == self.member.pk else uuid4()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_until(data)
        if self.strict:
            self._check_finished(data)
        return data

    def _check_until(self, data: dict[str, Any]) -> None:
        today = timezone.localdate()
        if (until := data.get("valid_until")) is None:
            return
        if until < today:
            self.add_error("valid_until", _("Das Datum liegt in der Vergangenheit."))
        elif until > today + timedelta(days=LONGEST_DAYS):
            self.add_error("valid_until", _("Bitte höchstens zwei Jahre; danach entscheiden Sie neu."))

    def _check_finished(self, data: dict[str, Any]) -> None:
        if not data.get("request"):
            self.add_error("request", _("Bitte schreiben Sie, worum es geht."))
        if not data.get("necessity"):
            self.add_error("necessity", _("Bitte begründen Sie, warum die Stelle die Daten braucht."))
        further = {Category(value) for value in data.get("further", ())}
        if not further and not data.get("categories"):
            first = "categories" if self.fields["categories"].choices else "further"  # type: ignore[attr-defined]
            self.add_error(first, _("Wählen Sie mindestens eine Datenkategorie aus."))
        if further and not data.get("beyond_reason"):
            self.add_error("beyond_reason", _("Mehr als die üblichen Daten brauchen eine eigene Begründung."))
        if further & SPECIAL_CATEGORIES and data.get("legal_basis") != LegalBasis.CONSENT:
            self.add_error(
                "legal_basis",
                _("Gesundheitsdaten gehen nur mit Einwilligung der Person weiter (Art. 9 DSGVO)."),
            )

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        data = self.cleaned_data
        chosen = {*data["categories"], *data["further"]}
        names = ("request", "necessity", "beyond_reason", "valid_until")
        return {
            **{name: data[name] for name in names},
            "purpose": Purpose(data["purpose"]),
            "legal_basis": LegalBasis(data["legal_basis"]),
            "categories": [category for category in Category if category in chosen],
        }
