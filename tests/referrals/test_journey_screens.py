"""Both sides walk through the loop by the screens, while a third agency sees nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies import access
from agencies.enums import Category, LegalBasis, Purpose
from agencies.models import Membership
from agencies.referrals import actions
from agencies.referrals.enums import Act, DeclineReason, Outcome, State
from agencies.referrals.models import Referral
from agencies.roles import Role
from tests.referrals.loop import Loop


def login(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def now(loop: Loop) -> Referral:
    """The newest referral as its sender finds it."""
    with access.acting(loop.sender):
        return Referral.objects.order_by("-created_at").first()


def press(client: Client, referral: Referral, act: Act, **values):
    """Send the form of an act as the page of this version would."""
    address = reverse("referrals:act", args=[referral.pk, act])
    return client.post(address, {"seen": referral.version, **values})


def day(ahead: int) -> str:
    return f"{timezone.localdate() + timedelta(days=ahead):%d.%m.%Y}"


def text_of(response) -> str:
    return response.content.decode()


def write(loop: Loop, client: Client, **changes):
    """Steps 1 and 2 of a new referral, as far as the preview."""
    step1 = client.get(reverse("referrals:new"), {"fall": loop.case.pk})
    assert step1.status_code == 200
    address = f"{reverse('referrals:terms')}?fall={loop.case.pk}&an={loop.agency.pk}"
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in ("purpose", "preset", "legal_basis", "token")}
    values |= {"categories": form["categories"].value(), "valid_until": day(90)}
    values |= {"request": "Bitte beraten.", "necessity": "Für die Beratung.", "preview": "1"}
    return client.post(address, values | changes)


def test_whole_loop_by_the_screens(loop):
    sender, recipient, stranger = map(login, (loop.sender, loop.recipient, loop.stranger))

    def sees_nothing():
        referral = now(loop)
        assert stranger.get(referral.get_absolute_url()).status_code == 404
        for page in ("inbox", "outbox", "export_inbox", "export_outbox"):
            shown = text_of(stranger.get(reverse(f"referrals:{page}")))
            assert "Geheimnis" not in shown
            assert loop.case.reference not in shown

    step3 = write(loop, sender)
    draft = now(loop)
    assert step3.url == reverse("referrals:preview", args=[draft.pk])
    sees_nothing()
    assert recipient.get(draft.get_absolute_url()).status_code == 404

    assert sender.post(step3.url, {"seen": draft.version}).url == draft.get_absolute_url()
    sees_nothing()
    assert "Geheimnis" in text_of(recipient.get(reverse("referrals:inbox")))
    assert "Geheimnis" in text_of(recipient.get(draft.get_absolute_url()))
    assert now(loop).state == State.RECEIVED

    press(recipient, now(loop), Act.ASK, text="Seit wann?")
    assert "Seit wann?" in text_of(sender.get(draft.get_absolute_url()))
    press(sender, now(loop), Act.ANSWER, text="Seit Mai.")
    assert "Seit Mai." in text_of(recipient.get(draft.get_absolute_url()))
    sees_nothing()

    press(recipient, now(loop), Act.ACCEPT)
    press(recipient, now(loop), Act.START)
    press(recipient, now(loop), Act.RECORD_OUTCOME, outcome=Outcome.ACHIEVED, text="Kita gefunden.")
    assert "Kita gefunden." in text_of(sender.get(draft.get_absolute_url()))
    assert "Geheimnis" in text_of(recipient.get(draft.get_absolute_url()))
    press(sender, now(loop), Act.CLOSE, end_disclosure="on")
    assert now(loop).state == State.CLOSED
    assert "Geheimnis" not in text_of(recipient.get(draft.get_absolute_url()))
    sees_nothing()
    assert sender.get(reverse("referrals:inbox")).context["counts"] == {"sender": 0, "recipient": 0}


def test_preview_shows_what_the_recipient_gets(loop):
    referral = loop.at(State.DRAFT, categories=[Category.IDENTITY])
    sender = login(loop.sender)
    preview = sender.get(reverse("referrals:preview", args=[referral.pk])).context["released"].parts
    sender.post(reverse("referrals:preview", args=[referral.pk]), {"seen": referral.version})
    received = login(loop.recipient).get(referral.get_absolute_url())
    assert received.context["released"].parts == preview
    assert "Geheimnis" in text_of(received)
    assert "0170 4711" not in text_of(received)


def test_snapshot_is_read_after_the_notice_only(push):
    referral = push.at(State.SENT)
    client = login(push.recipient)
    before = text_of(client.get(referral.get_absolute_url()))
    assert "Zweckbindung" in before
    assert "Geheimnis" not in before
    assert "Geheimnis" not in text_of(client.get(reverse("referrals:inbox")))
    client.post(reverse("referrals:acknowledge", args=[referral.pk]))
    after = text_of(client.get(referral.get_absolute_url()))
    assert "Geheimnis" in after
    assert reverse("cases:detail", args=[push.case.pk]) not in after
    assert "Geheimnis" in text_of(client.get(reverse("referrals:inbox")))
    # Each reader acknowledges for themselves.
    assert "Geheimnis" not in text_of(login(push.colleague).get(referral.get_absolute_url()))


def test_double_submit_writes_one_draft_and_keeps_the_later_text(loop):
    client = login(loop.sender)
    address = f"{reverse('referrals:terms')}?fall={loop.case.pk}&an={loop.agency.pk}"
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in ("purpose", "preset", "legal_basis", "token")}
    values |= {"valid_until": day(90), "save": "1"}
    client.post(address, values | {"request": "zuerst"})
    client.post(address, values | {"request": "danach"})
    with access.acting(loop.sender):
        assert [r.request for r in Referral.objects.all()] == ["danach"]


def test_sending_twice_sends_once(loop):
    client = login(loop.sender)
    draft = loop.draft()
    address = reverse("referrals:preview", args=[draft.pk])
    client.post(address, {"seen": draft.version})
    assert client.post(address, {"seen": draft.version}).url == draft.get_absolute_url()
    assert [r.state for r in loop.seen_by(loop.recipient)] == [State.SENT]


def test_conflict_names_who_was_faster_and_keeps_the_text(loop):
    referral = loop.at(State.RECEIVED)
    loop.do(Act.ACCEPT, referral, loop.recipient)
    answer = press(login(loop.colleague), referral, Act.ASK, text="Wie viele Kinder?")
    assert answer.status_code == 409
    shown = text_of(answer)
    assert loop.recipient.name in shown
    assert "Wie viele Kinder?" in shown
    assert now(loop).state == State.ACCEPTED


def test_declining_leads_to_a_prefilled_draft(loop):
    referral = loop.at(State.DECLINED)
    client = login(loop.sender)
    page = text_of(client.get(referral.get_absolute_url()))
    assert reverse("referrals:offer_next", args=[referral.pk]) in page
    address = reverse("referrals:offer_next", args=[referral.pk])
    to = f"{loop.county['sozialamt'].pk}-"
    first, again = client.post(address, {"an": to}), client.post(address, {"an": to})
    draft = now(loop)
    assert first.url == again.url == reverse("referrals:revise", args=[draft.pk])
    form = client.get(first.url).context["form"]
    assert form["request"].value() == "Bitte die Familie Geheimnis beraten."
    assert draft.previous_id == referral.pk


def test_parking_after_no_capacity(loop):
    referral = loop.at(State.DECLINED)
    press(login(loop.sender), referral, Act.PARK, until=day(60))
    assert now(loop).parked_until == timezone.localdate() + timedelta(days=60)


def test_fix_data_leads_to_the_case(loop):
    referral = loop.at(State.RECEIVED)
    with access.acting(loop.recipient):
        actions.decline(referral, reason=DeclineReason.DATA_MISSING, by=loop.recipient)
    shown = text_of(login(loop.sender).get(referral.get_absolute_url()))
    assert "Angaben im Fall berichtigen" in shown
    assert reverse("cases:detail", args=[loop.case.pk]) in shown


def test_agreeing_to_reroute_leads_to_the_new_draft(loop):
    referral = loop.at(State.RECEIVED)
    press(login(loop.recipient), referral, Act.PROPOSE_REROUTE, agency=loop.county["sozialamt"].pk)
    client = login(loop.sender)
    assert client.get(reverse("referrals:act", args=[referral.pk, Act.CONFIRM_REROUTE])).status_code == 200
    answer = press(client, now(loop), Act.CONFIRM_REROUTE)
    draft = now(loop)
    assert answer.url == reverse("referrals:revise", args=[draft.pk])
    assert draft.recipient == loop.county["sozialamt"]
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_page_for_both_sides(loop, state):
    referral = loop.at(state)
    for member in (loop.sender, loop.recipient):
        answer = login(member).get(referral.get_absolute_url(), follow=True)
        hidden = state == State.DRAFT and member == loop.recipient
        assert answer.status_code == (404 if hidden else 200)


@pytest.mark.parametrize(
    "state", [State.RECEIVED, State.STARTED, State.OUTCOME, State.DROPPED_OUT, State.DECLINED]
)
def test_every_act_on_offer_has_a_form(loop, state):
    referral = loop.at(state)
    for member in (loop.sender, loop.recipient):
        client = login(member)
        page = client.get(referral.get_absolute_url()).context
        offered = [page["leading"], *page["beside"], *page["more"]]
        for button in filter(None, offered):
            name = button.get("page", "referrals:act")
            arguments = [referral.pk] if "page" in button else [referral.pk, button["act"]]
            assert client.get(reverse(name, args=arguments)).status_code == 200


def test_reopening_needs_a_reason(loop):
    referral = loop.at(State.CLOSED)
    answer = press(login(loop.sender), referral, Act.REOPEN, reason=" ")
    assert answer.context["form"].errors.keys() == {"reason"}
    press(login(loop.sender), referral, Act.REOPEN, reason="Doch noch Bedarf.")
    assert now(loop).state == State.ACCEPTED


def test_health_needs_consent_and_a_reason_and_is_never_ticked(loop):
    client = login(loop.sender)
    answer = write(loop, client, further=["health"])
    assert answer.context["form"].errors.keys() == {"beyond_reason", "legal_basis"}
    assert "health" not in answer.context["form"]["categories"].value()
    answer = write(
        loop, client, further=["health"], beyond_reason="Reha", legal_basis=LegalBasis.CONSENT.value
    )
    assert answer.status_code == 302
    assert Category.HEALTH in now(loop).categories


def test_another_purpose_brings_other_boxes_and_keeps_the_text(loop):
    answer = write(loop, login(loop.sender), purpose=Purpose.BENEFIT_CLAIM.value, request="Mein langer Text")
    form = answer.context["form"]
    assert form["categories"].value() == ["identity", "contact", "family", "benefits"]
    assert form["request"].value() == "Mein langer Text"
    with access.acting(loop.sender):
        assert not Referral.objects.exists()


def test_immigration_authority_gets_no_health_data(loop):
    authority = loop.county["auslaenderbehoerde"]
    address = f"{reverse('referrals:terms')}?fall={loop.case.pk}&an={authority.pk}"
    page = login(loop.county.member("jobcenter", Role.TEAMLEITUNG)).get(address)
    assert page.status_code == 200
    assert "namentlich" in text_of(page)
    form = page.context["form"]
    assert [value for value, _ in form.fields["further"].choices if value == "health"] == []
