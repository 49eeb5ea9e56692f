"""The form that opens a case: four fields are needed, the rest can wait."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.cases.enums import Gender
from agencies.cases.forms.fields import BirthDateField, LinesField, PlainCharField
from agencies.cases.vocabulary import nationalities
from agencies.enums import Category
from agencies.models import Membership, Team
from agencies.roles import Permission

TOKEN_SALT = "cases.open"  # noqa: S105


def teams_to_lead(member: Membership) -> QuerySet[Team]:
    """The teams in which the member may open cases: their own, or all of the agency."""
    teams = Team.objects.filter(agency_id=member.agency_id, is_active=True).order_by("name")
    return teams if member.may(Permission.ALL_TEAMS) else teams.filter(members=member)


class OpenCaseForm(forms.Form):
    """Opening a case. ``token`` names the case beforehand, so a form sent twice opens one case."""

    family_name = PlainCharField(label=_("Familienname"), max_length=120)
    given_name = PlainCharField(label=_("Vorname"), max_length=120)
    birth_date = BirthDateField()
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Federführendes Team"), empty_label=_("bitte wählen")
    )
    manage = forms.BooleanField(label=_("Ich führe diesen Fall selbst"), required=False)
    original_name = PlainCharField(label=_("Name in Originalschrift"), max_length=240, required=False)
    other_spellings = LinesField(
        label=_("Weitere Schreibweisen"), item_length=240, required=False, help_text=_("eine je Zeile")
    )
    gender = forms.ChoiceField(
        label=_("Geschlecht"), choices=Gender, initial=Gender.UNKNOWN.value, required=False
    )
    nationality = forms.ChoiceField(label=_("Staatsangehörigkeit"), required=False)
    phone = PlainCharField(label=_("Telefon"), max_length=40, required=False)
    foreign_reference = PlainCharField(
        label=_("Eigenes Aktenzeichen"),
        max_length=60,
        required=False,
        help_text=_("Nummer, unter der Ihre Stelle die Person in ihrem Fachverfahren führt"),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        teams = list(teams_to_lead(member))
        team_field: Any = self.fields["team"]
        team_field.queryset = teams_to_lead(member)
        team_field.label_from_instance = lambda team: team.name
        if len(teams) == 1:
            self.initial.setdefault("team", teams[0].pk)
        nationality: Any = self.fields["nationality"]
        nationality.choices = [("", _("keine Angabe")), *nationalities()]
        self.initial.setdefault("token", signing.dumps([str(uuid4()), member.pk], salt=TOKEN_SALT))
        self.initial.setdefault("manage", member.may(Permission.DISCLOSE))
        self.fields["family_name"].widget.attrs |= {"autofocus": True, "autocomplete": "off"}

    def clean_token(self) -> str:
        """The id of the case to be; a missing or foreign token is replaced, never an error."""
        try:
            pk, member_id = signing.loads(self.cleaned_data["token"], salt=TOKEN_SALT)
        except (signing.BadSignature, ValueError):
            return str(uuid4())
        return pk if member_id == self.member.pk else str(uuid4())

    def renew_token(self) -> None:
        """This is another person than the one the form opened a case for before."""
        self.cleaned_data["token"] = str(uuid4())

    @property
    def identity(self) -> dict[str, Any]:
        """The fields of ``Identity``."""
        data, born = self.cleaned_data, self.cleaned_data["birth_date"]
        names = ("family_name", "given_name", "original_name", "other_spellings", "nationality")
        parts = {"birth_year": born.year, "birth_month": born.month, "birth_day": born.day}
        return {name: data[name] for name in names} | parts | {"gender": data["gender"] or Gender.UNKNOWN}

    @property
    def sections(self) -> dict[Category, dict[str, Any]]:
        """Fields of further sections."""
        phone = self.cleaned_data["phone"]
        return {Category.CONTACT: {"phone": phone}} if phone else {}
