"""Forms that decide who sees a case: whom and what for, which data, handing over the lead."""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases.forms.fields import GermanDateField, PlainCharField
from agencies.cases.models import Case
from agencies.cases.sharing import OTHER_WAYS, Usual, bases_for, usual
from agencies.enums import (
    BROWSING_KINDS,
    SPECIAL_CATEGORIES,
    AgencyKind,
    Category,
    LegalBasis,
    Level,
    Purpose,
)
from agencies.models import Agency, Membership, Team

DEFAULT_DAYS = 90
LONGEST_DAYS = 3 * 365


@dataclass(frozen=True)
class Recipient:
    """A whole agency or one of its teams."""

    agency: Agency
    team: Team | None

    def __str__(self) -> str:
        return f"{self.agency.name}, {self.team.name}" if self.team else self.agency.name


def recipients(member: Membership) -> dict[str, Recipient]:
    """Who may look into a live case: bodies of § 35 SGB I other than the member's own, by form value."""
    agencies = Agency.objects.filter(is_active=True, kind__in=BROWSING_KINDS).exclude(pk=member.agency_id)
    found: dict[str, Recipient] = {}
    for agency in agencies.prefetch_related("teams"):
        found[f"agency-{agency.pk}"] = Recipient(agency, None)
        for team in agency.teams.all():
            if team.is_active:
                found[f"team-{team.pk}"] = Recipient(agency, team)
    return found


