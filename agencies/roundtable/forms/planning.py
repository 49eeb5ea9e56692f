"""Forms that found tables and plan meetings."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases.forms.fields import GermanDateField, PlainCharField
from agencies.models import Agency, Membership
from agencies.roles import Permission, Role, permissions_of
from agencies.roundtable.models import Meeting, RoundTable

MINUTES = forms.TextInput(attrs={"class": "kr-short", "inputmode": "numeric"})
JOINING = [role for role in Role if Permission.JOIN_MEETINGS in permissions_of(role)]


class AgenciesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class TableForm(forms.ModelForm):
    """Name, rhythm, place and seats; the agency of whoever moderates always has one."""

    duration = forms.IntegerField(
        label=gettext_lazy("Dauer in Minuten"), min_value=15, max_value=480, initial=60, widget=MINUTES
    )
    video_link = forms.URLField(
        label=gettext_lazy("Videokonferenz"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Adresse, mit der man der Besprechung beitritt"),
    )
    agencies = AgenciesField(
        label=gettext_lazy("Stellen am Tisch"),
        queryset=Agency.objects.none(),
        error_messages={"required": gettext_lazy("Wählen Sie, wer am Tisch sitzt.")},
    )

    class Meta:
        model = RoundTable
        fields = ("name", "rhythm", "duration", "place", "video_link")

    def __init__(self, *args: Any, own: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = self.fields["agencies"]
        assert isinstance(seats, AgenciesField)
        seats.queryset = Agency.objects.filter(is_active=True).exclude(pk=own.pk)
        seats.help_text = _("%(agency)s sitzt immer mit am Tisch.") % {"agency": escape(own.name)}
        if self.instance.pk and not self.instance._state.adding:
            self.initial["agencies"] = self.instance.agencies.exclude(pk=own.pk)

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "agencies")}


class ClockField(forms.TimeField):
    """A time of day as 9:30, 9.30 or 930."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["input_formats"] = ["%H:%M", "%H.%M", "%H%M", "%H"]
        kwargs["widget"] = forms.TimeInput(format="%H:%M", attrs={"class": "kr-short", "autocomplete": "off"})
        kwargs["error_messages"] = {"invalid": gettext_lazy("Bitte als Uhrzeit angeben, zum Beispiel 9:30.")}
        kwargs.setdefault("help_text", gettext_lazy("zum Beispiel 9:30"))
        super().__init__(**kwargs)


class PlanForm(forms.Form):
    """When and where a table meets; how long follows from the table."""

    day = GermanDateField(label=gettext_lazy("Tag"))
    begins = ClockField(label=gettext_lazy("Beginn"))
    place = PlainCharField(label=gettext_lazy("Ort"), max_length=200, required=False)
    video_link = forms.URLField(
        label=gettext_lazy("Videokonferenz"), max_length=300, required=False, assume_scheme="https"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "day" in data and "begins" in data and self.moment("begins") < timezone.now():
            self.add_error("day", _("Dieser Zeitpunkt liegt in der Vergangenheit."))
        return data

    def moment(self, name: str) -> datetime.datetime:
        """The day and the time of a field, as the clocks here show it."""
        return timezone.make_aware(
            datetime.datetime.combine(self.cleaned_data["day"], self.cleaned_data[name])
        )

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        return {
            "starts_at": self.moment("begins"),
            "place": data["place"],
            "video_link": data["video_link"],
        }


class MoveForm(PlanForm):
    """Another time or place for a meeting that has not begun."""

    ends = ClockField(label=gettext_lazy("Ende"))
    field_order = ("day", "begins", "ends", "place", "video_link")

    @staticmethod
    def initial_of(meeting: Meeting) -> dict[str, Any]:
        start, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
        where = {"place": meeting.place, "video_link": meeting.video_link}
        return {"day": start.date(), "begins": start.time(), "ends": end.time(), **where}

    def clean_ends(self) -> datetime.time:
        ends: datetime.time = self.cleaned_data["ends"]
        if "begins" in self.cleaned_data and ends <= self.cleaned_data["begins"]:
            raise ValidationError(_("Das Ende der Sitzung muss nach ihrem Beginn liegen."))
        return ends

    def values(self) -> dict[str, Any]:
        return {**super().values(), "ends_at": self.moment("ends")}


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.get_role_display()}"


class InviteForm(forms.Form):
    """Who is to come: people of agencies with a seat whose role attends meetings, by agency."""

    members = PeopleField(
        label=gettext_lazy("Personen"),
        queryset=Membership.objects.none(),
        error_messages={"required": gettext_lazy("Wählen Sie mindestens eine Person.")},
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["members"]
        assert isinstance(people, PeopleField)
        invited = meeting.participants.values("member")
        people.queryset = (
            Membership.objects.filter(agency__seats__table=meeting.table_id, is_active=True, role__in=JOINING)
            .filter(agency__is_active=True, user__is_active=True)
            .exclude(pk__in=invited)
            .select_related("user", "agency")
            .order_by("agency__name", "user__last_name", "user__first_name")
        )
        groups: dict[str, list[tuple[int, str]]] = {}
        for member in people.queryset:
            label = people.label_from_instance(member)
            groups.setdefault(member.agency.name, []).append((member.pk, label))
        people.choices = list(groups.items())
        self.is_empty = not groups
