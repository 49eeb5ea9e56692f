"""Writing the audit log: one entry per act, ids and codes only."""

from typing import Any
from uuid import UUID

from django.db.models import Model

from agencies.models import Agency, AuditEntry, Membership


def record_denied(by: Membership, address: str, ids: dict[str, str]) -> AuditEntry:
    """Write that ``by`` asked for something that is hidden or not allowed.

    :param address: the name of the address asked for, never its query
    :param ids: the ids in it, which may be guessed and name nothing
    """
    return AuditEntry.objects.create(
        user_id=by.user_id, agency_id=by.agency_id, verb="access.denied", target=address[:80], detail=ids
    )


def record(
    verb: str,
    target: Model,
    *,
    by: Membership | None,
    agency: Agency | None = None,
    case_id: UUID | None = None,
    **detail: Any,
) -> AuditEntry:
    """Write that ``by`` did ``verb`` to ``target``; ``detail`` must not hold personal data.

    ``by`` is None for what the system does by itself (expiry, reminders); ``agency`` then names the
    agency it acted for.
    """
    return AuditEntry.objects.create(
        user_id=by.user_id if by else None,
        agency_id=by.agency_id if by else (agency.pk if agency else None),
        verb=verb,
        target=f"{target._meta.label_lower}:{target.pk}",
        case_id=case_id,
        detail=detail,
    )
