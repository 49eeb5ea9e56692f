"""Answers and calendars from outside: the personal link, a pasted reply, the feed and its address."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from agencies import access
from agencies.cases.forms.fields import said_in
from agencies.errors import Conflict, Refused
from agencies.http import MemberRequest
from agencies.roles import Permission
from agencies.roundtable import calendars, pasted, replying, subscriptions
from agencies.roundtable.enums import Reply
from agencies.roundtable.forms.promises import PastedForm
from agencies.roundtable.models import CalendarKey, Participant

GIVEN = {reply.value for reply in Reply if reply != Reply.NONE}


@login_not_required
@never_cache
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Accept or decline by the personal link: shows table and time, asks for no login, tells nothing else.

    Opening it changes nothing: programs that check mails for harmful links open them too.
    """
    to = replying.addressee(key)
    if to is None:
        raise Http404
    with access.acting(to.member):
        return _answer(request, to)


answer.needs_no_agency = True  # type: ignore[attr-defined]


def _answer(request: HttpRequest, to: replying.Addressee) -> HttpResponse:
    invited, saved, problem = _invited(to), False, ""
    if request.method == "POST":
        said, sequence = request.POST.get("answer", ""), request.POST.get("sequence", "")
        if said not in GIVEN or not sequence.isdecimal():
            raise BadRequest
        try:
            replying.answer(invited.meeting, to.member, Reply(said), sequence=int(sequence))
            invited, saved = _invited(to), True
        except (Conflict, Refused) as refusal:
            problem = str(refusal)
    is_open = invited.meeting.state in replying.OPEN
    values = {"invited": invited, "saved": saved, "problem": problem, "open": is_open}
    return render(request, "roundtable/answer.html", values, status=409 if problem else 200)


def _invited(to: replying.Addressee) -> Participant:
    rows = Participant.objects.select_related("meeting__table").filter(member=to.member)
    found = rows.filter(meeting=to.meeting).first()
    if found is None:
        raise Http404
    return found


def paste(request: MemberRequest) -> HttpResponse:
    """Take down a reply that came by mail; its text says to which meeting it belongs."""
    access.require(request.member, Permission.JOIN_MEETINGS)
    form, status = PastedForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            with said_in(form):
                row = _take_down(request, form.cleaned_data["text"])
                values = {"name": row.member.name, "answer": row.get_reply_display()}
                messages.success(request, _("Eingetragen: {name}, {answer}.").format(**values))
                return redirect("roundtable:meeting", row.meeting_id)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
            status = 409
    return render(request, "roundtable/paste.html", {"form": form}, status=status)


def _take_down(request: MemberRequest, text: str) -> Participant:
    reply = pasted.read(text)
    meeting = access.meetings(request.member).filter(pk=reply.meeting).first()
    if meeting is None:
        raise Refused(_("Zu dieser Antwort gibt es an Ihren Runden Tischen keine Sitzung."))
    return replying.take_down(meeting, reply, by=request.member)


def calendar(request: MemberRequest) -> HttpResponse:
    """The member's own feed: make its address, which is shown this once, or end it."""
    member, url = request.member, ""
    access.require(member, Permission.JOIN_MEETINGS)
    if request.method == "POST" and "end" in request.POST:
        subscriptions.unsubscribe(member)
        messages.success(request, _("Die Adresse gilt nicht mehr."))
        return redirect("roundtable:calendar")
    if request.method == "POST":
        url = settings.SITE_URL + reverse("roundtable:feed", args=[subscriptions.subscribe(member)])
    values = {"url": url, "made": CalendarKey.objects.filter(member=member).first()}
    return render(request, "roundtable/calendar.html", values)


@login_not_required
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """The meetings of whoever the key belongs to; 404 once the key or the membership has ended."""
    member = subscriptions.subscriber(key)
    if member is None:
        raise Http404
    with access.acting(member):
        text = calendars.feed(subscriptions.meetings(member))
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = 'inline; filename="runde-tische.ics"'
    return answer


feed.needs_no_agency = True  # type: ignore[attr-defined]
