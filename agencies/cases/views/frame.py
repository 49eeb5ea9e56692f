"""Status, team and case manager of a case."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import access
from agencies.cases import actions
from agencies.cases.enums import CaseStatus
from agencies.cases.forms.frame import AssignForm, EmptyForm, StatusForm
from agencies.cases.views.about_case import CaseFormView
from agencies.errors import Refused
from agencies.roles import Permission


class Status(CaseFormView):
    only_lead = True
    form_class = StatusForm
    title = gettext_lazy("Status ändern")
    button = gettext_lazy("Status speichern")
    done = gettext_lazy("Der Status ist geändert.")

    def get_form(self, data: Any = None) -> forms.Form:
        now = {"status": self.case.status, "parked_until": self.case.parked_until}
        return StatusForm(data, initial=now)

    def act(self, form: forms.Form) -> None:
        status, until = CaseStatus(form.cleaned_data["status"]), form.cleaned_data["parked_until"]
        actions.set_status(self.case, status, parked_until=until, by=self.request.member)


class Assign(CaseFormView):
    needs = Permission.ASSIGN_CASES
    only_lead = True
    form_class = AssignForm
    title = gettext_lazy("Fall zuweisen")
    lead = gettext_lazy("Mit dem Team wechselt, wer den Fall in Ihrer Stelle sieht.")
    button = gettext_lazy("Zuweisen")
    done = gettext_lazy("Der Fall ist zugewiesen.")

    def get_form(self, data: Any = None) -> forms.Form:
        now = {"team": self.case.lead_team_id, "manager": self.case.manager_id}
        return AssignForm(data, initial=now, member=self.request.member)

    def act(self, form: forms.Form) -> HttpResponse | None:
        member, data = self.request.member, form.cleaned_data
        actions.assign(self.case, team=data["team"], manager=data["manager"], by=member)
        is_still_mine = access.cases(member).filter(pk=self.case.pk).exists()
        return None if is_still_mine else redirect("cases:list")


class Take(CaseFormView):
    """The member becomes the case manager; a team the member is in must lead the case."""

    only_lead = True
    form_class = EmptyForm
    title = gettext_lazy("Fallführung übernehmen?")
    lead = gettext_lazy(
        "Sie werden als Fallmanager/in eingetragen. Andere Stellen sehen das in den Falldaten."
    )
    button = gettext_lazy("Übernehmen")
    done = gettext_lazy("Sie führen diesen Fall jetzt.")

    def act(self, form: forms.Form) -> HttpResponse | None:
        member = self.request.member
        before = self.case.manager
        if before and before.pk != member.pk:
            if not member.may(Permission.ASSIGN_CASES):
                raise Refused(_("%(name)s führt diesen Fall bereits.") % {"name": before.name})
            messages.info(self.request, _("Bisher führte den Fall: %(name)s.") % {"name": before.name})
        actions.assign(self.case, team=self.case.lead_team, manager=member, by=member)
        return None


status = Status.as_view()
assign = Assign.as_view()
take = Take.as_view()
