"""What each act on a referral asks for, beside the version the user was shown."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases.forms.fields import GermanDateField, PlainCharField
from agencies.models import Agency, Membership, Team
from agencies.referrals import clocks
from agencies.referrals.enums import Act, DeclineReason, Outcome, State
from agencies.referrals.models import Referral
from agencies.roles import ROLE_TABLE, Permission


def text_field(label: Any, *, required: bool = True, rows: int = 3, longest: int = 2000) -> PlainCharField:
    """A field for some sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return PlainCharField(label=label, required=required, max_length=longest, widget=widget)


def assignable(referral: Referral) -> list[Membership]:
    """The colleagues who may take a referral on: the right role, and the in-box it went to."""
    roles = [r for r, rule in ROLE_TABLE.items() if Permission.ANSWER_REFERRALS in rule.permissions]
    everywhere = [r for r in roles if Permission.ALL_TEAMS in ROLE_TABLE[r].permissions]
    found = Membership.objects.filter(
        agency_id=referral.recipient_id, is_active=True, user__is_active=True, role__in=roles
    )
    if referral.recipient_team_id:
        in_team = found.filter(teams=referral.recipient_team_id)
        found = in_team.union(found.filter(role__in=everywhere))
        found = Membership.objects.filter(pk__in=[member.pk for member in found])
    return list(found.select_related("user", "agency").order_by("user__last_name", "user__first_name"))


class ActForm(forms.Form):
    """An act that asks for nothing; ``seen`` is the version of the referral on the user's screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, referral: Referral, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.referral, self.member = referral, member
        self.initial["seen"] = referral.version

    def values(self) -> dict[str, Any]:
        """The action's own arguments."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class RemarkForm(ActForm):
    text = text_field(gettext_lazy("Nachricht an die andere Stelle"), longest=5000)


class AskForm(ActForm):
    text = text_field(gettext_lazy("Ihre Frage an den Absender"), rows=4, longest=5000)


class AnswerForm(ActForm):
    text = text_field(gettext_lazy("Ihre Antwort"), rows=4, longest=5000)


class ReasonForm(ActForm):
    reason = text_field(gettext_lazy("Begründung"))


class DropOutForm(ActForm):
    text = text_field(gettext_lazy("Warum wurde abgebrochen?"))


class RejectRerouteForm(ActForm):
    text = text_field(gettext_lazy("Begründung"), required=False)


