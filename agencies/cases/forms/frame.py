"""Forms about the frame of a case: status, assignment, notes, household, file numbers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases.enums import CaseStatus, Relation
from agencies.cases.forms.fields import BirthDateField, GermanDateField, PlainCharField
from agencies.models import Membership, Team
from agencies.roles import ROLE_TABLE, Permission


def colleagues(member: Membership) -> QuerySet[Membership]:
    """Members of the same agency who work on cases."""
    roles = [role for role, rule in ROLE_TABLE.items() if Permission.EDIT_CASES in rule.permissions]
    found = Membership.objects.filter(agency_id=member.agency_id, is_active=True, role__in=roles)
    return found.select_related("user", "agency").order_by("user__last_name", "user__first_name")


class StatusForm(forms.Form):
    """The state of a case; only a resting one has an end."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=CaseStatus, widget=forms.RadioSelect)
    parked_until = GermanDateField(
        label=gettext_lazy("ruht bis"),
        required=False,
        help_text=gettext_lazy("TT.MM.JJJJ, nur wenn der Fall ruhen soll"),
    )


class AssignForm(forms.Form):
    """Team and case manager inside the agency."""

    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("Team"), empty_label=None)
    manager = forms.ModelChoiceField(
        Membership.objects.none(),
        label=gettext_lazy("Fallmanager/in"),
        required=False,
        empty_label=gettext_lazy("noch niemand"),
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team, manager = self.fields["team"], self.fields["manager"]
        team.queryset = Team.objects.filter(agency_id=member.agency_id, is_active=True)  # type: ignore[attr-defined]
        team.label_from_instance = lambda found: found.name  # type: ignore[attr-defined]
        manager.queryset = colleagues(member)  # type: ignore[attr-defined]
        manager.label_from_instance = lambda found: found.name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        team, manager = data.get("team"), data.get("manager")
        if team and manager and team.group_id not in manager.group_ids:
            raise ValidationError(
                {
                    "manager": _("%(name)s gehört nicht zum Team „%(team)s“ und sähe den Fall nicht.")
                    % {"name": manager.name, "team": team.name}
                }
            )
        return data


class NoteForm(forms.Form):
    """A remark in a category."""

    text = PlainCharField(
        label=gettext_lazy("Notiz"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )


class ReferenceForm(forms.Form):
    """The own agency's file number."""

    number = PlainCharField(
        label=gettext_lazy("Aktenzeichen Ihrer Stelle"),
        max_length=60,
        help_text=gettext_lazy("Nummer, unter der Ihre Stelle die Person in ihrem Fachverfahren führt"),
    )


class HouseholdMemberForm(forms.Form):
    """Someone in the household without a case of their own."""

    relation = forms.ChoiceField(label=gettext_lazy("Beziehung"), choices=Relation)
    family_name = PlainCharField(label=gettext_lazy("Familienname"), max_length=120)
    given_name = PlainCharField(label=gettext_lazy("Vorname"), max_length=120)
    birth_date = BirthDateField(required=False)

    @property
    def values(self) -> dict[str, Any]:
        """The fields of ``HouseholdMember``."""
        data = dict(self.cleaned_data)
        if born := data.pop("birth_date"):
            data |= {"birth_year": born.year, "birth_month": born.month, "birth_day": born.day}
        return data


class JoinHouseholdForm(forms.Form):
    """Another case of the same household, by its reference."""

    reference = PlainCharField(
        label=gettext_lazy("Geschäftszeichen des anderen Falls"),
        max_length=20,
        help_text=gettext_lazy("zum Beispiel K-2026-00017"),
    )


class EmptyForm(forms.Form):
    """A question that is answered by the button alone."""


class ReasonForm(forms.Form):
    """Why a disclosure ends."""

    reason = PlainCharField(
        label=gettext_lazy("Grund"),
        max_length=240,
        help_text=gettext_lazy("zum Beispiel: Zweck erreicht, Einwilligung widerrufen"),
    )
