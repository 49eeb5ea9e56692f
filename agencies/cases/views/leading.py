"""Who leads a case: handing it to another agency in two steps, and collecting what did not come along."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases import disclosing
from agencies.cases.forms.fields import said_in
from agencies.cases.forms.sharing import CollectForm, MoveLeadForm, NewLeadForm, missing
from agencies.cases.views.about_case import CaseFormView, CaseView
from agencies.cases.views.sharing import keep_unjudged, preview, wants_preview
from agencies.enums import Category
from agencies.http import MemberRequest
from agencies.roles import Permission


class MoveLead(CaseView):
    """Step 1 names the team, step 2 the data; the own agency then sees the case no more."""

    needs = Permission.MOVE_LEAD
    only_lead = True

    def get(self, request: MemberRequest) -> HttpResponse:
        first = NewLeadForm(request.GET or None, member=request.member)
        if not first.is_valid():
            return self.page("cases/move_lead_team.html", form=first)
        return self._show(self._form(first.cleaned_data["team"]))

    def post(self, request: MemberRequest) -> HttpResponse:
        form = self._form(request.POST.get("team", ""), request.POST)
        if wants_preview(request):
            return self._show(keep_unjudged(form))
        if form.is_valid():
            with said_in(form):
                disclosing.move_lead(self.case, **form.arguments(), by=request.member)
        if form.errors:
            return self._show(form)
        done = _("Die Federführung für %(case)s ist abgegeben.") % {"case": self.case.reference}
        messages.success(request, done)
        return redirect("cases:list")

    def _form(self, team: str, data: Any = None) -> MoveLeadForm:
        return MoveLeadForm(data, case=self.case, member=self.request.member, team=team)

    def _show(self, form: MoveLeadForm) -> HttpResponse:
        is_fragment = bool(self.request.htmx)
        template = "cases/_preview.html" if is_fragment else "cases/move_lead.html"
        return self.page(template, form=form, **preview(self.case, form.ticked()))


class Collect(CaseFormView):
    """Begins sections that were not handed over; where nothing is missing, back to the case."""

    form_class = CollectForm
    title = gettext_lazy("Fehlende Daten selbst erheben")
    lead = gettext_lazy(
        "Diese Daten hat die frühere Stelle nicht übergeben. Ihre Stelle erhebt sie neu, soweit sie sie für "
        "ihre Aufgabe braucht (§ 67a SGB X); die Abschnitte beginnen leer."
    )
    button = gettext_lazy("Abschnitte anlegen")
    done = gettext_lazy("Die Abschnitte sind angelegt.")

    def get(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        return super().get(request, **kwargs) if missing(self.case) else redirect(self.case)

    def get_form(self, data: Any = None) -> forms.Form:
        return CollectForm(data, case=self.case)

    def act(self, form: forms.Form) -> None:
        categories = [Category(name) for name in form.cleaned_data["categories"]]
        disclosing.collect_anew(self.case, categories, by=self.request.member)


move_lead = MoveLead.as_view()
collect = Collect.as_view()
