"""What runs out in the cases a member manages: rests, permits, approvals, courses, disclosures."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import access
from agencies.cases.enums import CaseStatus, CourseStatus
from agencies.cases.models import Case, Disclosure
from agencies.cases.presentation import last_day
from agencies.enums import Category, Level
from agencies.models import Membership

HORIZON_DAYS = 30
#: So many rows are read for the panel at most; whoever has more due works through the oldest first.
LIMIT = 200


@dataclass(frozen=True)
class Deadline:
    """One date in one case, what ends then, and the category that tells (empty: the frame)."""

    day: date
    what: str
    case: Case
    category: str = ""

    @property
    def name(self) -> str:
        identity = getattr(self.case, "identity", None)
        return identity.name if identity else ""


def of_member(member: Membership) -> list[Deadline]:
    """Everything due within the horizon or overdue, oldest first, in 2 queries and the member's groups.

    A category that is hidden from the member has no row here, so its dates never show.
    """
    last = timezone.localdate() + timedelta(days=HORIZON_DAYS)
    found = [deadline for case in _cases(member, last) for deadline in _in_case(case, last)]
    found += [_end_of(disclosure) for disclosure in _disclosures(member, last)]
    return sorted(found, key=lambda deadline: (deadline.day, deadline.case.reference))


def _cases(member: Membership, last: date) -> list[Case]:
    due = (
        Q(status=CaseStatus.PARKED, parked_until__lte=timezone.localdate())
        | Q(residence__valid_until__lte=last)
        | Q(benefits__approved_until__lte=last)
        | Q(language__course_ends_on__lte=last, language__course_status=CourseStatus.ATTENDING)
    )
    mine = access.cases(member).filter(manager=member).exclude(status=CaseStatus.CLOSED)
    sections = ("residence", "benefits", "language")
    return list(mine.filter(due).select_related(*sections).order_by("opened_at", "pk")[:LIMIT])


def _in_case(case: Case, last: date) -> list[Deadline]:
    residence, benefits, language = (
        getattr(case, name, None) for name in ("residence", "benefits", "language")
    )
    course = language if language and language.course_status == CourseStatus.ATTENDING else None
    dates = [
        (case.parked_until, _("Wiedervorlage"), ""),
        (residence and residence.valid_until, _("Aufenthaltstitel endet"), Category.RESIDENCE),
        (benefits and benefits.approved_until, _("Bewilligung endet"), Category.BENEFITS),
        (course and course.course_ends_on, _("Kurs endet"), Category.LANGUAGE),
    ]
    limits = {_("Wiedervorlage"): timezone.localdate()}
    return [
        Deadline(day, what, case, category)
        for day, what, category in dates
        if day and day <= limits.get(what, last)
    ]


def _disclosures(member: Membership, last: date) -> list[Disclosure]:
    found = Disclosure.objects.filter(
        case__manager=member,
        sender_id=member.agency_id,
        level=Level.VIEW,
        revoked_at=None,
        valid_until__gt=timezone.now(),
        valid_until__date__lte=last,
    ).exclude(case__status=CaseStatus.CLOSED)
    return list(found.select_related("case__identity", "recipient").order_by("valid_until", "pk")[:LIMIT])


def _end_of(disclosure: Disclosure) -> Deadline:
    what = _("Freigabe an %(agency)s endet") % {"agency": disclosure.recipient.short_name}
    assert disclosure.valid_until  # the query asks for it
    return Deadline(last_day(disclosure.valid_until), what, disclosure.case)


def log(member: Membership, shown: list[Deadline]) -> None:
    """Write down which names and dates a member has been shown."""
    named = {deadline.case.pk for deadline in shown if deadline.name}
    categories = {Category.IDENTITY, *(deadline.category for deadline in shown if deadline.category)}
    access.log_read(member, sorted(named), sorted(categories), surface="list")
