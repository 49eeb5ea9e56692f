"""Passing data on, ending it, and handing over the lead: the acts that decide who sees a case."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit
from agencies.cases.actions import end, hold_as, holding
from agencies.cases.models import SECTIONS, Case, Disclosure, Household
from agencies.cases.sharing import bases_for, beyond_usual
from agencies.enums import (
    BROWSING_KINDS,
    SPECIAL_CATEGORIES,
    AgencyKind,
    Category,
    LegalBasis,
    Level,
    Purpose,
)
from agencies.errors import Refused
from agencies.models import Agency, Membership, Team
from agencies.roles import Permission


@transaction.atomic
def disclose(
    case: Case,
    *,
    recipient: Agency,
    team: Team | None = None,
    purpose: Purpose,
    legal_basis: LegalBasis,
    categories: Collection[Category],
    necessity: str,
    beyond_reason: str = "",
    valid_until: datetime,
    by: Membership,
) -> Disclosure:
    """Pass the named categories of a case on to a recipient until a date.

    Bodies of § 35 SGB I see the live categories from the next request on; for everybody else the
    disclosure alone shows nothing: they read the snapshot made with a referral.

    :param necessity: why the recipient needs the data; kept with the disclosure
    :param beyond_reason: why categories beyond the usual ones are needed; required if there are any
    :raises Refused: a rule forbids it; the text says which
    """
    check_disclosure(recipient, purpose, legal_basis, set(categories), beyond_reason, by=by)
    if team and team.agency_id != recipient.pk:
        raise Refused(_("Das Team gehört nicht zur empfangenden Stelle."))
    disclosure = Disclosure.objects.create(
        case=case,
        sender_id=by.agency_id,
        recipient=recipient,
        recipient_team=team,
        recipient_group_id=team.group_id if team else recipient.group_id,
        purpose=purpose,
        legal_basis=legal_basis,
        categories=[category for category in Category if category in categories],
        necessity="\n\n".join(filter(None, [necessity.strip(), beyond_reason.strip()])),
        valid_until=valid_until,
        decided_by=by,
    )
    audit.record("disclosure.grant", disclosure, by=by, case_id=case.pk, recipient=recipient.pk)
    return disclosure


def check_disclosure(
    recipient: Agency,
    purpose: Purpose,
    legal_basis: LegalBasis,
    categories: set[Category],
    beyond_reason: str,
    *,
    by: Membership,
) -> None:
    """Raise ``Refused`` where the rules of disclosure are broken (§§ 67b, 69, 71, 76 SGB X, Art. 9 GDPR)."""
    if not by.may(Permission.DISCLOSE):
        raise Refused(_("Ihre Rolle darf keine Daten übermitteln."))
    if recipient.pk == by.agency_id:
        raise Refused(_("Die eigene Stelle braucht keine Übermittlung."))
    if not categories:
        raise Refused(_("Wählen Sie mindestens eine Datenkategorie aus."))
    if legal_basis not in bases_for(recipient.kind):
        raise Refused(_("Diese Rechtsgrundlage trägt keine Übermittlung an diese Stelle."))
    if recipient.kind == AgencyKind.IMMIGRATION_AUTHORITY:
        _check_immigration(categories, by=by)
    if beyond_usual(recipient.kind, purpose, categories) and not beyond_reason.strip():
        raise Refused(_("Mehr als die üblichen Daten brauchen eine eigene Begründung."))
    if categories & SPECIAL_CATEGORIES and legal_basis != LegalBasis.CONSENT:
        raise Refused(_("Gesundheitsdaten gehen nur mit Einwilligung der Person weiter (Art. 9 DSGVO)."))


def _check_immigration(categories: set[Category], *, by: Membership) -> None:
    if not by.may(Permission.DISCLOSE_IMMIGRATION):
        raise Refused(
            _("Über Übermittlungen an die Ausländerbehörde entscheidet die Teamleitung (§ 71 Abs. 2 SGB X).")
        )
    if categories & SPECIAL_CATEGORIES:
        raise Refused(
            _("Gesundheitsdaten werden der Ausländerbehörde nicht übermittelt (§ 71 Abs. 2, § 76 SGB X).")
        )


@transaction.atomic
def revoke(disclosure: Disclosure, *, reason: str, by: Membership) -> None:
    """End a disclosure now; it counts from the recipient's next request on.

    :raises Refused: it is the lead's own holding, or has ended already
    """
    if disclosure.level == Level.CHANGE:
        raise Refused(_("Die eigene Aktenführung endet nur durch Abgabe der Federführung."))
    if not disclosure.is_active:
        raise Refused(_("Diese Übermittlung ist bereits beendet."))
    end(disclosure, by=by, reason=reason)
    audit.record("disclosure.revoke", disclosure, by=by, case_id=disclosure.case_id)


@transaction.atomic
def move_lead(
    case: Case,
    *,
    team: Team,
    categories: Collection[Category],
    legal_basis: LegalBasis,
    necessity: str,
    by: Membership,
) -> Case:
    """Hand the lead of a case to a team of another agency, with the named categories.

    What is not handed over leaves the case with the handover and is kept as the former lead's record
    (``RetainedRecord``); the new lead begins it anew with ``collect_anew``. The former lead sees the case no
    more; other agencies keep what was disclosed to them, so it has to be handed over or ended first. One
    transaction: the case has exactly one lead at any time.

    :raises Refused: same agency, no identity or reason, somebody still sees what would stay behind, or the
        rules of disclosure forbid it
    :raises Conflict: another member was faster, or the member's teams do not lead the case
    """
    if team.agency_id == by.agency_id:
        raise Refused(_("Innerhalb der Stelle ändern Sie das Team, nicht die Federführung."))
    if Category.IDENTITY not in categories:
        raise Refused(_("Ohne Identität kann keine Stelle den Fall führen."))
    if not (reason := necessity.strip()):
        raise Refused(_("Die Abgabe braucht eine Begründung."))
    check_disclosure(team.agency, Purpose.HANDOVER, legal_basis, set(categories), reason, by=by)
    held = holding(case)
    _check_nobody_is_cut_off(case, categories)
    Disclosure.objects.create(
        case=case,
        sender_id=by.agency_id,
        recipient=team.agency,
        recipient_team=team,
        recipient_group_id=team.group_id,
        purpose=Purpose.HANDOVER,
        legal_basis=legal_basis,
        categories=[category for category in Category if category in categories],
        level=Level.CHANGE,
        necessity=reason,
        decided_by=by,
    )
    case.lead_agency, case.lead_team, case.manager = team.agency, team, None
    case.save(update_fields=["lead_agency", "lead_team", "manager"])
    kept = [category for category in held.categories if category not in categories]
    audit.record("case.move_lead", case, by=by, case_id=case.pk, to=team.agency_id, kept=kept)
    end(held, by=by, reason=_("Abgabe der Federführung"))
    return case


def _check_nobody_is_cut_off(case: Case, categories: Collection[Category]) -> None:
    """Refuse to leave behind what another agency sees at this moment."""
    open_ones = Disclosure.objects.filter(
        case=case,
        level=Level.VIEW,
        revoked_at=None,
        valid_until__gt=timezone.now(),
        recipient__kind__in=BROWSING_KINDS,
    ).select_related("recipient")
    seen: dict[str, set[str]] = {}
    for disclosure in open_ones:
        for category in set(disclosure.categories) - set(categories):
            seen.setdefault(category, set()).add(disclosure.recipient.short_name)
    if seen:
        parts = [
            f"{category.label} ({', '.join(sorted(seen[category]))})"
            for category in Category
            if category in seen
        ]
        raise Refused(
            _(
                "Diese Daten sehen zurzeit noch andere Stellen: {parts}. Übergeben Sie sie mit, oder beenden "
                "Sie vorher die Freigabe."
            ).format(parts=", ".join(parts))
        )


@transaction.atomic
def collect_anew(case: Case, categories: Collection[Category], *, by: Membership) -> Disclosure:
    """Begin sections that were not handed over, empty, as the lead's own collection (§ 67a SGB X).

    :raises Refused: the lead holds all of them already
    :raises Conflict: another member was faster, or the member's teams do not lead the case
    """
    held = holding(case)
    added = [category for category in Category if category in set(categories) - set(held.categories)]
    if not added:
        raise Refused(_("Diese Daten führt Ihre Stelle bereits."))
    wider = hold_as(
        held,
        team=case.lead_team,
        categories=[*held.categories, *added],
        reason=_("Erhebung weiterer Daten"),
        by=by,
    )
    for category in added:
        SECTIONS[category].objects.create(case=case)
    if Category.FAMILY in added and case.household_id is None:
        case.household = Household.objects.create()
        case.save(update_fields=["household"])
    audit.record("case.collect", case, by=by, case_id=case.pk, categories=added)
    return wider
