"""Who sees a case: its disclosures, a new one in two steps, and its end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases import disclosing
from agencies.cases.dossier import dossier
from agencies.cases.forms.fields import said_in
from agencies.cases.forms.frame import ReasonForm
from agencies.cases.forms.sharing import DiscloseForm, Recipient, RecipientForm
from agencies.cases.models import Case, Disclosure
from agencies.cases.presentation import frozen, last_day
from agencies.cases.reads import reads_by_recipients
from agencies.cases.views.about_case import CaseFormView, CaseView
from agencies.enums import BROWSING_KINDS, AgencyKind, Category, Level, Purpose
from agencies.http import MemberRequest
from agencies.roles import Permission

#: Those who may not browse, as the page names them.
SNAPSHOT_KINDS = [kind.label for kind in AgencyKind if kind not in BROWSING_KINDS]


class Disclosures(CaseView):
    """What was passed on to whom; a recipient sees only what it received itself."""

    def get(self, request: MemberRequest) -> HttpResponse:
        found = (
            Disclosure.objects.filter(case=self.case)
            .select_related("recipient", "recipient_team", "sender", "decided_by__user", "revoked_by__user")
            .order_by("-valid_from", "-pk")
        )
        reads = reads_by_recipients(self.case) if self.case.is_led else {}
        rows = [_described(one, reads.get(one.pk)) for one in found]
        active = sorted((row for row in rows if row.is_active), key=lambda row: row.level != Level.CHANGE)
        ended = [row for row in rows if not row.is_active]
        return self.page("cases/disclosures.html", tab="sharing", active=active, ended=ended)


def _described(one: Disclosure, reads: tuple[int, datetime] | None) -> Disclosure:
    one.reads, one.last_read_at = reads or (0, None)  # type: ignore[attr-defined]
    one.names = [Category(category).label for category in one.categories]  # type: ignore[attr-defined]
    one.last_day = last_day(one.valid_until) if one.valid_until else None  # type: ignore[attr-defined]
    one.is_lead = one.level == Level.CHANGE  # type: ignore[attr-defined]
    one.is_snapshot = not one.is_lead and not one.recipient.may_browse  # type: ignore[attr-defined]
    return one


class Disclose(CaseView):
    """Step 1 names recipient and purpose, step 2 the data; the preview shows what the recipient will see."""

    needs = Permission.DISCLOSE
    only_lead = True

    def get(self, request: MemberRequest) -> HttpResponse:
        first = self._first_step()
        if not first.is_valid():
            return self._choose(first)
        recipient, purpose = first.chosen()
        return self._show(DiscloseForm(case=self.case, recipient=recipient, purpose=purpose), first)

    def post(self, request: MemberRequest) -> HttpResponse:
        first = self._first_step()
        if not first.is_valid():
            return self._choose(first)
        recipient, purpose = first.chosen()
        form = DiscloseForm(request.POST, case=self.case, recipient=recipient, purpose=purpose)
        if wants_preview(request):
            return self._show(keep_unjudged(form), first)
        if form.is_valid():
            with said_in(form):
                self._disclose(form, recipient, purpose)
        return self._show(form, first) if form.errors else redirect("cases:disclosures", self.case.pk)

    def _first_step(self) -> RecipientForm:
        return RecipientForm(self.request.GET or None, member=self.request.member)

    def _choose(self, first: RecipientForm) -> HttpResponse:
        return self.page("cases/disclose_recipient.html", form=first, snapshot_kinds=SNAPSHOT_KINDS)

    def _disclose(self, form: DiscloseForm, recipient: Recipient, purpose: Purpose) -> None:
        target = {"recipient": recipient.agency, "team": recipient.team, "purpose": purpose}
        disclosing.disclose(self.case, **target, **form.arguments(), by=self.request.member)  # type: ignore[arg-type]
        messages.success(
            self.request, _("%(recipient)s sieht die Daten ab sofort.") % {"recipient": recipient}
        )

    def _show(self, form: DiscloseForm, first: RecipientForm) -> HttpResponse:
        recipient, purpose = first.chosen()
        values: dict[str, Any] = {"form": form, "recipient": recipient, "purpose": purpose}
        values |= preview(self.case, form.ticked())
        is_fragment = bool(self.request.htmx)
        return self.page("cases/_preview.html" if is_fragment else "cases/disclose_data.html", **values)


def wants_preview(request: MemberRequest) -> bool:
    """The preview button, or htmx asking after each tick; nothing is saved then."""
    return "preview" in request.POST or bool(request.htmx)


def keep_unjudged(form: Any) -> Any:
    """The form with what was typed, without errors: a preview is no attempt to save."""
    form._errors = forms.utils.ErrorDict()
    return form


def preview(case: Case, categories: list[Category]) -> dict[str, Any]:
    """What a recipient of these categories sees of a live case: sections, people, numbers, notes."""
    hanging, parts = dossier(case), frozen(case, categories)
    shown = [
        {"label": category.label, "rows": parts[category.value], "notes": hanging.notes.get(category, [])}
        for category in categories
    ]
    hidden = [category.label for category in case.levels if category not in categories]
    return {"shown": shown, "withheld": hidden}


class Revoke(CaseFormView):
    needs = Permission.DISCLOSE
    only_lead = True
    form_class = ReasonForm
    button = gettext_lazy("Freigabe beenden")
    danger = True
    done = gettext_lazy("Die Freigabe ist beendet.")
    lead = gettext_lazy("Die Stelle sieht die Daten ab dem nächsten Seitenaufruf nicht mehr.")
    back = "cases:disclosures"

    def dispatch(self, request: MemberRequest, *args: Any, disclosure: UUID, **kwargs: Any):  # type: ignore[no-untyped-def,override]
        self.disclosure_pk = disclosure
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, data: Any = None) -> forms.Form:
        found = Disclosure.objects.filter(case=self.case).select_related("recipient")
        self.disclosure = get_object_or_404(found, pk=self.disclosure_pk)
        self.title = _("Freigabe für %(name)s beenden") % {"name": self.disclosure.recipient.name}
        return super().get_form(data)

    def act(self, form: forms.Form) -> None:
        disclosing.revoke(self.disclosure, reason=form.cleaned_data["reason"], by=self.request.member)


disclosures = Disclosures.as_view()
disclose = Disclose.as_view()
revoke = Revoke.as_view()
