"""A round table for tests: agencies with a seat, one person of each, a meeting and its acts."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies import access
from agencies.access.meetings import Seen
from agencies.cases.models import Case
from agencies.models import Membership
from agencies.roles import Role
from agencies.roundtable import actions
from agencies.roundtable.enums import CurtainLevel
from agencies.roundtable.models import Commitment, Item, Meeting, RoundTable
from tests import factories

SEATS = ("jobcenter", "jugendamt", "sozialamt", "auslaenderbehoerde", "kvhs")


class Table:
    """``moderator`` leads the jobcenter's team; ``people`` holds one member of every agency by slug."""

    def __init__(
        self,
        county: factories.County,
        seats: tuple[str, ...] = SEATS,
        name: str = "Runder Tisch Integration",
    ) -> None:
        self.county = county
        self.moderator = county.member("jobcenter", Role.TEAMLEITUNG)
        self.people: dict[str, Membership] = {slug: county.member(slug) for slug in seats}
        with access.acting(self.moderator):
            self.table: RoundTable = actions.found(
                by=self.moderator, agencies=[county[slug] for slug in seats], name=name
            )
            self.meeting: Meeting = actions.plan(
                self.table, by=self.moderator, starts_at=timezone.now() + timedelta(hours=1)
            )
            actions.invite(self.meeting, members=self.people.values(), by=self.moderator)

    def hold_another(self) -> Meeting:
        """A further meeting of the table, opened and closed by its moderator: there are minutes of it."""
        with access.acting(self.moderator):
            held = actions.plan(self.table, by=self.moderator, starts_at=self.meeting.starts_at)
            actions.start(held, by=self.moderator)
            actions.close(Meeting.objects.get(pk=held.pk), by=self.moderator)
            return held

    def promise(self, slug: str = "jobcenter") -> Commitment:
        """What this agency has promised in a meeting that is over."""
        by, starts_at = self.moderator, self.meeting.starts_at
        with access.acting(by):
            held = actions.plan(self.table, by=by, starts_at=starts_at)
            actions.start(held, by=by)
            topic = actions.add_topic(held, by=by, title="Kursplätze")
            decision = actions.decide(topic, text="Die Kursplätze werden gemeldet.", by=by)
            made = actions.commit(
                decision,
                by=by,
                agency=self.county[slug],
                what="Kursplätze melden",
                done_when="Die Liste liegt vor",
                due_on=timezone.localdate() + timedelta(days=7),
            )
            actions.close(Meeting.objects.get(pk=held.pk), by=by)
            return made

    def propose(self, case: Case, *, by: Membership | None = None, **fields: Any) -> Item:
        """A case on the agenda of the meeting."""
        by = by or self.people["jobcenter"]
        fields.setdefault("question", "Wie kommt der Kurs zustande?")
        with access.acting(by):
            item = actions.propose_case(self.table, case, by=by, **fields)
        with access.acting(self.moderator):
            actions.take(item, meeting=self.meeting, by=self.moderator)
            return access.item(self.moderator, item.pk)

    def plan_another(self) -> Meeting:
        """A second meeting of the same table, a week later."""
        with access.acting(self.moderator):
            starts_at = self.meeting.starts_at + timedelta(days=7)
            return actions.plan(self.table, by=self.moderator, starts_at=starts_at)

    def start(self) -> None:
        """Everybody who was invited comes."""
        with access.acting(self.moderator):
            actions.start(self.meeting, by=self.moderator)
        for person in self.people.values():
            with access.acting(person):
                actions.come(self.meeting, by=person)

    def call(self, item: Item) -> None:
        with access.acting(self.moderator):
            now = Meeting.objects.get(pk=self.meeting.pk)
            actions.call(now, item, by=self.moderator, seen=now.current_item_id)

    def leave(self) -> None:
        with access.acting(self.moderator):
            now = Meeting.objects.get(pk=self.meeting.pk)
            actions.leave(now, by=self.moderator, seen=now.current_item_id)

    def draw(self, item: Item, slug: str, level: CurtainLevel, *, by: Membership | None = None) -> None:
        """The lead opens the curtain for an agency this far."""
        by = by or self.people["jobcenter"]
        with access.acting(by):
            actions.set_curtain(item, agency=self.county[slug], level=level, by=by)

    def seen(self, item: Item, slug: str) -> Seen:
        """The item as the person of this agency sees it now."""
        person = Membership.objects.get(pk=self.people[slug].pk)
        with access.acting(person):
            return access.seen(person, [access.item(person, item.pk)])[0]
