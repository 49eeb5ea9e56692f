"""The filter above the list of cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.cases.enums import CaseStatus
from agencies.cases.forms.frame import colleagues
from agencies.cases.forms.opening import teams_to_lead
from agencies.models import Agency, Membership


class CaseFilterForm(forms.Form):
    """Narrows the list; every field may stay empty."""

    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("alle")), *CaseStatus.choices], required=False
    )
    holding = forms.ChoiceField(
        label=_("Federführung"),
        choices=[("", _("alle Fälle")), ("led", _("bei uns")), ("shared", _("bei anderen Stellen"))],
        required=False,
    )
    team = forms.ModelChoiceField(
        None,
        label=_("Team"),
        empty_label=_("alle"),
        required=False,  # type: ignore[arg-type]
    )
    manager = forms.ModelChoiceField(
        None,
        label=_("Fallmanager/in"),
        empty_label=_("alle"),
        required=False,  # type: ignore[arg-type]
    )
    agency = forms.ModelChoiceField(
        None,
        label=_("Federführende Stelle"),
        empty_label=_("alle"),
        required=False,  # type: ignore[arg-type]
    )
    mine = forms.BooleanField(label=_("nur meine Fälle"), required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team, manager, agency = (self.fields[name] for name in ("team", "manager", "agency"))
        team.queryset = teams_to_lead(member)  # type: ignore[attr-defined]
        team.label_from_instance = lambda found: found.name  # type: ignore[attr-defined]
        manager.queryset = colleagues(member)  # type: ignore[attr-defined]
        manager.label_from_instance = lambda found: found.name  # type: ignore[attr-defined]
        agency.queryset = Agency.objects.filter(is_active=True)  # type: ignore[attr-defined]
