"""Writing a referral in three steps: to whom, what and which data, and what the other side will see."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from agencies import access
from agencies.cases.forms.fields import said_in
from agencies.cases.models import Case
from agencies.errors import Conflict, Refused
from agencies.http import MemberRequest
from agencies.models import Agency, Membership, ReadLog, Team
from agencies.referrals import actions, recipients
from agencies.referrals.enums import Act, State
from agencies.referrals.forms.terms import TermsForm, first_purpose, presets
from agencies.referrals.models import Referral
from agencies.referrals.views.acting import choose_recipient
from agencies.roles import Permission


def new(request: MemberRequest) -> HttpResponse:
    """Step 1: the agency or one of its teams."""
    case = _case(request.member, request.GET.get("fall", ""))
    wanted = {"fall": str(case.pk), "zweck": request.GET.get("zweck", "")}

    def url(agency: Agency, team: Team | None) -> str:
        return f"{reverse('referrals:terms')}?{urlencode(wanted | recipients.query(agency, team))}"

    return choose_recipient(request, {"case": case}, keep={"fall": str(case.pk)}, url=url)


def other_recipient(request: MemberRequest, pk: Any) -> HttpResponse:
    """Step 1 for a draft that shall go elsewhere."""
    draft = access.referral(request.member, pk, act=Act.REVISE)
    case = _case(request.member, draft.case_id)

    def url(agency: Agency, team: Team | None) -> str:
        return f"{reverse('referrals:revise', args=[pk])}?{urlencode(recipients.query(agency, team))}"

    return choose_recipient(request, {"case": case, "draft": draft}, url=url)


def terms(request: MemberRequest) -> HttpResponse:
    """Step 2 of a new referral."""
    case = _case(request.member, request.GET.get("fall", ""))
    recipient, team = recipients.chosen(request.member, request.GET)
    initial = presets(recipient, first_purpose(recipient, request.GET.get("zweck", "")))
    return _terms(request, case, recipient, team, initial)


def revise(request: MemberRequest, pk: Any) -> HttpResponse:
    """Step 2 of a draft; ``?an=`` says that it now goes to another recipient."""
    draft = access.referral(request.member, pk, act=Act.REVISE)
    if draft.state != State.DRAFT:
        return redirect(draft)
    case = _case(request.member, draft.case_id)
    recipient, team = draft.recipient, draft.recipient_team
    initial = _as_initial(draft)
    if "an" in request.GET:
        recipient, team = recipients.chosen(request.member, request.GET)
        if recipient.kind != draft.recipient.kind:
            initial |= presets(recipient, first_purpose(recipient, draft.purpose))
    return _terms(request, case, recipient, team, initial, draft)


def preview(request: MemberRequest, pk: Any) -> HttpResponse:
    """Step 3: exactly what the recipient will see; POST sends it, or hands it to who may."""
    problem: Refused | Conflict | None = None
    if request.method == "POST":
        draft = access.referral(request.member, pk, act=Act.SEND)
        try:
            return _send(request, draft) if draft.state == State.DRAFT else redirect(draft)
        except (Refused, Conflict) as caught:
            problem = caught
    draft = access.open_referral(request.member, pk, act=Act.SEND)
    if draft.state != State.DRAFT:
        return redirect(draft)
    values = {"referral": draft, "released": draft.released, "withheld": recipients.withheld(draft)}
    values |= {"problem": problem, "may_decide": recipients.may_decide(request.member, draft.recipient)}
    status = 409 if isinstance(problem, Conflict) else 200
    return render(request, "referrals/preview.html", values, status=status)


def _send(request: MemberRequest, draft: Referral) -> HttpResponse:
    """Send it, or lay it before those who decide about it."""
    if not recipients.may_decide(request.member, draft.recipient):
        actions.submit(draft, by=request.member, seen=_seen(request))
        messages.success(request, _("Der Entwurf liegt zur Entscheidung vor. Er steht im Ausgang."))
        return redirect("referrals:outbox")
    sent = actions.send(draft, by=request.member, seen=_seen(request))
    messages.success(request, _("Die Überweisung an %(to)s ist gesendet.") % {"to": sent.recipient})
    return redirect(sent)


def _case(member: Membership, pk: Any) -> Case:
    """The case to refer: open to the member and led by their agency."""
    access.require(member, Permission.SEND_REFERRALS)
    uuid = recipients.as_uuid(pk)
    if uuid is None:
        raise Http404
    return access.case(member, uuid, to=Permission.DISCLOSE, surface=ReadLog.Surface.REFERRAL)


def _terms(
    request: MemberRequest,
    case: Case,
    recipient: Agency,
    team: Team | None,
    initial: dict[str, Any],
    draft: Referral | None = None,
) -> HttpResponse:
    how: dict[str, Any] = {"recipient": recipient, "held": case.levels, "member": request.member}
    form = TermsForm(request.POST or None, initial=initial, **how)
    changed, status = form.purpose_changed or "presets" in request.POST, 200
    if request.method == "POST" and changed:
        form = TermsForm(initial=form.kept(), **how)
    elif request.method == "POST" and form.is_valid():
        try:
            saved = _save(form, case, recipient, team, draft, by=request.member)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
            status = 409
        else:
            if saved:
                return _after_saving(request, form, saved)
    values = {"form": form, "case": case, "recipient": recipient, "team": team, "draft": draft}
    values |= {"changed": changed, "name": case.identity.name}
    values["may_decide"] = recipients.may_decide(request.member, recipient)
    return render(request, "referrals/terms.html", values, status=status)


def _save(
    form: TermsForm,
    case: Case,
    recipient: Agency,
    team: Team | None,
    draft: Referral | None,
    *,
    by: Membership,
) -> Referral | None:
    """Write or change the draft; None when a rule forbids it (the form then says which)."""
    values = form.values() | {"recipient": recipient, "team": team}
    saved = None
    with said_in(form):
        if draft:
            saved = actions.revise(draft, **values, by=by, seen=form.cleaned_data["seen"])
        else:
            saved = _first_save(form.cleaned_data["token"], case, values, by=by)
    return saved


def _first_save(token: UUID, case: Case, values: dict[str, Any], *, by: Membership) -> Referral:
    """The same form once more, after "back" or a double click, is still one draft, with the later text."""
    try:
        return actions.draft(case, **values, pk=token, by=by)
    except IntegrityError:
        first = access.referral(by, token, act=Act.REVISE)
        if first.case_id != case.pk:
            return actions.draft(case, **values, by=by)
        return actions.revise(first, **values, by=by) if first.state == State.DRAFT else first


def _after_saving(request: MemberRequest, form: TermsForm, saved: Referral) -> HttpResponse:
    if form.strict:
        return redirect("referrals:preview", saved.pk)
    messages.success(request, _("Der Entwurf ist gespeichert. Er liegt im Ausgang."))
    return redirect("referrals:outbox")


def _as_initial(draft: Referral) -> dict[str, Any]:
    """A draft as the form shows it; both groups of boxes get all ticks and keep their own."""
    names = ("request", "necessity", "beyond_reason", "valid_until", "purpose", "legal_basis")
    values = {name: getattr(draft, name) for name in names}
    boxes = {"categories": draft.categories, "further": draft.categories}
    return values | boxes | {"preset": draft.purpose, "seen": draft.version}


def _seen(request: MemberRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None
