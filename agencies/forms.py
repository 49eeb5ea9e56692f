"""Forms of the agencies: invite and place members, capacity and clocks, filters over lists."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies import inviting
from agencies.models import Agency, Membership, ReadLog, Team, User
from agencies.roles import Permission, Role, permissions_of

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


class DayField(forms.DateField):
    """A day typed as TT.MM.JJJJ."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("TT.MM.JJJJ"))
        kwargs.setdefault("input_formats", ["%d.%m.%Y", "%Y-%m-%d"])
        widget = forms.DateInput(format="%d.%m.%Y", attrs={"class": "kr-short", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)


class PlacementForm(forms.Form):
    """Role and teams of a member of ``agency``."""

    role = forms.ChoiceField(
        label=_("Rolle"),
        choices=[("", _("Bitte wählen")), *Role.choices],
        help_text=_("Was jede Rolle darf, steht unter „Wer darf was“."),
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Die Person sieht die Fälle dieser Teams. Manche Rollen sehen alle Teams."),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = self.fields["teams"]
        assert isinstance(teams, forms.ModelMultipleChoiceField)
        teams.queryset = agency.teams.filter(is_active=True).order_by("name")
        teams.label_from_instance = lambda team: team.name  # type: ignore[method-assign,assignment]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        allowed = permissions_of(data.get("role", ""))
        needs_team = Permission.VIEW_CASES in allowed and Permission.ALL_TEAMS not in allowed
        if needs_team and "teams" in data and not data["teams"]:
            self.add_error(
                "teams",
                _("Diese Rolle sieht nur die Fälle ihrer Teams. Bitte wählen Sie mindestens ein Team."),
            )
        return data


class InviteForm(PlacementForm):
    """A new member: who, under which address, in which place."""

    field_order = ("first_name", "last_name", "email", "username", "role", "teams")

    first_name = forms.CharField(label=_("Vorname"), max_length=150)
    last_name = forms.CharField(label=_("Nachname"), max_length=150)
    email = forms.EmailField(
        label=_("Dienstliche E-Mail"),
        max_length=254,
        help_text=_("Dorthin geht der Link, mit dem die Person ihr Passwort festlegt."),
    )
    username = forms.CharField(
        label=_("Anmeldename"),
        max_length=60,
        required=False,
        help_text=_(
            "Leer lassen für „vorname.nachname“. Wer schon einen Zugang hat, behält seinen Anmeldenamen und "
            "nimmt die Einladung selbst an."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

    def clean_username(self) -> str:
        name = self.cleaned_data["username"].lower()
        if name and not USERNAME.fullmatch(name):
            raise ValidationError(
                _("Bitte nur Buchstaben von a bis z, Ziffern, Punkt, Unterstrich und Bindestrich.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        name, email = data.get("username"), data.get("email")
        if name and email and not inviting.account_of(email) and _is_taken(name):
            free = inviting.free_username(data.get("first_name", ""), data.get("last_name", ""))
            self.add_error(
                "username",
                ValidationError(
                    _("Dieser Anmeldename ist vergeben. Frei ist zum Beispiel „%(free)s“."),
                    params={"free": free},
                ),
            )
        return data


def _is_taken(username: str) -> bool:
    return User.objects.filter(username__iexact=username).exists()


class MemberFilter(forms.Form):
    """What the list of members can be narrowed to."""

    STATES = (("", _("alle")), ("open", _("offen")), ("invited", _("eingeladen")), ("closed", _("gesperrt")))

    q = forms.CharField(label=_("Name oder E-Mail"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Rolle"), choices=[("", _("alle")), *Role.choices], required=False)
    state = forms.ChoiceField(label=_("Zugang"), choices=STATES, required=False)


class CapacityForm(forms.ModelForm):
    """Free places and waiting time, with the day they are true for."""

    capacity_free = forms.IntegerField(
        label=_("Freie Plätze"),
        required=False,
        min_value=0,
        max_value=99_999,
        help_text=_("Leer lassen, wenn die Stelle keine Plätze zählt."),
        widget=forms.TextInput(attrs={"class": "kr-short", "inputmode": "numeric"}),
    )
    waiting_days = forms.IntegerField(
        label=_("Wartezeit in Tagen"),
        required=False,
        min_value=0,
        max_value=3_650,
        widget=forms.TextInput(attrs={"class": "kr-short", "inputmode": "numeric"}),
    )
    capacity_as_of = DayField(label=_("Stand"), required=False, help_text=_("TT.MM.JJJJ, leer heißt: heute"))

    class Meta:
        model = Agency
        fields = ("capacity_free", "waiting_days", "capacity_note", "capacity_as_of")
        help_texts = {"capacity_note": _("Zum Beispiel: „Plätze nur vormittags“. Keine Angaben zu Personen.")}

    def clean_capacity_as_of(self) -> date | None:
        day: date | None = self.cleaned_data["capacity_as_of"]
        if day and day > timezone.localdate():
            raise ValidationError(_("Der Stand kann nicht in der Zukunft liegen."))
        return day


class ClocksForm(forms.ModelForm):
    """When a referral is reminded of, escalated and expires, in working days."""

    class Meta:
        model = Agency
        fields = ("reminder_days", "escalation_days", "expiry_days")
        help_texts = {
            "reminder_days": _("an das Postfach der Stelle, solange niemand geantwortet hat"),
            "escalation_days": _("an die Teamleitung"),
            "expiry_days": _("die Überweisung endet ohne Antwort, der Absender wird benachrichtigt"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._meta.fields or ():
            field = forms.IntegerField(
                label=self.fields[name].label,
                help_text=self.fields[name].help_text,
                min_value=1,
                max_value=250,
                widget=forms.TextInput(attrs={"class": "kr-short", "inputmode": "numeric"}),
            )
            self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        reminder, escalation, expiry = (data.get(name) for name in self.Meta.fields)
        if reminder and escalation and escalation <= reminder:
            self.add_error("escalation_days", _("Die Eskalation muss nach der Erinnerung liegen."))
        if escalation and expiry and expiry <= escalation:
            self.add_error("expiry_days", _("Der Ablauf muss nach der Eskalation liegen."))
        return data


class DirectoryFilter(forms.Form):
    """Find an agency by its name or kind."""

    q = forms.CharField(label=_("Name"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Art"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Agency._meta.get_field("kind").choices or ()
        self.fields["kind"].choices = [("", _("alle")), *kinds]  # type: ignore[attr-defined]


class ReadLogFilter(forms.Form):
    """Narrow the read log of ``agency``: days, person, place, one case."""

    since = DayField(label=_("Vom"), required=False, help_text="")
    until = DayField(label=_("Bis"), required=False, help_text="")
    user = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), required=False, empty_label=_("alle")
    )
    surface = forms.ChoiceField(
        label=_("Wo"), choices=[("", _("überall")), *ReadLog.Surface.choices], required=False
    )
    case = forms.CharField(
        label=_("Fall oder Aktenzeichen"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "K-2026-00017", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.fields[name].widget.attrs["placeholder"] = _("TT.MM.JJJJ")
        people = self.fields["user"]
        assert isinstance(people, forms.ModelChoiceField)
        members = Membership.objects.filter(agency=agency).values("user")
        people.queryset = User.objects.filter(pk__in=members).order_by("last_name", "first_name")
        people.label_from_instance = lambda user: user.get_full_name() or user.username  # type: ignore[method-assign,assignment]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("„Bis“ liegt vor „vom“."))
        return data
