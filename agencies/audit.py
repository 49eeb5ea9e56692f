"""Writing the audit log: one entry per act, ids and codes only."""

from typing import Any
from uuid import UUID

from django.db.models import Model

from agencies.models import Agency, AuditEntry, Membership


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
