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

from agencies import access, audit
from agencies.errors import Conflict, Refused
from agencies.http import MemberRequest
from agencies.models import Membership
from agencies.referrals import actions, presenting, wording
from agencies.referrals.enums import Act
from agencies.referrals.forms.bulk import ACTS, BulkForm, selected
from agencies.referrals.models import Referral
from agencies.roles import Permission


@dataclass
class Result:
    """What became of one row; ``problem`` is empty when it was done.

    ``is_unread``: the member is in charge now, but has not acknowledged the purpose notice yet.
    """

    referral: Referral | None
    problem: str = ""
    is_unread: bool = False


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
        audit.record_denied(by, "referrals:bulk", {"pk": str(pk)})
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
    _mark_unread(done, act, request.member)
    unread = [result for result in done if result.is_unread]
    if len(done) == len(results) and not unread:
        return redirect("referrals:inbox")
    read = [result for result in done if not result.is_unread]
    failed = [result for result in results if result.problem]
    values: dict[str, Any] = {"done": read, "unread": unread, "failed": failed}
    values |= {"act": ACTS[act], "happened": wording.HAPPENED[act]}
    return render(request, "referrals/bulk_result.html", values)


def _mark_unread(done: list[Result], act: Act, member: Membership) -> None:
    """Taking on reads nothing; whoever did it in one go is told where the notice still waits (§ 78 SGB X)."""
    if act == Act.ASSIGN:
        return
    unread = presenting.unread_by(member, [result.referral for result in done if result.referral])
    for result in done:
        result.is_unread = result.referral is not None and result.referral.pk in unread
