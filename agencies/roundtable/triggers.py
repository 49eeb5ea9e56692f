"""Cases that propose themselves: what has got stuck or is about to run out, for the moderator to decide.

Runs for one lead agency after the other, which sees its own cases only; a proposal is as pseudonymous as
any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit
from agencies.cases.enums import CaseStatus
from agencies.cases.models import Disclosure
from agencies.enums import LegalBasis, Level
from agencies.models import Agency
from agencies.referrals.enums import OPEN_STATES
from agencies.referrals.models import Referral
from agencies.roundtable.enums import ItemKind, ItemState, MeetingState, Trigger
from agencies.roundtable.models import Item, ItemCase, RoundTable

#: How long before its end a transmission of data is worth a word.
AHEAD = timedelta(days=14)
#: How long the same reason stays quiet after it was turned down or spoken about.
QUIET = timedelta(days=30)
#: So many proposals of one agency may wait unseen at one table: the rest keeps until they are decided.
AT_MOST = 10
WAITING = (ItemState.PROPOSED, ItemState.PLANNED)


@dataclass(frozen=True)
class Reason:
    """A case, why it belongs before a table, and the agency without which the table cannot help."""

    case: UUID
    trigger: Trigger
    other: Agency
    question: str


@transaction.atomic
def propose(agency: Agency, today: date) -> list[Item]:
    """Put the agency's cases that need a table among the proposals; runs in ``access.acting_for(agency)``.

    A case waits once at a table, whatever the reason; the same reason is quiet for 30 days after it.
    """
    tables = _tables(agency)
    made = []
    for reason in (*_escalated(agency), *_expiring(agency, today)):
        table = next((row for row in tables if reason.other.pk in row.seated), None)  # type: ignore[attr-defined]
        if table and not _is_known(table, reason) and _waiting(table, agency) < AT_MOST:
            made.append(_propose(table, reason, agency))
    return made


def _tables(agency: Agency) -> list[RoundTable]:
    """The agency's tables, the one that meets next first; each with the ids of who sits there."""
    found = RoundTable.objects.filter(is_active=True, seats__agency=agency).prefetch_related("seats")
    tables = {row.pk: row for row in found}
    coming = RoundTable.objects.filter(
        pk__in=tables,
        meetings__starts_at__gte=timezone.now(),
        meetings__state__in=[MeetingState.DRAFT, MeetingState.INVITED],
    ).order_by("meetings__starts_at")
    order = [*dict.fromkeys([*coming.values_list("pk", flat=True), *tables])]
    for row in tables.values():
        row.seated = {seat.agency_id for seat in row.seats.all()}  # type: ignore[attr-defined]
    return [tables[pk] for pk in order]


def _escalated(agency: Agency) -> Iterator[Reason]:
    """Referrals of the lead that nobody has answered in spite of the escalation."""
    rows = Referral.objects.filter(
        sender=agency, case__lead_agency=agency, escalated_at__isnull=False, state__in=OPEN_STATES
    )
    for row in rows.select_related("recipient").order_by("escalated_at", "pk"):
        question = _("Eine Überweisung ist überfällig. Was braucht {agency}, damit es weitergeht?")
        yield Reason(
            row.case_id,
            Trigger.ESCALATED,
            row.recipient,
            question.format(agency=row.recipient.short_name),
        )


def _expiring(agency: Agency, today: date) -> Iterator[Reason]:
    """What ends soon and is still needed: consents, and transmissions an open referral rests upon."""
    rows = Disclosure.objects.filter(
        Q(legal_basis=LegalBasis.CONSENT) | Q(referral__state__in=OPEN_STATES),
        sender=agency,
        level=Level.VIEW,
        case__lead_agency=agency,
        revoked_at=None,
        valid_until__gt=timezone.now(),
        valid_until__date__lte=today + AHEAD,
    ).exclude(case__status=CaseStatus.CLOSED)
    for row in rows.select_related("recipient").order_by("valid_until", "pk"):
        question = _(
            "Die Datenübermittlung an {agency} endet am {day}. Wird sie weiter gebraucht, und auf welcher "
            "Grundlage?"
        )
        day = timezone.localtime(row.valid_until).strftime("%d.%m.%Y")
        yield Reason(
            row.case_id,
            Trigger.CONSENT_EXPIRING,
            row.recipient,
            question.format(agency=row.recipient.short_name, day=day),
        )


def _is_known(table: RoundTable, reason: Reason) -> bool:
    """Whether the case waits at this table already, or the same reason was before it lately."""
    since = timezone.now() - QUIET
    lately = Q(rejected_at__gte=since) | Q(created_at__gte=since, rejected_at=None)
    items = Item.objects.filter(table=table, subject__case=reason.case)
    waiting = Q(state__in=WAITING) & (Q(meeting=None) | ~Q(meeting__state=MeetingState.CANCELLED))
    return items.filter(waiting | Q(trigger=reason.trigger) & lately).exists()


def _waiting(table: RoundTable, agency: Agency) -> int:
    proposals = Item.objects.filter(table=table, proposed_agency=agency, meeting=None)
    return proposals.filter(state=ItemState.PROPOSED).exclude(trigger=Trigger.BY_HAND).count()


def _propose(table: RoundTable, reason: Reason, agency: Agency) -> Item:
    item = Item.objects.create(
        table=table,
        kind=ItemKind.CASE,
        trigger=reason.trigger,
        question=reason.question,
        proposed_agency=agency,
    )
    ItemCase.objects.create(item=item, case_id=reason.case)
    audit.record("item.propose", item, by=None, agency=agency, case_id=reason.case, reason=reason.trigger)
    return item
