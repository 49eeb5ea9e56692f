"""Editing one section, with the other's text beside one's own where two people changed it."""

from copy import copy
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.cases import actions
from agencies.cases.forms.fields import said_in
from agencies.cases.forms.sections import SectionForm, section_form
from agencies.cases.presentation import Row, section_of, section_rows
from agencies.cases.sections import SECTIONS, Section
from agencies.cases.views.about_case import CaseView
from agencies.enums import Category
from agencies.errors import Conflict
from agencies.http import MemberRequest
from agencies.roles import Permission


class Edit(CaseView):
    """One form for all categories; a conflict answers 409 with both versions and keeps what was typed."""

    needs = Permission.EDIT_CASES

    def get(self, request: MemberRequest) -> HttpResponse:
        return self.show(self._form())

    def post(self, request: MemberRequest) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            try:
                with said_in(form):
                    self._save(form)
            except Conflict as conflict:
                return self._conflict(form, str(conflict))
        if form.errors:
            return self.show(form)
        name = cast(Category, self.category).label
        messages.success(request, _("„%(section)s“ ist gespeichert.") % {"section": name})
        return redirect(f"{self.case.get_absolute_url()}#{self.category}")

    def _save(self, form: SectionForm) -> None:
        category = cast(Category, self.category)
        seen = form.cleaned_data["seen"]
        actions.update_section(self.case, category, form.touched, seen=seen, by=self.request.member)

    def _form(self, data: Any = None) -> SectionForm:
        category = cast(Category, self.category)
        shown = cast(Section, section_of(self.case, category))
        return section_form(category)(data, instance=copy(shown))

    def _conflict(self, form: SectionForm, text: str) -> HttpResponse:
        """What is stored now becomes what the user has seen: saving again is then a decision."""
        category = cast(Category, self.category)
        stored = SECTIONS[category].objects.get(case=self.case)
        fresh = section_form(category)(instance=stored)
        typed: Any = cast(Any, form.data).copy()
        typed["seen"] = fresh.initial["seen"]
        form.data = typed
        rows = _differing(form.instance, stored)
        return self.show(form, status=409, conflict=text, rows=rows)

    def show(self, form: SectionForm, status: int = 200, **values: Any) -> HttpResponse:
        return self.page(
            "cases/section_form.html", status=status, form=form, category=self.category, **values
        )


def _differing(own: Section, stored: Section) -> list[tuple[Row, Row]]:
    """The lines in which the typed and the stored version differ, in both versions."""
    pairs = zip(section_rows(own), section_rows(stored), strict=True)
    return [(mine, theirs) for mine, theirs in pairs if mine.value != theirs.value]


edit = Edit.as_view()
