"""The case file: its page, its history, who read it, and what is added to it."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import access
from agencies.cases import actions
from agencies.cases import history as changes
from agencies.cases.dossier import dossier
from agencies.cases.forms.frame import (
    EmptyForm,
    HouseholdMemberForm,
    JoinHouseholdForm,
    NoteForm,
    ReferenceForm,
)
from agencies.cases.forms.sharing import missing
from agencies.cases.models import Case
from agencies.cases.references import clean_reference
from agencies.cases.views.about_case import CaseFormView, CaseView
from agencies.cases.views.cards import cards_of
from agencies.enums import Category, Level
from agencies.errors import Refused
from agencies.http import MemberRequest
from agencies.models import ReadLog
from agencies.roles import Permission

PAGE_SIZE = 50


class Detail(CaseView):
    """The file with every section the member may see; hidden ones are not even named."""

    def get(self, request: MemberRequest) -> HttpResponse:
        hanging = dossier(self.case)
        mates = [UUID(mate["pk"]) for mate in hanging.mates if mate["family_name"]]
        access.log_read(request.member, mates, [Category.IDENTITY], surface=ReadLog.Surface.CASE)
        cards = cards_of(self.case, hanging)
        return self.page(
            "cases/case_detail.html",
            tab="file",
            cards=[card for card in cards if card.is_filled],
            empty_cards=[card for card in cards if not card.is_filled],
            mates=hanging.mates,
            missing=[category.label for category in missing(self.case)] if self.case.is_led else [],
        )


class History(CaseView):
    """Who changed what and when, in the visible categories; the frame's history is the lead's."""

    surface = ReadLog.Surface.HISTORY

    def dispatch(self, request: MemberRequest, pk: UUID, category: Category | None = None, **kwargs: Any):  # type: ignore[no-untyped-def,override]
        # Reading a history needs no right to change: the category only narrows what is shown.
        self.wanted = category
        return super().dispatch(request, pk, **kwargs)

    def get(self, request: MemberRequest) -> HttpResponse:
        visible = list(self.case.levels)
        if self.wanted and self.wanted not in visible:
            raise Http404
        frame = [changes.FRAME] if self.case.is_led else []
        parts = [self.wanted] if self.wanted else [*frame, *visible]
        page = Paginator(changes.changes_of(self.case, parts), PAGE_SIZE).get_page(request.GET.get("page"))
        entries = changes.entries(page.object_list)
        values: dict[str, Any] = {
            "categories": visible,
            "wanted": self.wanted,
            "entries": entries,
            "page": page,
        }
        return self.page("cases/case_history.html", tab="history", **values)


class Readers(CaseView):
    """Who of one's own agency has read this case; for holders of the read log."""

    needs = Permission.READ_LOG

    def get(self, request: MemberRequest) -> HttpResponse:
        found = access.read_log(request.member).filter(case_ids__contains=[self.case.pk])
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        for entry in page.object_list:
            entry.names = ", ".join(str(Category(name).label) for name in entry.categories)  # type: ignore[attr-defined]
        return self.page("cases/case_readers.html", tab="readers", page=page)


class AddNote(CaseFormView):
    form_class = NoteForm
    button = gettext_lazy("Notiz speichern")
    done = gettext_lazy("Die Notiz ist gespeichert.")
    lead = gettext_lazy(
        "Die Notiz liest jede Stelle, die diese Datenkategorie sieht. Sie bleibt unverändert stehen."
    )

    #: Who passes on any data of a person passes on these.
    in_every_disclosure = (Category.IDENTITY, Category.CONTACT)
    lead_to_all = gettext_lazy(
        "Diese Notiz liest jede Stelle, der Sie den Fall freigeben. Gesundheit, Schulden und Ähnliches "
        "gehören in die eigene Datenkategorie. Die Notiz bleibt unverändert stehen."
    )

    def act(self, form: forms.Form) -> None:
        category = cast(Category, self.category)
        actions.add_note(self.case, category=category, text=form.cleaned_data["text"], by=self.request.member)

    def show(self, form: forms.Form) -> HttpResponse:
        self.title = _("Notiz zu „%(category)s“") % {"category": cast(Category, self.category).label}
        if self.category in self.in_every_disclosure:
            self.lead = self.lead_to_all
        return super().show(form)


class AddReference(CaseFormView):
    category = Category.IDENTITY
    form_class = ReferenceForm
    title = gettext_lazy("Aktenzeichen Ihrer Stelle")
    button = gettext_lazy("Aktenzeichen speichern")
    done = gettext_lazy("Das Aktenzeichen ist gespeichert.")

    def act(self, form: forms.Form) -> None:
        actions.add_foreign_reference(self.case, form.cleaned_data["number"], by=self.request.member)


class AddMember(CaseFormView):
    category = Category.FAMILY
    form_class = HouseholdMemberForm
    title = gettext_lazy("Haushaltsmitglied hinzufügen")
    lead = gettext_lazy("Für Personen ohne eigenen Fall, zum Beispiel Kinder.")
    button = gettext_lazy("Hinzufügen")
    done = gettext_lazy("Das Haushaltsmitglied ist eingetragen.")

    def act(self, form: forms.Form) -> None:
        values = cast(HouseholdMemberForm, form).values
        actions.add_household_member(self.case, values, by=self.request.member)


class RemoveMember(CaseFormView):
    category = Category.FAMILY
    form_class = EmptyForm
    button = gettext_lazy("Entfernen")
    danger = True
    done = gettext_lazy("Das Haushaltsmitglied ist entfernt.")

    def dispatch(self, request: MemberRequest, *args: Any, member: int, **kwargs: Any):  # type: ignore[no-untyped-def,override]
        self.member_pk = member
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, data: Any = None) -> forms.Form:
        self.person = get_object_or_404(self.case.household_members, pk=self.member_pk)
        self.title = _("%(name)s aus dem Haushalt entfernen?") % {"name": self.person}
        return super().get_form(data)

    def act(self, form: forms.Form) -> None:
        actions.remove_household_member(self.person, by=self.request.member)


class JoinHousehold(CaseFormView):
    category = Category.FAMILY
    form_class = JoinHouseholdForm
    title = gettext_lazy("Mit dem Haushalt eines anderen Falls verbinden")
    lead = gettext_lazy("Verbinden können Sie Fälle, deren Familiendaten Ihre Stelle beide bearbeiten darf.")
    button = gettext_lazy("Verbinden")
    done = gettext_lazy("Die Fälle gehören jetzt zu einem Haushalt.")

    def act(self, form: forms.Form) -> None:
        actions.join_household(self.case, self._other(form), by=self.request.member)

    def _other(self, form: forms.Form) -> Case:
        """The other case, which must be open to change as well; what is hidden is not found."""
        try:
            reference = clean_reference(form.cleaned_data["reference"])
        except ValueError as error:
            raise Refused(str(error)) from error
        member = self.request.member
        found = access.cases(member).filter(reference=reference).exclude(pk=self.case.pk).first()
        if found is None or access.categories(member, found).get(Category.FAMILY) != Level.CHANGE:
            raise Refused(
                _("Kein weiterer Fall mit diesem Geschäftszeichen, den Ihre Stelle bearbeiten darf.")
            )
        return found


detail = Detail.as_view()
history = History.as_view()
readers = Readers.as_view()
add_note = AddNote.as_view()
add_reference = AddReference.as_view()
add_member = AddMember.as_view()
remove_member = RemoveMember.as_view()
join_household = JoinHousehold.as_view()
