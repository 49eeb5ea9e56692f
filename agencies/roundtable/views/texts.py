"""What is written down in a meeting: summary and notes, decisions, commitments, and the way to a referral."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import access
from agencies.errors import Conflict
from agencies.http import MemberRequest
from agencies.models import Agency, ReadLog
from agencies.referrals import actions as referring
from agencies.referrals.forms.terms import first_purpose, presets
from agencies.roles import Permission
from agencies.roundtable import actions
from agencies.roundtable.anonymity import case_of
from agencies.roundtable.enums import TextKind
from agencies.roundtable.forms.speaking import CommitmentForm, DecisionForm, TextForm
from agencies.roundtable.merging import merged
from agencies.roundtable.models import Item, ItemText
from agencies.roundtable.speaking import TextConflict
from agencies.roundtable.views.asking import ask


def summary(request: MemberRequest, item: UUID) -> HttpResponse:
    return _text(request, item, TextKind.SUMMARY)


def notes(request: MemberRequest, item: UUID) -> HttpResponse:
    return _text(request, item, TextKind.NOTES)


def _text(request: MemberRequest, pk: UUID, kind: TextKind) -> HttpResponse:
    """Save a text; whoever was too late gets both versions and decides."""
    item = access.open_item(request.member, pk, kind)
    saved = ItemText.objects.filter(item=item, kind=kind).select_related("author__user").first()
    first = {"text": saved.text, "expected": saved.version} if saved else {"expected": 0}
    form = TextForm(request.POST or None, initial=first, label=str(kind.label))
    if request.method != "POST" or not form.is_valid() or "merge" in request.POST:
        return _show(request, item, kind, form, theirs=saved if "merge" in request.POST else None)
    try:
        done = actions.write(item, kind, by=request.member, **_said(form))
    except Conflict as conflict:
        theirs = conflict.now if isinstance(conflict, TextConflict) else None
        return _show(request, item, kind, form, conflict=conflict, theirs=theirs)
    if _wants_json(request):
        return JsonResponse({"version": done.version, "message": _saved(done)})
    messages.success(request, _saved(done))
    return redirect(_page(item))


def _said(form: TextForm) -> dict[str, Any]:
    return {"text": form.cleaned_data["text"], "expected": form.cleaned_data["expected"]}


def _saved(text: ItemText) -> str:
    return _("Gespeichert um {time} Uhr.").format(time=f"{timezone.localtime(text.at):%H:%M}")


def _show(
    request: MemberRequest,
    item: Item,
    kind: TextKind,
    form: TextForm,
    *,
    conflict: Conflict | None = None,
    theirs: ItemText | None = None,
) -> HttpResponse:
    """The text as a page of its own, or as data for the editor on the stage; 409 with both versions."""
    mine = form.data.get("text", "").replace("\r\n", "\n")
    both = merged(theirs.text, mine) if theirs else ""
    status = 409 if conflict else 400 if form.errors and _wants_json(request) else 200
    if _wants_json(request):
        data = {"message": str(conflict) if conflict else " ".join(map(str, form["text"].errors))}
        more = {"version": theirs.version, "text": theirs.text, "merged": both} if theirs else {}
        return JsonResponse(data | more, status=status)
    if theirs:
        text = both if "merge" in request.POST else mine
        form = TextForm({"text": text, "expected": theirs.version}, label=str(kind.label))
    values = {"item": item, "kind": kind, "form": form, "conflict": conflict, "theirs": theirs}
    return render(request, "roundtable/text.html", values | {"page": _page(item)}, status=status)


def _wants_json(request: MemberRequest) -> bool:
    return not request.accepts("text/html")


def _page(item: Item) -> str:
    return item.meeting.get_absolute_url() if item.meeting else reverse("agencies:start")


# Decisions and what they lead to


def decide(request: MemberRequest, item: UUID) -> HttpResponse:
    """Record what the table decided; by whoever is there."""
    found = access.item(request.member, item)
    meeting = access.attended(request.member, found.meeting_id)
    return ask(
        request,
        DecisionForm(request.POST or None, case_id=case_of(found)),
        do=lambda form: actions.decide(found, by=request.member, **form.cleaned_data),
        title=_("Beschluss zu „%(item)s“") % {"item": found},
        button=_("Beschluss festhalten"),
        done=_("Der Beschluss ist festgehalten."),
        back=meeting.get_absolute_url(),
    )


def commit(request: MemberRequest, decision: int) -> HttpResponse:
    """Record what an agency promises; by whoever is there."""
    found = access.decision(request.member, decision)
    meeting = access.attended(request.member, found.item.meeting_id)
    known: dict[str, Any] = {"meeting": meeting, "case_id": case_of(found.item)}
    return ask(
        request,
        CommitmentForm(request.POST or None, initial={"agency": request.member.agency_id}, **known),
        do=lambda form: actions.commit(found, by=request.member, **form.cleaned_data),
        title=_("Aufgabe zum Beschluss"),
        button=_("Aufgabe festhalten"),
        done=_("Die Aufgabe ist festgehalten."),
        back=meeting.get_absolute_url(),
    )


@require_POST
def refer(request: MemberRequest, decision: int) -> HttpResponse:
    """From a decision to the draft of a referral, with the usual terms; the lead checks and sends it."""
    found = access.decision(request.member, decision)
    item = access.led_item(request.member, found.item_id)
    access.require(request.member, Permission.SEND_REFERRALS)
    case_id = case_of(item)
    assert case_id is not None  # only a case has a lead
    case = access.case(request.member, case_id, to=Permission.DISCLOSE, surface=ReadLog.Surface.MEETING)
    recipient = get_object_or_404(Agency, pk=_number(request.POST.get("agency", "")), is_active=True)
    if recipient.pk == request.member.agency_id:
        raise PermissionDenied
    terms = presets(recipient, first_purpose(recipient))
    names = ("purpose", "legal_basis", "categories", "valid_until")
    how = {name: terms[name] for name in names}
    draft = referring.draft(case, recipient=recipient, request=found.text, by=request.member, **how)
    messages.success(request, _("Der Entwurf ist angelegt. Bitte prüfen Sie ihn vor dem Senden."))
    return redirect("referrals:revise", draft.pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
