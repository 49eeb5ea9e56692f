"""Planning a meeting: when, where, with whom; moving, calling off and starting it."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import access
from agencies.cases.forms.frame import EmptyForm
from agencies.http import MemberRequest
from agencies.roles import Permission
from agencies.roundtable import actions
from agencies.roundtable.forms.planning import InviteForm, MoveForm, PlanForm
from agencies.roundtable.models import Meeting
from agencies.roundtable.views.asking import ask


def plan(request: MemberRequest, table: UUID) -> HttpResponse:
    """A new meeting of a table; whoever plans it moderates it."""
    found = access.table(request.member, table, to=Permission.MODERATE_MEETINGS)
    initial = {"place": found.place, "video_link": found.video_link}
    return ask(
        request,
        PlanForm(request.POST or None, initial=initial),
        do=lambda form: actions.plan(found, by=request.member, **form.values()),
        title=_("Sitzung planen"),
        lead=_("%(table)s, %(minutes)s Minuten") % {"table": found.name, "minutes": found.duration},
        button=_("Planen"),
        done=_("Die Sitzung ist geplant. Eingeladen ist noch niemand."),
        back=reverse("roundtable:table", args=[table]),
        onward=Meeting.get_absolute_url,
    )


def invite(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Tick whom to invite."""
    meeting = access.moderated(request.member, pk)
    form = InviteForm(request.POST or None, meeting=meeting)
    return ask(
        request,
        form,
        do=lambda form: actions.invite(meeting, members=form.cleaned_data["members"], by=request.member),
        template="roundtable/invite.html",
        meeting=meeting,
        done=_("Die Einladung ist unterwegs."),
        back=meeting.get_absolute_url(),
    )


def move(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Another time or place."""
    meeting = access.moderated(request.member, pk)
    form = MoveForm(request.POST or None, initial=MoveForm.initial_of(meeting))
    return ask(
        request,
        form,
        do=lambda form: actions.move(meeting, by=request.member, **form.values()),
        title=_("Sitzung verlegen"),
        lead=_("Alle Eingeladenen bekommen den neuen Termin und antworten neu."),
        button=_("Verlegen"),
        done=_("Die Sitzung ist verlegt."),
        back=meeting.get_absolute_url(),
    )


def cancel(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Call it off."""
    meeting = access.moderated(request.member, pk)
    return ask(
        request,
        EmptyForm(request.POST if request.method == "POST" else None),
        do=lambda form: actions.cancel(meeting, by=request.member),
        title=_("Sitzung absagen?"),
        lead=_("Alle Eingeladenen erfahren es. Die Punkte warten dann wieder auf eine andere Sitzung."),
        button=_("Absagen"),
        danger=True,
        done=_("Die Sitzung ist abgesagt."),
        back=reverse("roundtable:list"),
    )


def start(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Open the meeting, after one more question: there is no way back."""
    meeting = access.moderated(request.member, pk)
    return ask(
        request,
        EmptyForm(request.POST if request.method == "POST" else None),
        do=lambda form: actions.start(meeting, by=request.member),
        title=_("Sitzung jetzt eröffnen?"),
        lead=_("Geplant ist sie für den %(day)s, %(time)s Uhr. Zurück in die Vorbereitung kommt sie nicht.")
        % {
            "day": date_format(timezone.localtime(meeting.starts_at), "j. F Y"),
            "time": date_format(timezone.localtime(meeting.starts_at), "H:i"),
        },
        button=_("Eröffnen"),
        done=_("Die Sitzung ist eröffnet."),
        back=meeting.get_absolute_url(),
    )
