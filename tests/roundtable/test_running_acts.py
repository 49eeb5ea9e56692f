"""What is done at the table while a meeting runs, by whom, and what is answered to who comes too late."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies import access
from agencies.enums import Category
from agencies.models import Membership
from agencies.referrals.models import Referral
from agencies.roles import Role
from agencies.roundtable import actions
from agencies.roundtable.enums import CurtainLevel, ItemState, MeetingState, TextKind
from agencies.roundtable.models import Commitment, Decision, Item, ItemText, Meeting, Participant
from tests.factories import open_case, share

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def item(table):
    lead = table.people["jobcenter"]
    case = open_case(lead, family_name="Rahimi")
    share(case, Category.IDENTITY, Category.LANGUAGE, to=table.county["jugendamt"], by=lead)
    found = table.propose(case)
    table.draw(found, "jugendamt", CurtainLevel.IDENTITY)
    table.draw(found, "kvhs", CurtainLevel.SUMMARY)
    return found


def now(table) -> Meeting:
    with access.acting(table.moderator):
        return Meeting.objects.get(pk=table.meeting.pk)


@pytest.fixture
def post(table):
    """POST as the person of an agency, or as the moderator."""

    def send(who: str, name: str, *args, headers=None, **data):
        person = table.moderator if who == "moderator" else table.people[who]
        args = args or (table.meeting.pk,)
        return signed_in(person).post(reverse(f"roundtable:{name}", args=args), data, headers=headers)

    return send


# Coming, going, moderating


def test_come_and_go_open_and_close_the_curtain(table, item, post):
    table.start()
    table.call(item)
    seen = [table.seen(item, "kvhs").level]
    post("kvhs", "go")
    seen.append(table.seen(item, "kvhs").level)
    post("kvhs", "come")
    seen.append(table.seen(item, "kvhs").level)

    assert seen == [CurtainLevel.SUMMARY, CurtainLevel.PSEUDONYM, CurtainLevel.SUMMARY]


def test_only_the_moderator_marks_others_as_gone(table, item, post):
    table.start()
    member = table.people["kvhs"].pk
    refused = post("jugendamt", "go", member=member)
    with access.acting(table.moderator):
        still = Participant.objects.get(meeting=table.meeting, member=member).present_since
    post("moderator", "go", member=member)
    with access.acting(table.moderator):
        gone = Participant.objects.get(meeting=table.meeting, member=member).present_since

    assert (refused.status_code, still is None, gone) == (403, False, None)


def test_calling_an_item_that_another_has_called_is_told(table, item, post):
    table.start()
    second = table.propose(open_case(table.people["jobcenter"], family_name="Kovalenko"))
    first = post("moderator", "call", item=item.pk, seen="", headers=HTMX)
    late = post("moderator", "call", item=second.pk, seen="", headers=HTMX)

    assert (first.status_code, late.status_code) == (204, 409)
    assert json.loads(late.headers["HX-Trigger"])["toast"]["text"].startswith("Inzwischen wurde ein anderer")
    assert now(table).current_item_id == item.pk


def test_calling_an_item_that_is_gone_is_told(table, item, post):
    table.start()
    with access.acting(table.moderator):
        topic = actions.add_topic(table.meeting, by=table.moderator, title="Ferien")
        actions.put_back(access.item(table.moderator, topic.pk), by=table.moderator)
    answer = post("moderator", "call", item=topic.pk, seen="", headers=HTMX)

    assert answer.status_code == 409
    assert "nicht mehr auf der Tagesordnung" in json.loads(answer.headers["HX-Trigger"])["toast"]["text"]


@pytest.mark.parametrize(("more", "state"), [({}, ItemState.DONE), ({"deferred": "1"}, ItemState.DEFERRED)])
def test_leaving_an_item(table, item, post, more, state):
    table.start()
    table.call(item)
    answer = post("moderator", "leave", seen=item.pk, **more)

    assert answer.status_code == 302
    with access.acting(table.moderator):
        assert Item.objects.get(pk=item.pk).state == state
    assert now(table).current_item_id is None


def test_others_do_not_moderate(table, item, post):
    table.start()
    table.call(item)
    answers = [post("jugendamt", name, item=item.pk, seen=item.pk) for name in ("call", "leave", "close")]
    answers.append(post("jugendamt", "take_over"))

    assert [answer.status_code for answer in answers] == [403] * 4
    assert now(table).current_item_id == item.pk


def test_somebody_else_takes_over_when_the_moderator_is_gone(table, item, county):
    other = county.member("jugendamt", Role.TEAMLEITUNG)
    table.start()
    client = signed_in(other)
    client.post(reverse("roundtable:take_over", args=[table.meeting.pk]))
    answer = client.post(reverse("roundtable:call", args=[table.meeting.pk]), {"item": item.pk, "seen": ""})

    assert answer.status_code == 302
    assert (now(table).moderator_id, now(table).current_item_id) == (other.pk, item.pk)


def test_closing_leads_to_the_minutes(table, item, post):
    table.start()
    page = signed_in(table.moderator).get(reverse("roundtable:close", args=[table.meeting.pk]))
    answer = post("moderator", "close", yes="1")

    assert "Protokoll" in page.content.decode()
    assert (answer.status_code, now(table).state) == (302, MeetingState.CLOSED)


def test_acts_on_a_closed_meeting_change_nothing(table, item, post):
    table.start()
    with access.acting(table.moderator):
        actions.close(now(table), by=table.moderator)
    came = post("kvhs", "come", headers=HTMX)
    called = post("moderator", "call", item=item.pk, seen="", headers=HTMX)

    assert {came.status_code, called.status_code} <= {403, 409}
    assert now(table).state == MeetingState.CLOSED


# Texts


def saved(item) -> str:
    return ItemText.objects.get(item=item, kind=TextKind.NOTES).text


def test_notes_are_saved_and_seen_by_others(table, item, post):
    table.start()
    table.call(item)
    answer = post("kvhs", "notes", item.pk, text="Platz ab Oktober", expected=0, headers=JSON)

    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert table.seen(item, "jugendamt").notes.text == "Platz ab Oktober"


def test_two_writers_lose_nothing(table, item, post):
    table.start()
    table.call(item)
    post("kvhs", "notes", item.pk, text="Anfang\nPlatz ab Oktober", expected=0, headers=JSON)
    late = post("jugendamt", "notes", item.pk, text="Anfang\nKita ab November", expected=0, headers=JSON)
    said = late.json()
    again = post("jugendamt", "notes", item.pk, text=said["merged"], expected=said["version"], headers=JSON)

    assert (late.status_code, said["text"]) == (409, "Anfang\nPlatz ab Oktober")
    assert "hat den Text inzwischen geändert" in said["message"]
    assert again.status_code == 200
    with access.acting(table.people["kvhs"]):
        assert saved(item) == "Anfang\nPlatz ab Oktober\nKita ab November"


def test_conflict_without_javascript_shows_both_texts(table, item, post):
    table.start()
    table.call(item)
    post("kvhs", "notes", item.pk, text="Platz ab Oktober", expected=0)
    late = post("jugendamt", "notes", item.pk, text="Kita ab November", expected=0)
    page = late.content.decode()
    both = post("jugendamt", "notes", item.pk, text="Kita ab November", expected=1, merge="1")

    assert late.status_code == 409
    for words in ("Platz ab Oktober", "Kita ab November", "Meine übernehmen", "Zusammenführen"):
        assert words in page
    assert "Platz ab Oktober\nKita ab November" in both.content.decode().replace("\r\n", "\n")
    with access.acting(table.people["kvhs"]):
        assert saved(item) == "Platz ab Oktober"


def test_too_long_a_text_is_named_and_kept(table, item, post):
    table.start()
    table.call(item)
    paste = "Entwicklung " * 5_000
    answer = post("kvhs", "notes", item.pk, text=paste, expected=0, headers=JSON)
    page = post("kvhs", "notes", item.pk, text=paste, expected=0)

    assert answer.status_code == 400
    assert "höchstens 40000" in answer.json()["message"]
    assert page.content.decode().count("Entwicklung") == 5_000


def test_script_in_a_note_stays_text(table, item, post):
    table.start()
    table.call(item)
    evil = "</textarea><script>alert(1)</script>"
    post("kvhs", "notes", item.pk, text=evil, expected=0, headers=JSON)
    page = signed_in(table.people["jugendamt"]).get(reverse("roundtable:stand", args=[table.meeting.pk]))

    assert "<script>" not in page.content.decode()
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()


def test_writing_behind_a_closed_curtain_is_refused(table, item, post):
    table.start()
    table.call(item)
    closed = post("auslaenderbehoerde", "notes", item.pk, text="x", expected=0, headers=JSON)
    summary = post("jugendamt", "write_summary", item.pk, text="x", expected=0, headers=JSON)
    table.leave()
    left = post("kvhs", "notes", item.pk, text="x", expected=0, headers=JSON)

    assert [closed.status_code, summary.status_code, left.status_code] == [403, 403, 403]


def test_text_of_a_deleted_item_is_not_found(table, item, post):
    table.start()
    with access.acting(table.moderator):
        topic = actions.add_topic(table.meeting, by=table.moderator, title="Ferien")
        actions.put_back(access.item(table.moderator, topic.pk), by=table.moderator)

    assert post("kvhs", "notes", topic.pk, text="x", expected=0, headers=JSON).status_code == 404


def test_nothing_is_written_after_the_end(table, item, post):
    table.start()
    with access.acting(table.moderator):
        actions.close(now(table), by=table.moderator)

    answer = post("jobcenter", "notes", item.pk, text="x", expected=0, headers=JSON)
    assert (answer.status_code, answer.json()["message"]) == (409, "Die Sitzung ist schon beendet.")


# Decisions, commitments, referrals


def test_decision_with_the_persons_name_is_refused(table, item, post):
    table.start()
    table.call(item)
    named = post("jugendamt", "decide", item.pk, text="Frau Rahimi bekommt einen Platz.")
    good = post("jugendamt", "decide", item.pk, text="Die Volkshochschule hält einen Platz.")

    assert "Hier steht ein Name der Person" in named.content.decode()
    assert good.status_code == 302
    with access.acting(table.moderator):
        assert [decision.text for decision in Decision.objects.all()] == [
            "Die Volkshochschule hält einen Platz."
        ]


def decided(table, item) -> Decision:
    with access.acting(table.people["jobcenter"]):
        return actions.decide(
            item, text="Die Volkshochschule hält einen Platz.", by=table.people["jobcenter"]
        )


def test_commitment_of_an_agency(table, item, post, county):
    table.start()
    table.call(item)
    decision = decided(table, item)
    promise = {"agency": county["kvhs"].pk, "person": table.people["kvhs"].pk, "what": "Platz freihalten"}
    promise |= {"done_when": "Zusage liegt vor", "due_on": f"{timezone.localdate():%d.%m.%Y}"}
    wrong = post("jugendamt", "commit", decision.pk, **promise | {"agency": county["jugendamt"].pk})
    good = post("jugendamt", "commit", decision.pk, **promise)

    assert "gehört nicht zur zusagenden Stelle" in wrong.content.decode()
    assert good.status_code == 302
    with access.acting(table.people["kvhs"]):
        assert [made.what for made in Commitment.objects.all()] == ["Platz freihalten"]


def test_who_is_not_there_records_nothing(table, item, post):
    table.start()
    table.call(item)
    decision = decided(table, item)
    post("kvhs", "go")

    assert post("kvhs", "decide", item.pk, text="x").status_code == 403
    assert post("kvhs", "commit", decision.pk).status_code == 403


def test_lead_refers_from_a_decision_in_one_click(table, item, post, county):
    table.start()
    table.call(item)
    decision = decided(table, item)
    answer = post("jobcenter", "refer", decision.pk, agency=county["jugendamt"].pk)

    with access.acting(table.people["jobcenter"]):
        draft = Referral.objects.get()
    assert answer.url == reverse("referrals:revise", args=[draft.pk])
    assert (draft.recipient, draft.request) == (county["jugendamt"], decision.text)
    assert Category.IDENTITY in draft.categories


@pytest.mark.parametrize(("who", "status"), [("jugendamt", 403), ("kvhs", 403)])
def test_others_do_not_refer(table, item, post, county, who, status):
    table.start()
    table.call(item)
    answer = post(who, "refer", decided(table, item).pk, agency=county["sozialamt"].pk)
    assert answer.status_code == status


def test_referring_to_oneself_or_to_nobody_fails(table, item, post, county):
    table.start()
    table.call(item)
    decision = decided(table, item)
    wanted = [county["jobcenter"].pk, 10**17, "x", ""]
    found = [post("jobcenter", "refer", decision.pk, agency=value).status_code for value in wanted]

    assert found == [403, 404, 404, 404]
