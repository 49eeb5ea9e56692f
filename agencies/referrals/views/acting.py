"""The acts on one referral: a dialog or page that asks, one action that does it, and the way on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import access
from agencies.cases.forms.fields import said_in
from agencies.errors import Conflict, Refused
from agencies.http import MemberRequest
from agencies.models import Agency, Membership, Team
from agencies.referrals import actions, clocks, presenting, recipients, wording
from agencies.referrals.enums import Act
from agencies.referrals.forms.acts import FORMS, ActForm
from agencies.referrals.forms.filtering import RecipientFilterForm
from agencies.referrals.models import Referral


def act(request: MemberRequest, pk: Any, act: Act) -> HttpResponse:
    """GET asks what the act needs, POST does it; whoever was too late is told, and keeps the text."""
    referral = access.referral(request.member, pk, act=act, named=True)
    if (
        request.method == "GET"
        and act in wording.ABOUT_PERSON
        and _must_acknowledge(referral, request.member)
    ):
        return redirect(referral)
    form = FORMS[act](request.POST or None, referral=referral, member=request.member)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            done = _do(act, referral, form, request)
        except Conflict as conflict:
            return _conflict(request, act, referral, form, str(conflict))
        if form.is_valid():
            messages.success(request, str(wording.DONE[act]))
            return _onward(act, referral, done)
    return _ask(request, act, referral, form, status=status)


def _must_acknowledge(referral: Referral, member: Membership) -> bool:
    """Whether a copy is open to the member's agency, but the member has not yet seen the purpose notice."""
    to_us = referral.recipient_id == member.agency_id
    return to_us and bool(presenting.unread_by(member, [referral])) and clocks.disclosure_is_active(referral)


def _do(act: Act, referral: Referral, form: ActForm, request: MemberRequest) -> Any:
    seen = {} if act == Act.REMARK else {"seen": form.cleaned_data["seen"]}
    done = None
    with said_in(form):
        done = getattr(actions, act.value)(referral, **form.values(), **seen, by=request.member)
    return done


def _onward(act: Act, referral: Referral, done: Any) -> HttpResponse:
    """A new draft is looked at next; a discarded one leads back to the box; all else to the referral."""
    if act == Act.CONFIRM_REROUTE:
        return redirect("referrals:revise", done.pk)
    if act == Act.DISCARD:
        return redirect("referrals:outbox")
    return redirect("referrals:detail", referral.pk)


def _ask(
    request: MemberRequest, act: Act, referral: Referral, form: ActForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    values = {"act": act, "referral": referral, "form": form, "means": wording.MEANS.get(act, "")}
    values |= {"grave": act in wording.GRAVE, "possible": act in referral.may_acts, **more}
    return render(request, "referrals/act.html", values, status=status)


def _conflict(
    request: MemberRequest, act: Act, before: Referral, form: ActForm, message: str
) -> HttpResponse:
    """409: who did what, with the text still in the form, which now goes by the new state."""
    referral = access.referral(request.member, before.pk, named=True)
    data = {**form.data.dict(), "seen": str(referral.version)}  # type: ignore[attr-defined]
    again = FORMS[act](data, referral=referral, member=request.member)
    return _ask(request, act, referral, again, status=409, conflict=message)


@require_POST
def acknowledge(request: MemberRequest, pk: Any) -> HttpResponse:
    """The member has read the purpose notice; from now on the snapshot is open to them."""
    referral = access.referral(request.member, pk)
    try:
        actions.acknowledge(referral, by=request.member)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(referral)


def offer_next(request: MemberRequest, pk: Any) -> HttpResponse:
    """Refer again after an end without success: choose the recipient, get a filled-in draft."""
    referral = access.referral(request.member, pk, act=Act.OFFER_NEXT, named=True)
    if request.method == "POST":
        recipient, team = recipients.chosen(request.member, request.POST)
        try:
            draft = actions.offer_next(referral, recipient=recipient, team=team, by=request.member)
        except (Refused, Conflict) as problem:
            messages.error(request, str(problem))
            return redirect(referral)
        messages.success(request, _("Der Entwurf ist angelegt. Bitte prüfen Sie ihn vor dem Senden."))
        return redirect("referrals:revise", draft.pk)
    return choose_recipient(request, {"referral": referral})


def choose_recipient(
    request: MemberRequest,
    values: dict[str, Any],
    *,
    keep: dict[str, str] | None = None,
    url: Callable[[Agency, Team | None], str] | None = None,
) -> HttpResponse:
    """The list of recipients; with ``url`` as links, without as buttons of a form."""
    form = RecipientFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    values |= {"filter": form, "keep": keep or {}, "narrowed": any(wanted.values())}
    values["candidates"] = recipients.candidates(request.member, wanted, url)
    return render(request, "referrals/recipients.html", values)
