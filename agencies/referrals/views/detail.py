"""One referral: where it stands, what is asked, the released data, the conversation and what can be done."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies import access
from agencies.http import MemberRequest
from agencies.referrals import actions, clocks, listing, options, recipients, stages, wording
from agencies.referrals.enums import Act, DeclineReason, Side, State
from agencies.referrals.forms.acts import FORMS
from agencies.referrals.models import Referral


def detail(request: MemberRequest, pk: Any) -> HttpResponse:
    member = request.member
    referral = access.open_referral(member, pk)
    if referral.state == State.DRAFT:
        return redirect("referrals:preview", referral.pk)
    _open(request, referral)
    values: dict[str, Any] = {
        "referral": listing.with_clock(referral, member),
        "released": referral.released,
        "stages": stages.of(referral),
        "incoming": referral.side == Side.RECIPIENT,
        "covered": clocks.disclosure_is_active(referral),
    }
    if referral.released.must_acknowledge:
        return render(request, "referrals/notice.html", values)
    has_case = access.cases(member).filter(pk=referral.case_id).exists()
    values["case_url"] = reverse("cases:detail", args=[referral.case_id]) if has_case else ""
    values |= _content(request, referral, covered=values["covered"])
    return render(request, "referrals/detail.html", values)


def _open(request: MemberRequest, referral: Referral) -> None:
    """The first member of the recipient who opens it receives it."""
    received = actions.receive(referral, by=request.member)
    if received is not referral:
        referral.state, referral.state_since = received.state, received.state_since
        referral.may_acts = options.possible_acts(referral, request.member)


def _content(request: MemberRequest, referral: Referral, *, covered: bool) -> dict[str, Any]:
    acts = [act for act in referral.may_acts if act in FORMS or act == Act.OFFER_NEXT]
    if not covered:  # without data there is nothing to go on with: a new referral
        acts = [act for act in acts if act != Act.REOPEN]
    leading = wording.leading(referral, acts)
    beside = [act for act in wording.BESIDE if act in acts and act != leading]
    speaking = Act.ANSWER if Act.ANSWER in acts else Act.REMARK if Act.REMARK in acts else None
    shown = {leading, speaking, Act.REMARK, *beside}
    values: dict[str, Any] = {
        "leading": _button(request, referral, leading) if leading else None,
        "beside": [_button(request, referral, act) for act in beside],
        "more": [_button(request, referral, act) for act in acts if act not in shown],
        "talk": referral.messages.select_related("author__user", "author__agency"),
        "events": stages.history(referral),
        "speaking": speaking,
        "speak_form": _form(request, referral, speaking) if speaking else None,
    }
    if referral.side == Side.SENDER:
        values["withheld"] = recipients.withheld(referral)
        values["successor"] = referral.successors.select_related("recipient").order_by("created_at").first()
        if referral.state == State.DECLINED:
            values["advice"] = wording.ADVICE[DeclineReason(referral.decline_reason)]
    values["refusal"] = next((e["event"].text for e in values["events"] if e["event"].act == Act.DECLINE), "")
    return values


def _button(request: MemberRequest, referral: Referral, act: Act) -> dict[str, Any]:
    """An act as a button: it asks in a dialog, or does at once what needs no words."""
    if act == Act.OFFER_NEXT:
        return {"act": act, "page": "referrals:offer_next"}
    form = _form(request, referral, act)
    at_once = act not in wording.GRAVE and len(form.fields) == 1
    return {"act": act, "at_once": at_once, "grave": act in wording.GRAVE}


def _form(request: MemberRequest, referral: Referral, act: Act) -> Any:
    return FORMS[act](referral=referral, member=request.member, auto_id=f"{act}-%s")
