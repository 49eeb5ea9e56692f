"""Cases that propose themselves: which, at which table, once, and not again after a no."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

from agencies import access
from agencies.cases import disclosing
from agencies.cases.models import Case
from agencies.enums import Category, LegalBasis, Purpose
from agencies.referrals import tasks as clocks
from agencies.referrals.enums import State
from agencies.roundtable import actions, tasks
from agencies.roundtable.enums import ItemState, Trigger
from agencies.roundtable.models import Item, ItemCase, Seat
from tests.factories import open_case, share
from tests.referrals.loop import Loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def escalated(table: Any) -> Case:
    """A case of the jobcenter whose referral to the youth office nobody answers."""
    loop = Loop(table.county)
    sent = loop.at(State.SENT)
    clocks.run_clocks(sent.escalate_on)  # type: ignore[arg-type]
    return loop.case


def expiring(table: Any, *, days: int = 10, consent: bool = True) -> Case:
    """A case whose transmission to the youth office ends soon."""
    lead = table.people["jobcenter"]
    case = open_case(lead, family_name="Geheimnis")
    if consent:
        consented(table, case, to="jugendamt", days=days)
    else:
        share(case, Category.IDENTITY, to=table.county["jugendamt"], by=lead, days=days)
    return case


def consented(table: Any, case: Case, *, to: str, days: int) -> None:
    lead = table.people["jobcenter"]
    with access.acting(lead):
        disclosing.disclose(
            case,
            recipient=table.county[to],
            purpose=Purpose.ADVICE,
            legal_basis=LegalBasis.CONSENT,
            categories=[Category.IDENTITY],
            necessity="Beratung",
            beyond_reason="Im Gespräch vereinbart.",
            valid_until=timezone.now() + timedelta(days=days),
            by=lead,
        )


def run(table: Any, *, days: int = 0) -> int:
    return tasks.run_triggers(timezone.localdate() + timedelta(days=days), table.county.agencies.values())


def proposed(table: Any) -> dict[str, str]:
    with access.acting(table.people["jobcenter"]):
        rows = Item.objects.filter(state=ItemState.PROPOSED, meeting=None)
        return {str(row.subject.case_id): row.trigger for row in rows.select_related("subject")}


def the_item(table: Any) -> Item:
    with access.acting(table.moderator):
        return Item.objects.get(trigger=Trigger.ESCALATED)


def test_escalated_referral_of_the_lead_is_proposed_once(table, escalated):
    assert [run(table) for _ in range(3)] == [1, 0, 0]
    assert proposed(table) == {str(escalated.pk): "escalated"}


def test_nothing_is_proposed_without_a_reason(table):
    Loop(table.county).at(State.SENT)
    expiring(table, days=60)
    expiring(table, days=5, consent=False)

    assert (run(table), proposed(table)) == (0, {})


def test_consent_that_ends_soon_is_proposed(table):
    case = expiring(table)

    assert (run(table), proposed(table)) == (1, {str(case.pk): "consent_expiring"})


def test_proposal_is_as_pseudonymous_as_any(table, escalated):
    run(table)
    item = the_item(table)
    with access.acting(table.people["kvhs"]):
        others = Item.objects.filter(pk=item.pk).count(), ItemCase.objects.filter(pk=item.pk).count()

    assert others == (1, 0)
    assert (item.pseudonym, item.title, item.proposed_by) == ("", "", None)
    assert item.proposed_agency == table.county["jobcenter"]
    assert "Geheimnis" not in item.question
    assert escalated.reference not in item.question


def test_table_that_cannot_help_is_left_alone(table, escalated):
    with access.acting(table.moderator):
        Seat.objects.filter(agency=table.county["jugendamt"]).delete()

    assert run(table) == 0


def test_what_waits_already_is_not_proposed_again(table, escalated):
    with access.acting(table.people["jobcenter"]):
        actions.propose_case(table.table, escalated, by=table.people["jobcenter"], question="Wie weiter?")

    assert run(table) == 0


def test_what_stands_on_an_agenda_is_not_proposed_again(table, escalated):
    table.propose(escalated)

    assert run(table) == 0


@pytest.mark.parametrize(("days", "again"), [(29, 0), (31, 1)])
def test_a_no_holds_for_thirty_days(table, escalated, days, again):
    run(table)
    with access.acting(table.moderator):
        actions.reject(the_item(table), by=table.moderator)
    later = timezone.now() + timedelta(days=days)
    with patch("agencies.roundtable.triggers.timezone.now", lambda: later):
        assert run(table) == again


def test_a_no_to_one_reason_is_none_to_another(table, escalated):
    run(table)
    with access.acting(table.moderator):
        actions.reject(the_item(table), by=table.moderator)
    consented(table, escalated, to="sozialamt", days=5)

    assert (run(table), proposed(table)) == (1, {str(escalated.pk): "consent_expiring"})


def test_many_cases_do_not_bury_the_moderator(table):
    for _ in range(13):
        expiring(table)

    assert [run(table), run(table)] == [10, 0]
    assert len(proposed(table)) == 10
