"""The filter above the list of cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.cases.enums import CaseStatus
from agencies.cases.forms.frame import colleagues
from agencies.cases.forms.opening import teams_to_lead
from agencies.models import Agency, Membership, Team


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
        Team.objects.none(),
        label=_("Team"),
        empty_label=_("alle"),
        required=False,
    )
    manager = forms.ModelChoiceField(
        Membership.objects.none(),
        label=_("Fallmanager/in"),
        empty_label=_("alle"),
        required=False,
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("Federführende Stelle"),
        empty_label=_("alle"),
        required=False,
    )
    mine = forms.BooleanField(label=_("nur meine Fälle"), required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: list[Any] = [self.fields[name] for name in ("team", "manager", "agency")]
        team, manager, agency = fields
        team.queryset = teams_to_lead(member)
        team.label_from_instance = lambda found: found.name
        manager.queryset = colleagues(member)
        manager.label_from_instance = lambda found: found.name
        agency.queryset = Agency.objects.filter(is_active=True)