def grouped(found: dict[str, Recipient], *, whole: bool) -> list[Any]:
    """Choices by agency; ``whole`` offers the agency itself before its teams."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for value, recipient in found.items():
        if recipient.team or whole:
            label = recipient.team.name if recipient.team else _("ganze Stelle")
            groups.setdefault(recipient.agency.name, []).append((value, label))
    return [("", _("bitte wählen")), *groups.items()]


class RecipientForm(forms.Form):
    """Step 1: to whom and for what."""

    recipient = forms.ChoiceField(label=gettext_lazy("Empfänger"))
    purpose = forms.ChoiceField(label=gettext_lazy("Zweck"))

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = recipients(member)
        recipient, purpose = self.fields["recipient"], self.fields["purpose"]
        recipient.choices = grouped(self.found, whole=True)  # type: ignore[attr-defined]
        offered = [(p.value, p.label) for p in Purpose if p not in OTHER_WAYS]
        purpose.choices = [("", _("bitte wählen")), *offered]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[Recipient, Purpose]:
        return self.found[self.cleaned_data["recipient"]], Purpose(self.cleaned_data["purpose"])


def held(case: Case) -> list[Category]:
    """The categories the lead holds and may pass on."""
    return [category for category, level in case.levels.items() if level == Level.CHANGE]


def _choices(categories: list[Category]) -> list[tuple[str, Any]]:
    return [(category.value, category.label) for category in categories]


class DiscloseForm(forms.Form):
    """Step 2: which data, on which norm, why, until when. Only the usual boxes are ticked beforehand."""

    usual = forms.MultipleChoiceField(
        label=gettext_lazy("Übliche Daten"), widget=forms.CheckboxSelectMultiple, required=False
    )
    further = forms.MultipleChoiceField(
        label=gettext_lazy("Weitere Daten"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Nur mit eigener Begründung. Gesundheitsdaten nur mit Einwilligung."),
    )
    beyond_reason = PlainCharField(
        label=gettext_lazy("Begründung für weitere Daten"),
        max_length=900,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    necessity = PlainCharField(
        label=gettext_lazy("Wozu braucht die Stelle diese Daten?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Die Begründung wird mit der Übermittlung aufbewahrt; auch der Empfänger liest sie."
        ),
    )
    legal_basis = forms.ChoiceField(label=gettext_lazy("Rechtsgrundlage"))
    valid_until = GermanDateField(
        label=gettext_lazy("Freigabe bis"), help_text=gettext_lazy("TT.MM.JJJJ, einschließlich dieses Tages")
    )

    def __init__(self, *args: Any, case: Case, recipient: Recipient, purpose: Purpose, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Usual | None = usual(recipient.agency.kind, purpose)
        ordinary = [category for category in held(case) if row and category in row.categories]
        rest = [category for category in held(case) if category not in ordinary]
        fields: dict[str, Any] = self.fields
        fields["usual"].choices = _choices(ordinary)
        fields["further"].choices = _choices(rest)
        if not ordinary:
            del self.fields["usual"]
        fields["legal_basis"].choices = [(b.value, b.label) for b in bases_for(recipient.agency.kind)]
        self.initial.setdefault("usual", [category.value for category in ordinary])
        if row:
            self.initial.setdefault("legal_basis", row.legal_basis.value)
        days = row.days if row else DEFAULT_DAYS
        self.initial.setdefault("valid_until", timezone.localdate() + datetime.timedelta(days=days))

    def clean_valid_until(self) -> datetime.datetime:
        """The end of the day, local time."""
        day = self.cleaned_data["valid_until"]
        today = timezone.localdate()
        if day < today:
            raise ValidationError(_("Das Ende der Freigabe liegt in der Vergangenheit."))
        if (day - today).days > LONGEST_DAYS:
            raise ValidationError(_("Eine Freigabe gilt höchstens drei Jahre; danach prüfen Sie sie neu."))
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("further") and not data.get("beyond_reason"):
            self.add_error("beyond_reason", _("Bitte begründen Sie, warum weitere Daten nötig sind."))
        return data

    def ticked(self) -> list[Category]:
        """What is ticked now, also before the form is sent and while it has errors."""
        chosen: set[str] = set()
        for name in ("usual", "further"):
            if name in self.fields:
                chosen |= set(self[name].value() or [])
        offered = {value for name in ("usual", "further") for value, _label in self._offered(name)}
        return [category for category in Category if category.value in chosen & offered]

    def _offered(self, name: str) -> list[tuple[str, Any]]:
        field: Any = self.fields.get(name)
        return field.choices if field else []

    def arguments(self) -> dict[str, Any]:
        """What ``disclosing.disclose`` takes."""
        data = self.cleaned_data
        return {
            "categories": self.ticked(),
            "legal_basis": LegalBasis(data["legal_basis"]),
            "necessity": data["necessity"],
            "beyond_reason": data["beyond_reason"] if data["further"] else "",
            "valid_until": data["valid_until"],
        }


def new_leads(member: Membership) -> dict[str, Recipient]:
    """The teams of other agencies that may browse, by form value: each could lead the case."""
    return {value: found for value, found in recipients(member).items() if found.team}


class NewLeadForm(forms.Form):
    """Step 1 of handing over: to which team."""

    team = forms.ChoiceField(label=gettext_lazy("Neue federführende Stelle und Team"))

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = new_leads(member)
        self.fields["team"].choices = grouped(self.found, whole=False)  # type: ignore[attr-defined]


class MoveLeadForm(forms.Form):
    """Step 2: which data go along, on which norm, why; what the new lead usually needs is ticked."""

    team = forms.ChoiceField(widget=forms.HiddenInput)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Diese Daten werden übergeben"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Identität gehört immer dazu. Gesundheitsdaten nur mit Einwilligung. Was Sie nicht übergeben, "
            "verlässt den Fall und bleibt als Unterlage Ihrer Stelle verwahrt; die neue Stelle erhebt es "
            "bei Bedarf selbst."
        ),
    )
    legal_basis = forms.ChoiceField(label=gettext_lazy("Rechtsgrundlage"))
    necessity = PlainCharField(
        label=gettext_lazy("Begründung"),
        max_length=1900,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("zum Beispiel: Umzug, Wechsel der Zuständigkeit"),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("Mir ist bewusst, dass meine Stelle den Fall danach nicht mehr sieht.")
    )

    def __init__(self, *args: Any, case: Case, member: Membership, team: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found, self.offered = new_leads(member), held(case)
        fields: dict[str, Any] = self.fields
        fields["team"].choices = grouped(self.found, whole=False)
        fields["categories"].choices = _choices(self.offered)
        bases = bases_for(AgencyKind.JOBCENTER)
        fields["legal_basis"].choices = [(basis.value, basis.label) for basis in bases]
        self.to = self.found.get(team)
        row = usual(self.to.agency.kind, Purpose.HANDOVER) if self.to else None
        ticked = row.categories if row else {Category.IDENTITY, Category.CONTACT}
        self.initial["team"] = team
        self.initial["categories"] = [c.value for c in self.offered if c in ticked]

    def ticked(self) -> list[Category]:
        """What is ticked now."""
        chosen = set(self["categories"].value() or [])
        return [category for category in self.offered if category.value in chosen]

    def arguments(self) -> dict[str, Any]:
        """What ``disclosing.move_lead`` takes."""
        data = self.cleaned_data
        return {
            "team": self.found[data["team"]].team,
            "categories": self.ticked(),
            "legal_basis": LegalBasis(data["legal_basis"]),
            "necessity": data["necessity"],
        }


def missing(case: Case) -> list[Category]:
    """What the lead of a case does not hold, because it was not handed over."""
    return [category for category in Category if category not in held(case)]


class CollectForm(forms.Form):
    """Which of the missing data the lead begins to collect itself; special categories are never preset."""

    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Diese Daten erheben"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        absent = missing(case)
        self.fields["categories"].choices = _choices(absent)  # type: ignore[attr-defined]
        self.initial["categories"] = [c.value for c in absent if c not in SPECIAL_CATEGORIES]
