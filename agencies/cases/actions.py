"""What is done to a case: open, edit, assign, note. Each is atomic, audited, and refuses in words."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit
from agencies.cases.enums import CaseStatus
from agencies.cases.models import (
    Case,
    CaseChange,
    Disclosure,
    ForeignReference,
    Household,
    HouseholdMember,
    Note,
)
from agencies.cases.opening import NewCase, open_cases
from agencies.cases.searching import index_case
from agencies.cases.sections import SECTIONS, Section
from agencies.enums import Category, LegalBasis, Level
from agencies.errors import Conflict, Refused
from agencies.models import Membership, Team


def open_case(
    *,
    by: Membership,
    team: Team,
    identity: Mapping[str, Any],
    sections: Mapping[Category, Mapping[str, Any]] | None = None,
    manager: Membership | None = None,
    household: Household | None = None,
    foreign_reference: str = "",
    pk: UUID | str | None = None,
) -> Case:
    """Open one case led by ``team``; see ``opening.NewCase`` for what the fields mean.

    :raises Refused: the team is not one of the member's agency
    """
    entry = NewCase(
        identity=identity,
        sections=sections or {},
        manager=manager,
        household=household,
        foreign_reference=foreign_reference,
        pk=UUID(str(pk)) if pk else None,
    )
    return open_cases([entry], by=by, team=team)[0]


@transaction.atomic
def update_section(
    case: Case, category: Category, values: Mapping[str, Any], *, seen: Mapping[str, Any], by: Membership
) -> Section:
    """Write the changed fields of one section.

    :param seen: the values the user was shown; what differs meanwhile is a ``Conflict`` that names who
        changed it and when
    """
    model = SECTIONS[category]
    section = model.objects.select_for_update().filter(case=case).first()
    if section is None:
        raise Conflict(_not_led())
    changed = {name: value for name, value in values.items() if getattr(section, name) != value}
    overwritten = [name for name in changed if getattr(section, name) != seen.get(name)]
    if overwritten:
        raise Conflict(_conflict_text(case, category, model, overwritten))
    for name, value in changed.items():
        setattr(section, name, value)
    if changed:
        section.full_clean(exclude=["case"])
        section.save(update_fields=list(changed))
        if category == Category.IDENTITY:
            index_case(case)
        audit.record("case.section", case, by=by, case_id=case.pk, category=category, fields=sorted(changed))
    return section


def _conflict_text(case: Case, category: Category, model: type[Section], fields: list[str]) -> str:
    last = (
        CaseChange.objects.filter(case=case, category=category).select_related("user", "agency").latest("at")
    )
    labels = ", ".join(str(field.verbose_name) for field in model._meta.fields if field.name in fields)
    return _(
        "{who} ({agency}) hat um {time} Uhr „{fields}“ geändert. Bitte vergleichen und erneut speichern."
    ).format(
        who=last.user.get_full_name() if last.user else _("Das System"),
        agency=last.agency.short_name if last.agency else "–",
        time=timezone.localtime(last.at).strftime("%H:%M"),
        fields=labels,
    )


@transaction.atomic
def set_status(case: Case, status: CaseStatus, *, by: Membership, parked_until: date | None = None) -> Case:
    """Change the status from today; only a parked case may carry a date until which it rests."""
    if status == CaseStatus.PARKED and parked_until and parked_until <= timezone.localdate():
        raise Refused(_("Das Ende der Ruhezeit muss in der Zukunft liegen."))
    case.status = status
    case.status_since = timezone.localdate()
    case.parked_until = parked_until if status == CaseStatus.PARKED else None
    case.save(update_fields=["status", "status_since", "parked_until"])
    audit.record("case.status", case, by=by, case_id=case.pk, status=status)
    return case


@transaction.atomic
def assign(case: Case, *, team: Team, manager: Membership | None, by: Membership) -> Case:
    """Name team and case manager inside the lead agency; a change of team moves the grants with it."""
    if team.agency_id != case.lead_agency_id or by.agency_id != case.lead_agency_id:
        raise Refused(_("Team und Fallmanager/in müssen zur federführenden Stelle gehören."))
    if manager and manager.agency_id != case.lead_agency_id:
        raise Refused(_("Team und Fallmanager/in müssen zur federführenden Stelle gehören."))
    held = holding(case)
    case.lead_team, case.manager = team, manager
    case.save(update_fields=["lead_team", "manager"])
    audit.record("case.assign", case, by=by, case_id=case.pk, team=team.pk)
    if team.pk != held.recipient_team_id:
        hold_as(held, team=team, categories=held.categories, reason=_("Wechsel des Teams"), by=by)
    return case


def hold_as(
    held: Disclosure, *, team: Team, categories: Collection[str], reason: str, by: Membership
) -> Disclosure:
    """Put a holding of another team or more categories in the place of ``held``; the grants follow."""
    successor = Disclosure.objects.create(
        case_id=held.case_id,
        recipient_id=held.recipient_id,
        recipient_team=team,
        recipient_group_id=team.group_id,
        purpose=held.purpose,
        legal_basis=LegalBasis.COLLECTION,
        categories=[category for category in Category if category in categories],
        level=Level.CHANGE,
        decided_by=by,
    )
    end(held, by=by, reason=reason)
    return successor


def end(disclosure: Disclosure, *, by: Membership, reason: str) -> None:
    """Mark a disclosure as revoked; the database drops its grants in the same statement.

    :raises Conflict: it has ended meanwhile, or the case is led by others: nothing was changed
    """
    ended = Disclosure.objects.filter(pk=disclosure.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=by, revoked_reason=reason
    )
    if not ended:
        raise Conflict(_("Diese Übermittlung ist bereits beendet, oder Ihre Stelle führt den Fall nicht."))


def _not_led() -> str:
    return _("Ihr Team führt diesen Fall oder diese Daten nicht oder nicht mehr.")


@contextmanager
def _unless_handed_over() -> Iterator[None]:
    """Say in words what the database refuses: a handover was faster (trigger ``cases_still_held``)."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "handed over meanwhile" not in str(error):
            raise
        raise Conflict(_not_led()) from error


