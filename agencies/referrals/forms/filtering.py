"""The filters above in-box, out-box and the list of possible recipients."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.enums import AgencyKind, Purpose
from agencies.models import Agency, Membership, Team
from agencies.referrals.enums import Side, State
from agencies.roles import Permission

OPEN, EVERYTHING = "", "all"


class BoxFilterForm(forms.Form):
    """Narrows one box; every field may stay empty, and then shows what is not over yet."""

    state = forms.ChoiceField(label=_("Stand"), required=False)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), empty_label=_("alle"), required=False)
    agency = forms.ModelChoiceField(Agency.objects.none(), empty_label=_("alle"), required=False)
    holder = forms.ChoiceField(label=_("Zuständig"), required=False)
    overdue = forms.BooleanField(label=_("nur überfällige"), required=False)

    def __init__(self, *args: Any, member: Membership, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        incoming = side == Side.RECIPIENT
        shown = [state for state in State if not (incoming and state == State.DRAFT)]
        state, holder, team, agency = (self.fields[n] for n in ("state", "holder", "team", "agency"))
        state.choices = [  # type: ignore[attr-defined]
            (OPEN, _("alle offenen")),
            *((value.value, value.label) for value in shown),
            (EVERYTHING, _("alle, auch beendete")),
        ]
        people = [("me", _("ich")), ("nobody", _("noch niemand"))] if incoming else [("me", _("von mir"))]
        holder.choices = [("", _("alle")), *people]  # type: ignore[attr-defined]
        holder.label = _("Zuständig") if incoming else _("Überwiesen")
        team.queryset = own_teams(member)  # type: ignore[attr-defined]
        team.label_from_instance = lambda found: found.name  # type: ignore[attr-defined]
        agency.label = _("Von") if incoming else _("An")
        others = Agency.objects.filter(is_active=True).exclude(pk=member.agency_id)
        agency.queryset = others  # type: ignore[attr-defined]


class RecipientFilterForm(forms.Form):
    """Find the agency that fits: by what is wanted, by kind, by name."""

    zweck = forms.ChoiceField(label=_("Zweck"), required=False)
    art = forms.ChoiceField(label=_("Art der Stelle"), required=False)
    q = forms.CharField(label=_("Name"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = [(p.value, p.label) for p in Purpose if p not in INTERNAL_PURPOSES]
        self.fields["zweck"].choices = [("", _("alle")), *purposes]  # type: ignore[attr-defined]
        self.fields["art"].choices = [("", _("alle")), *AgencyKind.choices]  # type: ignore[attr-defined]


#: Not what one refers a person for.
INTERNAL_PURPOSES = frozenset({Purpose.CASE_MANAGEMENT, Purpose.HANDOVER})


def own_teams(member: Membership) -> Any:
    """The teams whose boxes the member sees."""
    teams = Team.objects.filter(agency_id=member.agency_id, is_active=True).order_by("name")
    return teams if member.may(Permission.ALL_TEAMS) else teams.filter(members=member)
