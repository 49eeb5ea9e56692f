"""What each agency sees of a case before, while and after the table speaks about it."""

import pytest
from django.db import connection
from django.utils import timezone

from agencies import access
from agencies.cases import disclosing
from agencies.enums import Category, LegalBasis
from agencies.errors import Conflict, Refused
from agencies.models import Membership
from agencies.roundtable import actions
from agencies.roundtable.enums import CurtainLevel, TextKind
from agencies.roundtable.models import ItemCase, ItemText, Meeting, Opening
from tests.factories import open_case, share

SUMMARY = "Kommt wegen der Kinderbetreuung nicht zum Kurs."


@pytest.fixture
def case(table):
    return open_case(table.people["jobcenter"], family_name="Rahimi")


@pytest.fixture
def item(table, case):
    """On the agenda, with a summary; the youth office may know who it is."""
    share(
        case,
        Category.IDENTITY,
        Category.LANGUAGE,
        to=table.county["jugendamt"],
        by=table.people["jobcenter"],
    )
    found = table.propose(case)
    with access.acting(table.people["jobcenter"]):
        actions.write(found, TextKind.SUMMARY, SUMMARY, by=table.people["jobcenter"], expected=0)
    table.draw(found, "jugendamt", CurtainLevel.IDENTITY)
    table.draw(found, "sozialamt", CurtainLevel.IDENTITY)
    table.draw(found, "kvhs", CurtainLevel.SUMMARY)
    return found


def levels(table, item):
    return {slug: table.seen(item, slug).level.value for slug in table.people}


CLOSED = {
    "jobcenter": "identity",
    "jugendamt": "pseudonym",
    "sozialamt": "pseudonym",
    "auslaenderbehoerde": "pseudonym",
    "kvhs": "pseudonym",
}
OPEN = CLOSED | {"jugendamt": "identity", "sozialamt": "summary", "kvhs": "summary"}


def test_curtain_opens_on_calling_and_closes_on_leaving(table, item):
    before = levels(table, item)
    table.start()
    started = levels(table, item)
    table.call(item)
    called = levels(table, item)
    table.leave()

    assert before == started == CLOSED
    # The social office may see all, but no disclosure carries more than the summary.
    assert called == OPEN
    assert levels(table, item) == CLOSED


def test_name_and_summary_follow_the_curtain(table, item):
    table.start()
    table.call(item)
    found = {slug: table.seen(item, slug) for slug in table.people}

    assert {slug: seen.name for slug, seen in found.items()} == {
        "jobcenter": "Rahimi, Mohammed",
        "jugendamt": "Rahimi, Mohammed",
        "sozialamt": "",
        "auslaenderbehoerde": "",
        "kvhs": "",
    }
    assert {slug for slug, seen in found.items() if seen.summary and seen.summary.text == SUMMARY} == {
        "jobcenter",
        "jugendamt",
        "sozialamt",
        "kvhs",
    }


def test_database_shows_texts_behind_the_open_curtain_only(table, item):
    def readable():
        found = {}
        for slug, person in table.people.items():
            with access.acting(person):
                found[slug] = (
                    ItemText.objects.filter(item=item).exists(),
                    ItemCase.objects.filter(item=item).exists(),
                )
        return found

    before = readable()
    table.start()
    table.call(item)

    assert before == {
        "jobcenter": (True, True),
        "jugendamt": (False, True),
        "sozialamt": (False, False),
        "auslaenderbehoerde": (False, False),
        "kvhs": (False, False),
    }
    assert readable() == before | {
        "jugendamt": (True, True),
        "sozialamt": (True, False),
        "kvhs": (True, False),
    }


def test_those_who_are_not_there_see_nothing(table, item):
    table.start()
    table.call(item)
    with access.acting(table.people["jugendamt"]):
        actions.go(table.meeting, by=table.people["jugendamt"])

    assert table.seen(item, "jugendamt").level == CurtainLevel.PSEUDONYM