def holding(case: Case) -> Disclosure:
    """The lead's own holding of a case, locked: whoever else moves the lead waits, and is then told.

    :raises Conflict: the acting member's groups do not (any longer) lead the case
    """
    led = (
        Disclosure.objects.select_for_update().filter(case=case, level=Level.CHANGE, revoked_at=None).first()
    )
    if led is None:
        raise Conflict(_not_led())
    return led


@transaction.atomic
def add_note(case: Case, *, category: Category, text: str, by: Membership) -> Note:
    """Write a note into a category; whoever sees the category sees the note."""
    with _unless_handed_over():
        note = Note.objects.create(case=case, category=category, text=text, author=by)
    audit.record("case.note", case, by=by, case_id=case.pk, category=category)
    return note


@transaction.atomic
def add_household_member(case: Case, values: Mapping[str, Any], *, by: Membership) -> HouseholdMember:
    """Add a member of the household who has no case of their own."""
    with _unless_handed_over():
        member = HouseholdMember.objects.create(case=case, **values)
    audit.record("case.household_member", case, by=by, case_id=case.pk)
    return member


@transaction.atomic
def remove_household_member(member: HouseholdMember, *, by: Membership) -> None:
    """Take a member off the household."""
    audit.record("case.household_member_removed", member.case, by=by, case_id=member.case_id)
    member.delete()


@transaction.atomic
def add_foreign_reference(case: Case, number: str, *, by: Membership) -> ForeignReference:
    """Keep the number under which the member's own agency files the person."""
    reference, created = ForeignReference.objects.get_or_create(
        case=case, agency_id=by.agency_id, number=number
    )
    if created:
        index_case(case)
        audit.record("case.foreign_reference", case, by=by, case_id=case.pk)
    return reference


@transaction.atomic
def join_household(case: Case, other: Case, *, by: Membership) -> Case:
    """Put ``case`` into the household of ``other``; both must be open to the member."""
    case.household_id = other.household_id
    case.save(update_fields=["household"])
    audit.record("case.household", case, by=by, case_id=case.pk)
    return case
