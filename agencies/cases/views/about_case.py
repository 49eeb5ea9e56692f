"""What every page about one case shares: fetching it is the check; a form asks, acts once, goes back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views import View

from agencies import access
from agencies.cases.forms.fields import said_in
from agencies.cases.models import Case
from agencies.enums import Category
from agencies.errors import OthersLead
from agencies.http import MemberRequest
from agencies.models import ReadLog
from agencies.roles import Permission


class CaseView(View):
    """A page about one case. ``category`` comes from the address or is fixed by the page."""

    needs = Permission.VIEW_CASES
    only_lead = False
    category: Category | None = None
    surface: str = ReadLog.Surface.CASE
    request: MemberRequest
    case: Case

    def dispatch(  # type: ignore[override]
        self, request: MemberRequest, pk: UUID, category: Category | None = None, **kwargs: Any
    ) -> HttpResponseBase:
        self.category = category or self.category
        self.case = access.case(
            request.member, pk, to=self.needs, category=self.category, surface=self.surface
        )
        if self.only_lead and not self.case.is_led:
            raise OthersLead
        return super().dispatch(request, **kwargs)

    def page(self, template: str, status: int = 200, **values: Any) -> HttpResponse:
        name = getattr(getattr(self.case, "identity", None), "name", "")
        frame = {"case": self.case, "case_name": name, "case_title": name or self.case.reference}
        return render(self.request, template, {**frame, **values}, status=status)


class CaseFormView(CaseView):
    """A form about a case, shown as a dialog where scripts run and as a page elsewhere."""

    needs = Permission.EDIT_CASES
    form_class: type[forms.Form]
    template = "cases/case_form.html"
    title: Promise | str = ""
    lead: Promise | str = ""
    button: Promise | str = ""
    danger = False
    done: Promise | str = ""
    back = "cases:detail"
    #: Forms about the case as a whole act without a category; those of one category return to its section.
    anchor = ""

    def get_form(self, data: Any = None) -> forms.Form:
        return self.form_class(data)

    def act(self, form: forms.Form) -> HttpResponse | None:
        """Call the one action; an answer of its own replaces the way back."""
        raise NotImplementedError

    def get(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.get_form())

    def post(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        form, answer = self.get_form(request.POST), None
        if form.is_valid():
            with said_in(form):
                answer = self.act(form)
        if form.errors:
            return self.show(form)
        messages.success(request, str(self.done))
        return answer or redirect(self.way_back())

    def way_back(self) -> str:
        anchor = f"#{self.category}" if self.category and self.back == "cases:detail" else ""
        return reverse(self.back, args=[self.case.pk]) + anchor

    def show(self, form: forms.Form) -> HttpResponse:
        values: dict[str, Any] = {
            "title": self.title,
            "lead": self.lead,
            "button": self.button,
            "danger": self.danger,
        }
        return self.page(self.template, form=form, back_url=self.way_back(), **values)
