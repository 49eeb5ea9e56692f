"""Towards the immigration authority a case manager prepares, and a named decider sends (§ 71 (2) SGB X)."""

import pytest
from django.core import mail
from django.urls import reverse

from agencies import access
from agencies.cases.models import Disclosure
from agencies.enums import Category, LegalBasis, Purpose
from agencies.errors import Conflict, Refused
from agencies.models import AuditEntry, Membership
from agencies.referrals import actions, tasks
from agencies.referrals.enums import Act, State
from agencies.referrals.mails import Notice
from agencies.referrals.models import Referral
from agencies.roles import Role
from tests.factories import County
from tests.referrals.loop import Loop
from tests.referrals.test_box_screens import login

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop(county: County) -> Loop:
    return Loop(county, to="auslaenderbehoerde")


@pytest.fixture
def lead(loop: Loop) -> Membership:
    return loop.county.member("jobcenter", Role.TEAMLEITUNG)


@pytest.fixture
def draft(loop: Loop) -> Referral:
    return loop.draft(
        purpose=Purpose.RESIDENCE_QUESTION,
        legal_basis=LegalBasis.RESIDENCE_LAW,
        beyond_reason="Nur zur Identifikation.",
    )


def preview_of(draft: Referral) -> str:
    return reverse("referrals:preview", args=[draft.pk])


def submitted(draft: Referral, loop: Loop) -> Referral:
    with access.acting(loop.sender):
        return actions.submit(draft, by=loop.sender)


def panel(member: Membership) -> list[Referral]:
    return login(member).get(reverse("referrals:panel_due")).context["rows"]


def test_case_manager_reaches_the_form_and_is_told_who_decides(loop):
    client = login(loop.sender)
    listed = client.get(f"{reverse('referrals:new')}?fall={loop.case.pk}").content.decode()
    assert "Sie bereiten vor, Ihre Teamleitung entscheidet" in listed
    page = client.get(f"{reverse('referrals:terms')}?fall={loop.case.pk}&an={loop.agency.pk}")
    assert page.status_code == 200
    assert "Ihre Teamleitung entscheidet namentlich" in page.content.decode()


def test_draft_goes_from_the_case_manager_over_the_panel_to_the_decider(loop, lead, draft):
    desk = login(loop.sender)
    page = desk.get(preview_of(draft)).content.decode()
    assert ("Zur Entscheidung vorlegen" in page, "Überweisung senden" in page) == (True, False)
    assert panel(lead) == []
    assert desk.post(preview_of(draft), {"seen": draft.version}).url == reverse("referrals:outbox")
    assert "zur Entscheidung" in desk.get(reverse("referrals:outbox")).content.decode()
    assert panel(lead) == [draft]
    assert panel(loop.sender) == []

    page = login(lead).get(preview_of(draft))
    assert f"Vorbereitet von {loop.sender.name}" in page.content.decode()
    answer = login(lead).post(preview_of(draft), {"seen": page.context["referral"].version})
    assert answer.url == draft.get_absolute_url()
    assert panel(lead) == []
    with access.acting(lead):
        sent = Referral.objects.get(pk=draft.pk)
        assert (sent.state, sent.sender_member_id) == (State.SENT, lead.pk)
        assert Disclosure.objects.get(pk=sent.disclosure_id).decided_by_id == lead.pk


def test_case_manager_cannot_send(loop, draft):
    with access.acting(loop.sender), pytest.raises(Refused, match="Teamleitung"):
        actions.send(submitted(draft, loop), by=loop.sender)


def test_decider_has_nothing_to_submit(loop, lead, draft):
    with access.acting(lead), pytest.raises(Refused):
        actions.submit(draft, by=lead)


def test_elsewhere_nobody_submits(loop):
    other = loop.draft(recipient=loop.county["jugendamt"], purpose=Purpose.YOUTH_WELFARE, beyond_reason="Ja.")
    with access.acting(loop.sender), pytest.raises(Refused):
        actions.submit(other, by=loop.sender)


def test_unfinished_draft_is_not_laid_before_anyone(loop, draft):
    with access.acting(loop.sender):
        bare = actions.revise(draft, by=loop.sender, **loop.terms(request=""))
        with pytest.raises(Refused, match="worum es geht"):
            actions.submit(bare, by=loop.sender)


def test_changed_draft_is_submitted_anew_and_the_decider_sees_what_changed(loop, lead, draft):
    seen = submitted(draft, loop)
    terms = loop.terms(purpose=Purpose.RESIDENCE_QUESTION, categories=[Category.IDENTITY])
    with access.acting(loop.sender):
        assert actions.revise(seen, by=loop.sender, **terms).submitted_at is None
    assert panel(lead) == []
    with access.acting(lead), pytest.raises(Conflict):
        actions.send(seen, by=lead)


def test_decider_may_change_it_and_send_later(loop, lead, draft):
    with access.acting(lead):
        changed = actions.revise(
            submitted(draft, loop), by=lead, **loop.terms(purpose=Purpose.RESIDENCE_QUESTION)
        )
    assert changed.submitted_at
    assert panel(lead) == [draft]


def test_lead_of_another_team_hears_and_sees_nothing(loop, draft):
    other = loop.county.member("sozialamt", Role.TEAMLEITUNG)
    submitted(draft, loop)
    assert panel(other) == []
    assert login(other).get(preview_of(draft)).status_code == 404


def test_deciders_are_told_without_a_name(loop, lead, draft):
    lead.user.email = "leitung@example.org"
    lead.user.save()
    submitted(draft, loop)
    tasks.send_notice(notice=Notice.DECISION, agency=loop.sender.agency_id, side="sender", member=lead.pk)
    (message,) = mail.outbox
    assert message.to == ["leitung@example.org"]
    assert "1 Überweisung liegt Ihnen zur Entscheidung vor." in message.body
    assert "Geheimnis" not in message.body


def test_submitting_is_audited(loop, draft):
    submitted(draft, loop)
    with access.acting(loop.sender):
        assert AuditEntry.objects.filter(verb="referral.submit", user=loop.sender.user).count() == 1


def test_clocks_leave_a_submitted_draft_alone(loop, draft):
    submitted(draft, loop)
    assert tasks.run_clocks(draft.valid_until) == []
    with access.acting(loop.sender):
        assert Act.SUBMIT not in {event.act for event in draft.events.all()}
