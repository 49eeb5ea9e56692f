"""Closing a referral ends what the recipient may read, unless the sender says why it shall go on."""

import pytest
from django.urls import reverse

from agencies import access
from agencies.cases.models import CaseGrant
from agencies.errors import Refused
from agencies.referrals import actions, clocks
from agencies.referrals.enums import Act, Outcome, State
from agencies.referrals.models import Referral
from agencies.referrals.options import possible_acts
from agencies.referrals.transitions import end_disclosure
from tests.referrals.loop import Loop
from tests.referrals.test_box_screens import login

pytestmark = pytest.mark.django_db


def close(loop: Loop, referral: Referral, **values: str) -> Referral:
    with access.acting(loop.sender):
        return actions.close(referral, outcome=Outcome.ACHIEVED, by=loop.sender, **values)


def is_read(loop: Loop, referral: Referral) -> bool:
    """Whether the recipient still reads the case, or the copy."""
    with access.acting(loop.recipient):
        if not clocks.disclosure_is_active(referral):
            return False
        return (
            not loop.agency.may_browse or CaseGrant.objects.filter(content_object=referral.case_id).exists()
        )


@pytest.mark.parametrize("state", [State.OUTCOME, State.DROPPED_OUT])
@pytest.mark.parametrize("name", ["loop", "push"])
def test_closing_ends_the_disclosure(request, name, state):
    loop = request.getfixturevalue(name)
    referral = loop.at(state)
    assert is_read(loop, referral)
    closed = close(loop, referral)
    assert (closed.state, is_read(loop, closed)) == (State.CLOSED, False)
    with access.acting(loop.sender):
        closed.disclosure.refresh_from_db()
        assert (closed.disclosure.revoked_by, closed.disclosure.revoked_reason) == (
            loop.sender,
            "abgeschlossen",
        )


def test_with_a_reason_the_recipient_reads_on_and_the_history_says_why(loop):
    closed = close(loop, loop.at(State.OUTCOME), text="Danke", keep_reason="Nachbetreuung bis Juni")
    assert is_read(loop, closed)
    with access.acting(loop.sender):
        event = closed.events.get(act=Act.CLOSE)
    assert event.text == "Danke\nDie Daten bleiben lesbar: Nachbetreuung bis Juni"


def test_drop_out_alone_leaves_the_decision_to_the_sender(loop):
    assert is_read(loop, loop.at(State.DROPPED_OUT))


def test_recipient_cannot_end_the_disclosure_of_a_closed_referral(loop):
    closed = close(loop, loop.at(State.OUTCOME), keep_reason="Nachbetreuung")
    with access.acting(loop.recipient):
        end_disclosure(closed)
    assert is_read(loop, closed)


def test_closed_for_good_is_referred_anew_not_reopened(loop):
    closed = close(loop, loop.at(State.OUTCOME))
    page = login(loop.sender).get(closed.get_absolute_url())
    shown = {button["act"] for button in [page.context["leading"], *page.context["beside"]] if button}
    assert (Act.REOPEN in shown, Act.OFFER_NEXT in shown) == (False, True)
    assert "der Zugriff ist beendet" in page.content.decode()
    assert Act.REOPEN in possible_acts(closed, loop.sender)
    with access.acting(loop.sender), pytest.raises(Refused, match="neu"):
        actions.reopen(closed, reason="Doch noch.", by=loop.sender)


def form_of(loop: Loop, referral: Referral, **data: str):
    url = reverse("referrals:act", args=[referral.pk, Act.CLOSE])
    client = login(loop.sender)
    return client.post(url, {"seen": referral.version, **data}) if data else client.get(url)


def test_form_ticks_the_box_and_asks_why_not(loop):
    referral = loop.at(State.OUTCOME)
    page = form_of(loop, referral)
    assert page.context["form"]["end_disclosure"].value() is True
    assert "Datenübermittlung jetzt beenden" in page.content.decode()
    refused = form_of(loop, referral, text="Fertig", keep_reason=" ")
    assert refused.context["form"].errors.keys() == {"keep_reason"}
    assert is_read(loop, referral)
    assert form_of(loop, referral, end_disclosure="on", text="Fertig").status_code == 302
    assert not is_read(loop, referral)


def test_form_keeps_the_data_readable_with_a_reason(loop):
    referral = loop.at(State.OUTCOME)
    assert form_of(loop, referral, keep_reason="Nachbetreuung").status_code == 302
    assert is_read(loop, referral)


def test_form_asks_nothing_where_the_data_have_ended(loop):
    form = form_of(loop, loop.at(State.DECLINED)).context["form"]
    assert form.fields.keys() == {"seen", "outcome", "text"}


@pytest.mark.parametrize("box", ["export_inbox", "export_outbox"])
@pytest.mark.parametrize("query", ["state=krumm", "team=999999", "agency=krumm", "holder=someone"])
def test_no_file_for_a_wrong_filter(loop, box, query):
    loop.at(State.SENT)
    with_rights = loop.sender if box == "export_outbox" else loop.recipient
    address = reverse(f"referrals:{box}")
    assert login(with_rights).get(f"{address}?{query}").status_code == 400
    assert login(with_rights).get(f"{address}?state=all").status_code == 200


def test_no_file_for_a_team_of_another_agency(loop):
    team = loop.county.team("jugendamt")
    address = f"{reverse('referrals:export_outbox')}?team={team.pk}"
    assert login(loop.sender).get(address).status_code == 400
