"""The one policy: which cases a member sees, which parts of them, and what the member may do there.

Fetching is the check. Whatever comes out of this package has passed both walls (the grants of the member's
groups, enforced again by row-level security) and has been written to the read log. What a member may not
see is ``Http404``, exactly as if it did not exist; what is seen but not allowed is ``PermissionDenied``.
"""

from agencies.access.acting import (
    SESSION_KEY,
    acting,
    acting_for,
    member_of,
    memberships_of,
    require,
)
from agencies.access.cases import (
    FRAME_NAMES,
    LEADING,
    SECTION_NAMES,
    case,
    cases,
    categories,
    count_cases,
    newest_cases,
    search,
)
from agencies.access.meetings import (
    Seen,
    attended,
    decision,
    item,
    led_item,
    may_attend,
    meeting,
    meetings,
    moderated,
    open_item,
    room,
    seen,
    tables,
)
from agencies.access.minutes import all_minutes, decided_items, minutes, minutes_copy
from agencies.access.planning import kept_table, moderated_item, table, worded_item
from agencies.access.promises import commitment, commitments, own_commitment
from agencies.access.reading import log_list, log_read, read_log
from agencies.access.referrals import (
    name_referrals,
    open_referral,
    referral,
    referral_count,
    referrals,
)

__all__ = [
    "FRAME_NAMES",
    "LEADING",
    "SECTION_NAMES",
    "SESSION_KEY",
    "Seen",
    "acting",
    "acting_for",
    "all_minutes",
    "attended",
    "case",
    "cases",
    "categories",
    "commitment",
    "commitments",
    "count_cases",
    "decided_items",
    "decision",
    "item",
    "kept_table",
    "led_item",
    "log_list",
    "log_read",
    "may_attend",
    "meeting",
    "meetings",
    "member_of",
    "memberships_of",
    "minutes",
    "minutes_copy",
    "moderated",
    "moderated_item",
    "name_referrals",
    "newest_cases",
    "open_item",
    "open_referral",
    "own_commitment",
    "read_log",
    "referral",
    "referral_count",
    "referrals",
    "require",
    "room",
    "search",
    "seen",
    "table",
    "tables",
    "worded_item",
]