def test_colleague_of_another_team_of_the_lead_sees_the_pseudonym(table, item, county):
    other = county.member("jobcenter", table.people["jobcenter"].role)
    stranger = Membership.objects.get(pk=other.pk)
    stranger.teams.set([county.team("jobcenter", 2)])
    table.start()
    table.call(item)

    assert table.seen(item, "jobcenter").level == CurtainLevel.PSEUDONYM


def test_ended_disclosure_closes_the_curtain_at_once(table, item, case):
    table.start()
    table.call(item)
    version = Meeting.objects.values_list("version", flat=True)
    lead = table.people["jobcenter"]
    with access.acting(lead):
        before = version.get(pk=table.meeting.pk)
        given = case.disclosures.get(recipient=table.county["jugendamt"])
        disclosing.revoke(given, by=lead, reason="Zweck erfüllt")
        after = version.get(pk=table.meeting.pk)

    assert after > before
    assert table.seen(item, "jugendamt").level == CurtainLevel.SUMMARY


def test_closed_access_closes_the_curtain_at_once(table, item):
    table.start()
    table.call(item)
    Membership.objects.filter(pk=table.people["kvhs"].pk).update(is_active=False)

    with access.acting(table.moderator):
        still = Opening.objects.filter(item=item, closed_at=None).values_list("agency__slug", flat=True)
        assert set(still) == {"jobcenter", "jugendamt", "sozialamt"}


def test_who_could_see_what_at_a_moment_is_one_query(table, item, django_assert_num_queries):
    table.start()
    table.call(item)
    moment = timezone.now()
    table.leave()

    with access.acting(table.moderator), django_assert_num_queries(1):
        seeing = dict(
            Opening.objects.filter(item=item, opened_at__lte=moment)
            .exclude(closed_at__lte=moment)
            .values_list("member__agency__slug", "level")
        )
    # The team lead of the jobcenter and its case manager are both there.
    assert seeing == {
        "jobcenter": "identity",
        "jugendamt": "identity",
        "sozialamt": "summary",
        "kvhs": "summary",
    }


def test_those_who_may_not_browse_get_the_summary_at_most(table, item):
    with pytest.raises(Refused, match="§ 79 SGB X"):
        table.draw(item, "auslaenderbehoerde", CurtainLevel.IDENTITY)


def test_only_the_lead_draws_the_curtain(table, item):
    person = table.people["jugendamt"]
    with access.acting(person), pytest.raises(Exception, match="row-level security"):
        actions.set_curtain(
            item, agency=table.county["auslaenderbehoerde"], level=CurtainLevel.SUMMARY, by=person
        )


def test_groups_in_sql_are_those_in_python(table):
    for person in (table.moderator, *table.people.values()):
        with connection.cursor() as cursor:
            cursor.execute("SELECT groups_of_member(%s)", [person.pk])
            assert set(cursor.fetchone()[0]) == set(person.group_ids)


def test_pseudonyms_differ_between_meetings(table, item):
    first = item.pseudonym
    with access.acting(table.moderator):
        actions.put_back(access.item(table.moderator, item.pk), by=table.moderator)
        again = access.item(table.moderator, item.pk)
        assert again.pseudonym == ""
        actions.take(again, meeting=table.meeting, by=table.moderator)
    assert first


def test_new_lead_does_not_read_what_the_former_one_wrote(table, item, case):
    former, new = table.people["jobcenter"], table.people["jugendamt"]
    with access.acting(former):
        disclosing.move_lead(
            access.case(former, case.pk),
            team=new.teams.get(),
            categories=list(Category),
            legal_basis=LegalBasis.CONSENT,
            necessity="Zuständigkeit gewechselt.",
            by=former,
        )
    table.start()
    table.call(item)
    seen = table.seen(item, "jugendamt")

    assert (seen.level, seen.summary) == (CurtainLevel.IDENTITY, None)
    with access.acting(new), pytest.raises(Conflict):
        actions.write(item, TextKind.SUMMARY, "Neu", by=new, expected=0)
