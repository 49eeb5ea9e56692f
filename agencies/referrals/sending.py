"""The sender's first half: draft, revise, send, and offer anew after a refusal."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit
from agencies.cases import disclosing
from agencies.cases.models import Case, CaseGrant
from agencies.cases.sharing import Usual, bases_for, purposes_for, usual
from agencies.enums import Category, LegalBasis, Level, Purpose
from agencies.errors import Refused
from agencies.models import Agency, Membership, Team
from agencies.referrals import clocks, mails, presenting, recipients
from agencies.referrals.enums import Act, MessageKind, State
from agencies.referrals.models import Referral, Snapshot, SnapshotContent
from agencies.referrals.transitions import begin, finish, lock, locked_rows, say
from agencies.roles import Permission

#: How long released data are visible where the sharing matrix names no usual time.
DEFAULT_DAYS = 90


@transaction.atomic
def draft(
    case: Case,
    *,
    recipient: Agency,
    team: Team | None = None,
    purpose: Purpose,
    legal_basis: LegalBasis,
    categories: Collection[Category],
    necessity: str = "",
    beyond_reason: str = "",
    valid_until: date,
    request: str = "",
    previous: Referral | None = None,
    pk: UUID | None = None,
    by: Membership,
) -> Referral:
    """Write a referral down; nobody outside the team that leads the case sees it.

    :param pk: the id a form has chosen beforehand, so that a form sent twice writes one draft
    :raises Refused: the case is led by another agency, or the team is not the recipient's
    """
    if not by.may(Permission.SEND_REFERRALS):
        raise Refused(_("Ihre Rolle darf keine Überweisungen schreiben."))
    if case.lead_agency_id != by.agency_id:
        raise Refused(_("Nur die federführende Stelle überweist."))
    referral = Referral(
        pk=pk or uuid4(),
        case=case,
        case_reference=case.reference,
        previous=previous,
        sender_id=by.agency_id,
        sender_team_id=case.lead_team_id,
        sender_group_id=case.lead_team.group_id,
        sender_member=by,
        state_since=timezone.now(),
    )
    _fill(
        referral,
        recipient=recipient,
        team=team,
        purpose=purpose,
        legal_basis=legal_basis,
        categories=categories,
        necessity=necessity,
        beyond_reason=beyond_reason,
        valid_until=valid_until,
        request=request,
    )
    referral.save(force_insert=True)
    audit.record("referral.draft", referral, by=by, case_id=case.pk)
    return referral


@transaction.atomic
def revise(referral: Referral, *, by: Membership, seen: int | None = None, **values: Any) -> Referral:
    """Change a draft; takes what ``draft`` takes (recipient, team, purpose … request), all of it."""
    locked = begin(referral, Act.REVISE, by=by, seen=seen)
    _fill(locked, **values)
    locked.sender_member = by
    if not recipients.may_decide(by, locked.recipient):
        locked.submitted_at = None  # what is decided about is what was laid before
    locked.version += 1
    locked.save()
    return locked


@transaction.atomic
def submit(referral: Referral, *, by: Membership, seen: int | None = None) -> Referral:
    """Lay a draft before those who may send it: towards the immigration authority a named human decides.

    :raises Refused: it could not be sent as it stands
    """
    locked = begin(referral, Act.SUBMIT, by=by, seen=seen)
    _check_sending(locked, _own_case(locked))
    locked.submitted_at = timezone.now()
    locked.version += 1
    locked.save()
    audit.record("referral.submit", locked, by=by, case_id=locked.case_id)
    mails.tell_deciders(locked)
    return locked


@transaction.atomic
def discard(referral: Referral, *, by: Membership, seen: int | None = None) -> None:
    """Throw a draft away."""
    locked = begin(referral, Act.DISCARD, by=by, seen=seen)
    audit.record("referral.discard", locked, by=by, case_id=locked.case_id)
    # A draft has no events, messages or snapshot; the collector would look for them in tables where the
    # application may delete nothing.
    Referral.objects.filter(pk=locked.pk)._raw_delete("default")
    # Locked like any other, and missing where the lead has moved out of the member's sight.
    previous = locked_rows().filter(pk__in=[locked.previous_id], followed_up_at__isnull=False).first()
    if previous and not previous.successors.exists():
        _follow_up(previous, None)


@transaction.atomic
def send(referral: Referral, *, by: Membership, seen: int | None = None) -> Referral:
    """Send a draft: from now on the recipient sees it, and exactly the categories it names.

    Makes the disclosure (its rules hold: norm, necessity, reasons, immigration authority, health) and,
    for a recipient that may not browse, the snapshot. The clocks start.

    :raises Refused: a rule of disclosure forbids it, or the same request is open there already
    """
    locked = begin(referral, Act.SEND, by=by, seen=seen)
    case = _own_case(locked)
    _check_sending(locked, case)
    disclosure = disclosing.disclose(
        case,
        recipient=locked.recipient,
        team=locked.recipient_team,
        purpose=Purpose(locked.purpose),
        legal_basis=LegalBasis(locked.legal_basis),
        categories={Category(category) for category in locked.categories},
        necessity=locked.necessity,
        beyond_reason=locked.beyond_reason,
        valid_until=end_of(locked.valid_until),
        by=by,
    )
    request = locked.request
    sent = finish(
        locked,
        Act.SEND,
        by=by,
        disclosure=disclosure,
        sent_at=timezone.now(),
        sender_member=by,
        sender_team_id=case.lead_team_id,
        sender_group_id=case.lead_team.group_id,
        request="",
    )
    say(sent, MessageKind.REQUEST, request, by=by)
    if not sent.recipient.may_browse:
        _take_snapshot(sent, case)
    mails.tell_recipient(sent, mails.Notice.NEW)
    return sent


@transaction.atomic
def offer_next(
    referral: Referral,
    *,
    recipient: Agency,
    team: Team | None = None,
    by: Membership,
    seen: int | None = None,
) -> Referral:
    """After an end without success: a new draft to another agency (or the same), filled in already.

    Boxes and norm start from what is usual for the new recipient; the sender looks at the draft, changes
    what needs changing and sends it. Asked twice, by a double click or by two members, it is one draft.
    """
    now = lock(referral)
    group = team.group_id if team else recipient.group_id
    begun = now.successors.filter(state=State.DRAFT, recipient_group_id=group).first()
    locked = begin(now if begun else referral, Act.OFFER_NEXT, by=by, seen=None if begun else seen)
    if begun:
        return begun
    draft = successor(locked, recipient=recipient, team=team, by=by)
    _follow_up(locked, timezone.now())
    return draft


def successor(locked: Referral, *, recipient: Agency, team: Team | None = None, by: Membership) -> Referral:
    """A draft that repeats a referral towards another recipient."""
    case = _own_case(locked)
    _check_recipient(recipient, team)
    first = locked.messages.filter(kind=MessageKind.REQUEST).first()
    again = recipient.pk == locked.recipient_id
    purpose = Purpose(locked.purpose)
    if not again and purpose not in purposes_for(recipient.kind):
        purpose = next(iter(purposes_for(recipient.kind)), purpose)
    row = usual(recipient.kind, purpose)
    return draft(
        case,
        recipient=recipient,
        team=team,
        purpose=purpose,
        legal_basis=LegalBasis(locked.legal_basis) if again else _basis(recipient, purpose),
        categories=_start_categories(locked, row, again=again),
        necessity=locked.necessity,
        beyond_reason=locked.beyond_reason if again else "",
        valid_until=timezone.localdate() + timedelta(days=row.days if row else DEFAULT_DAYS),
        request=first.text if first else "",
        previous=locked,
        by=by,
    )


def end_of(day: date) -> datetime:
    """The last moment of a day: data "visible until" a day are visible all through it."""
    return timezone.make_aware(datetime.combine(day, time.max))


def _start_categories(locked: Referral, row: Usual | None, *, again: bool) -> Collection[Category]:
    if again:
        return {Category(category) for category in locked.categories}
    return row.categories if row else ()


def _follow_up(locked: Referral, at: datetime | None) -> None:
    """Note that a new referral takes the place of this one (or no longer does); it rests then."""
    locked.followed_up_at = at
    locked.version += 1
    clocks.restart(locked)
    locked.save()


def _own_case(locked: Referral) -> Case:
    case = Case.objects.select_related("lead_team").filter(pk=locked.case_id).first()
    if case is None or case.lead_agency_id != locked.sender_id:
        raise Refused(_("Den Fall führt jetzt eine andere Stelle."))
    return case


def _basis(recipient: Agency, purpose: Purpose) -> LegalBasis:
    row = usual(recipient.kind, purpose)
    return row.legal_basis if row else bases_for(recipient.kind)[0]


def _fill(referral: Referral, *, recipient: Agency, team: Team | None, **values: Any) -> None:
    if recipient.pk == referral.sender_id:
        raise Refused(_("Innerhalb der eigenen Stelle braucht es keine Überweisung."))
    if team and team.agency_id != recipient.pk:
        raise Refused(_("Das Team gehört nicht zu der gewählten Stelle."))
    referral.recipient, referral.recipient_team = recipient, team
    referral.recipient_group_id = team.group_id if team else recipient.group_id
    wanted = values.pop("categories")
    referral.categories = [category for category in Category if category in wanted]
    for name, value in values.items():
        setattr(referral, name, value)


def _check_sending(locked: Referral, case: Case) -> None:
    if not locked.request.strip():
        raise Refused(_("Bitte schreiben Sie, worum es geht."))
    if not locked.necessity.strip():
        raise Refused(_("Bitte begründen Sie, warum die Stelle die Daten braucht."))
    if locked.valid_until < timezone.localdate():
        raise Refused(_("Das Ende der Sichtbarkeit liegt in der Vergangenheit."))
    _check_recipient(locked.recipient, locked.recipient_team)
    held = CaseGrant.objects.filter(content_object=case, level=Level.CHANGE).values_list(
        "category", flat=True
    )
    if missing := set(locked.categories) - set(held):
        labels = ", ".join(str(category.label) for category in Category if category in missing)
        raise Refused(_("Ihre Stelle führt diese Daten nicht selbst: {labels}.").format(labels=labels))


def _check_recipient(recipient: Agency, team: Team | None) -> None:
    if not recipient.is_active or (team and not team.is_active):
        raise Refused(_("Diese Stelle nimmt zurzeit keine Überweisungen an."))


def _take_snapshot(sent: Referral, case: Case) -> None:
    snapshot = Snapshot.objects.create(referral=sent, taken_at=timezone.now())
    SnapshotContent.objects.bulk_create(
        SnapshotContent(snapshot=snapshot, category=part.category, rows=part.data())
        for part in presenting.preview(case, sent.recipient, sent.categories)
    )