class AcceptForm(ActForm):
    """Whoever distributes work may name a colleague; all others take it on themselves."""

    assignee = forms.ModelChoiceField(
        Membership.objects.none(), label=gettext_lazy("Zuständig"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.member.may(Permission.ASSIGN_REFERRALS):
            del self.fields["assignee"]
            return
        _offer_people(self.fields["assignee"], self.referral)
        self.initial["assignee"] = self.referral.assigned_to_id or self.member.pk


class AssignForm(ActForm):
    to = forms.ModelChoiceField(
        Membership.objects.none(), label=gettext_lazy("Zuständig"), empty_label=gettext_lazy("bitte wählen")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_people(self.fields["to"], self.referral)
        self.initial["to"] = self.referral.assigned_to_id


class DeclineForm(ActForm):
    """The code tells the sender what to do next."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Grund"), choices=DeclineReason.choices, widget=forms.RadioSelect
    )
    text = text_field(gettext_lazy("Erläuterung für den Absender"), required=False)
    parked_until = GermanDateField(
        label=gettext_lazy("Wieder möglich ab"),
        required=False,
        help_text=gettext_lazy("TT.MM.JJJJ, zum Beispiel wenn wieder Plätze frei werden"),
    )

    def clean_parked_until(self) -> Any:
        return future(self.cleaned_data["parked_until"])


class ParkForm(ActForm):
    until = GermanDateField(label=gettext_lazy("Zurückstellen bis"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["until"] = self.referral.parked_until

    def clean_until(self) -> Any:
        return future(self.cleaned_data["until"])


class ProposeRerouteForm(ActForm):
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=gettext_lazy("Andere Stelle"), empty_label=gettext_lazy("bitte wählen")
    )
    text = text_field(gettext_lazy("Warum dorthin?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taking_part = [self.referral.sender_id, self.referral.recipient_id]
        others = Agency.objects.filter(is_active=True).exclude(pk__in=taking_part)
        self.fields["agency"].queryset = others  # type: ignore[attr-defined]


class ConfirmRerouteForm(ActForm):
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=gettext_lazy("An"),
        required=False,
        empty_label=gettext_lazy("die Stelle insgesamt"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = Team.objects.filter(agency=self.referral.proposed_agency, is_active=True)
        team.label_from_instance = lambda found: found.name


class OutcomeForm(ActForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Ergebnis"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    text = text_field(gettext_lazy("Erläuterung"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["outcome"] = self.referral.outcome
        self.initial["text"] = self.referral.outcome_text


class CloseForm(ActForm):
    """The outcome the recipient reported stands; after a drop-out or a refusal the sender names one.

    Closing ends the recipient's access unless the sender says why it shall go on.
    """

    outcome = forms.ChoiceField(
        label=gettext_lazy("Ergebnis"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    text = text_field(gettext_lazy("Bemerkung zum Abschluss"), required=False)
    end_disclosure = forms.BooleanField(
        label=gettext_lazy("Datenübermittlung jetzt beenden"), required=False, initial=True
    )
    keep_reason = text_field(
        gettext_lazy("Sonst: Warum braucht die Stelle die Daten weiter?"), required=False, rows=2
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["outcome"] = self.referral.outcome
        if self.referral.state == State.OUTCOME:
            del self.fields["outcome"]
        if not clocks.disclosure_is_active(self.referral):
            del self.fields["end_disclosure"], self.fields["keep_reason"]
            return
        self.fields["end_disclosure"].help_text = _(
            "Ohne Haken bleiben die Daten dort bis zum {day} lesbar; das begründen Sie."
        ).format(day=self.referral.valid_until.strftime("%d.%m.%Y"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "keep_reason" in data and not data["end_disclosure"] and not data["keep_reason"].strip():
            text = _("Bitte begründen Sie, warum die Daten dort lesbar bleiben, oder setzen Sie den Haken.")
            self.add_error("keep_reason", text)
        return data

    def values(self) -> dict[str, Any]:
        found = super().values()
        kept = "" if found.pop("end_disclosure", True) else found["keep_reason"]
        return found | {"outcome": found.get("outcome") or None, "keep_reason": kept}


FORMS: dict[Act, type[ActForm]] = {
    Act.ACCEPT: AcceptForm,
    Act.ANSWER: AnswerForm,
    Act.ASK: AskForm,
    Act.ASSIGN: AssignForm,
    Act.CLOSE: CloseForm,
    Act.CONFIRM_REROUTE: ConfirmRerouteForm,
    Act.DECLINE: DeclineForm,
    Act.DISCARD: ActForm,
    Act.DROP_OUT: DropOutForm,
    Act.PARK: ParkForm,
    Act.PROPOSE_REROUTE: ProposeRerouteForm,
    Act.RECORD_OUTCOME: OutcomeForm,
    Act.REJECT_REROUTE: RejectRerouteForm,
    Act.REMARK: RemarkForm,
    Act.REOPEN: ReasonForm,
    Act.START: ActForm,
    Act.TAKE_ON: ActForm,
    Act.WITHDRAW: ReasonForm,
}


def future(day: Any) -> Any:
    """The day, if it is still to come."""
    if day and day <= timezone.localdate():
        raise forms.ValidationError(_("Das Datum muss in der Zukunft liegen."))
    return day


def _offer_people(field: Any, referral: Referral) -> None:
    people = assignable(referral)
    field.queryset = Membership.objects.filter(pk__in=[member.pk for member in people]).select_related(
        "user", "agency"
    )
    field.label_from_instance = lambda member: f"{member.name} ({member.get_role_display()})"
