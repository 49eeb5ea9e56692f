"""Opening a case."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies import access
from agencies.cases import actions
from agencies.cases.forms.fields import said_in
from agencies.cases.forms.opening import OpenCaseForm, teams_to_lead
from agencies.cases.models import Case
from agencies.http import MemberRequest
from agencies.roles import Permission


def open_case(request: MemberRequest) -> HttpResponse:
    """Four fields and straight to the case; a form sent twice leads to the case it opened the first time."""
    access.require(request.member, Permission.OPEN_CASES)
    form = OpenCaseForm(request.POST or None, member=request.member)
    if form.is_valid():
        if already := _opened_before(request, form):
            messages.info(request, _("Dieser Fall ist bereits angelegt."))
            return redirect(already)
        with said_in(form):
            case = _open(request, form)
            messages.success(request, _("Fall %(number)s ist angelegt.") % {"number": case.reference})
            return redirect(case)
    values = {"form": form, "has_team": teams_to_lead(request.member).exists()}
    return render(request, "cases/case_create.html", values)


def _open(request: MemberRequest, form: OpenCaseForm) -> Case:
    data: dict[str, Any] = form.cleaned_data
    try:
        return actions.open_case(
            pk=data["token"],
            by=request.member,
            team=data["team"],
            identity=form.identity,
            sections=form.sections,
            manager=request.member if data["manage"] else None,
            foreign_reference=data["foreign_reference"],
        )
    except IntegrityError:
        # The same form, sent at the same moment: the other request opened the case.
        found = access.cases(request.member).filter(pk=data["token"]).first()
        if found is None:
            raise
        return found


def _opened_before(request: MemberRequest, form: OpenCaseForm) -> Case | None:
    """The case this form has opened already; going back to enter another person opens another case."""
    found = access.cases(request.member).filter(pk=form.cleaned_data["token"]).first()
    if found is None:
        return None
    identity, typed = getattr(found, "identity", None), form.identity
    names = ("family_name", "given_name", "birth_year", "birth_month", "birth_day")
    if identity and all(getattr(identity, name) == typed[name] for name in names):
        return found
    form.renew_token()
    return None
