"""One act on many rows of the in-box: each by itself, each result told."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agencies import access
from agencies.errors import Conflict, Refused
from agencies.http import MemberRequest
from agencies.models import Membership
from agencies.referrals import actions, wording
from agencies.referrals.enums import Act
from agencies.referrals.forms.bulk import ACTS, BulkForm, selected
from agencies.referrals.models import Referral
from agencies.roles import Permission


@dataclass
class Result:
    """What became of one row; ``problem`` is empty when it was done."""

    referral: Referral | None
    problem: str = ""


@require_POST
def bulk(request: MemberRequest) -> HttpResponse:
    member, wanted = request.member, request.POST.get("action", "")
    act = Act(wanted) if wanted in ACTS else None
    access.require(member, Permission.ASSIGN_REFERRALS if act == Act.ASSIGN else Permission.ANSWER_REFERRALS)
    form = BulkForm(request.POST, member=member)
    rows = selected(request.POST)
    to = form.cleaned_data.get("to") if form.is_valid() else None
    if problem := _missing(act, rows, to):
        messages.error(request, problem)
        return redirect("referrals:inbox")
    assert act is not None
    results = [_do(pk, seen, act, to, by=member) for pk, seen in rows.items()]
    return _tell(request, act, results)


def _missing(act: Act | None, rows: dict[UUID, int | None], to: Membership | None) -> str:
    if act is None or not rows:
        return _("Bitte wählen Sie zuerst Zeilen und dann, was mit ihnen geschehen soll.")
    if act == Act.ASSIGN and to is None:
        return _("Bitte wählen Sie, wem Sie zuweisen.")
    return ""


def _do(pk: UUID, seen: int | None, act: Act, to: Membership | None, *, by: Membership) -> Result:
    try:
        referral = access.referral(by, pk, act=act)
    except (Http404, PermissionDenied):
        return Result(None, _("Diese Überweisung gibt es nicht."))
    values: dict[str, Any] = {"to": to} if act == Act.ASSIGN else {}
    try:
        getattr(actions, act.value)(referral, **values, by=by, seen=seen)
    except (Refused, Conflict) as problem:
        return Result(referral, str(problem))
    return Result(referral)


def _tell(request: MemberRequest, act: Act, results: list[Result]) -> HttpResponse:
    done = [result for result in results if not result.problem]
    if done:
        text = ngettext("%(n)s Überweisung: %(what)s.", "%(n)s Überweisungen: %(what)s.", len(done))
        messages.success(request, text % {"n": len(done), "what": wording.HAPPENED[act]})
    if len(done) == len(results):
        return redirect("referrals:inbox")
    failed = [result for result in results if result.problem]
    values = {"done": done, "failed": failed, "act": ACTS[act], "happened": wording.HAPPENED[act]}
    return render(request, "referrals/bulk_result.html", values)
