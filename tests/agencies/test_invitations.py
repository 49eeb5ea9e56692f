"""A further membership gives nothing until the invited person takes it, and moves nobody."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies import access, actions, inviting, mails, tasks
from agencies.cases.forms.frame import colleagues
from agencies.errors import Refused
from agencies.models import Membership
from agencies.roles import Role
from tests.factories import open_case

START, SWITCH = "/arbeitsplatz/", "/konto/stelle/"


@pytest.fixture
def lead(county) -> Membership:
    """Team lead of the youth office, whom the jobcenter (first in the alphabet) invites."""
    return county.member("jugendamt", Role.TEAMLEITUNG)


@pytest.fixture
def invited(county, admin, lead) -> Membership:
    with access.acting(admin):
        return inviting.invite(
            email=lead.user.email,
            first_name="X",
            last_name="Y",
            role=Role.FALLMANAGEMENT,
            teams=[county.team("jobcenter")],
            by=admin,
        )


def page(invited: Membership) -> str:
    return f"/konto/einladung/{invited.pk}/"


def test_invitation_moves_nobody_and_gives_nothing(county, lead, invited, as_member):
    case = open_case(county.member("jobcenter"))
    client = as_member(lead)
    assert client.get(START).context["member"] == lead
    assert client.post(SWITCH, {"membership": invited.pk}).status_code == 404
    assert client.get(f"/faelle/{case.pk}/").status_code == 404
    assert list(access.memberships_of(lead.user_id)) == [lead]
    assert invited.group_ids == ()
    assert invited not in colleagues(county.member("jobcenter"))
    jobcenter = {county["jobcenter"].group_id, *county["jobcenter"].teams.values_list("group_id", flat=True)}
    assert not jobcenter & set(lead.user.groups.values_list("pk", flat=True))


def test_accepting_opens_the_agency_and_moves_nobody(lead, invited, as_member):
    client = as_member(lead)
    assert invited.agency.name in client.get(SWITCH).content.decode()
    assert "Annehmen" in client.get(page(invited)).content.decode()
    assert client.post(page(invited)).url == SWITCH
    for browser in (client, as_member(lead)):
        assert browser.get(START).context["member"] == lead
    assert client.post(page(invited)).status_code == 404
    assert client.post(SWITCH, {"membership": invited.pk}, follow=True).context["member"] == invited


def test_last_choice_counts_in_the_next_session_too(lead, invited, as_member):
    with access.acting(invited):
        inviting.accept(invited)
    as_member(lead).post(SWITCH, {"membership": invited.pk})
    assert as_member(lead).get(START).context["member"] == invited
    as_member(lead).post(SWITCH, {"membership": lead.pk})
    assert as_member(lead).get(START).context["member"] == lead


def test_only_the_invited_person_finds_the_invitation(county, admin, invited, as_member):
    for other in (admin, county.member("jugendamt", Role.EINGANG)):
        client = as_member(other)
        assert [client.get(page(invited)).status_code, client.post(page(invited)).status_code] == [404, 404]
    invited.refresh_from_db()
    assert invited.is_pending


def test_invitation_ends_like_a_mailed_link_and_comes_again(admin, lead, invited, as_member):
    client = as_member(lead)
    Membership.objects.filter(pk=invited.pk).update(invited_at=timezone.now() - timedelta(days=3, minutes=1))
    assert client.post(page(invited)).status_code == 404
    assert "Einladungen" not in client.get(SWITCH).content.decode()
    as_member(admin).post(f"/zugaenge/{invited.pk}/einladung/")
    assert client.get(page(invited)).status_code == 200


def test_declined_invitation_is_gone_and_can_be_sent_anew(admin, county, lead, invited, as_member):
    as_member(lead).post(page(invited), {"decline": "1"})
    assert not lead.user.memberships.filter(agency=admin.agency).exists()
    with access.acting(admin):
        actions.join(lead.user, admin.agency, role=Role.LEITUNG, by=admin, pending=True)


def test_list_shows_the_invitation_and_takes_it_back(admin, lead, invited, as_member):
    client = as_member(admin)
    for state, shown in (("invited", True), ("open", False), ("closed", False)):
        found = client.get("/zugaenge/", {"state": state}).context["page"].object_list
        assert (invited in found) is shown
    assert "Zurückziehen" in client.get("/zugaenge/").content.decode()
    assert "Einladung zurückziehen" in client.get(f"/zugaenge/{invited.pk}/sperren/").content.decode()
    client.post(f"/zugaenge/{invited.pk}/sperren/")
    assert not Membership.objects.filter(pk=invited.pk).exists()
    assert as_member(lead).get(START).context["member"] == lead


def test_nobody_else_can_open_it(admin, invited):
    with access.acting(admin), pytest.raises(Refused, match="noch niemand angenommen"):
        actions.reactivate_member(invited, by=admin)
    with pytest.raises(IntegrityError, match="membership_works_once_accepted"), transaction.atomic():
        Membership.objects.filter(pk=invited.pk).update(is_active=True)


def test_who_works_nowhere_any_more_can_still_accept(admin, county, lead, invited, as_member):
    with access.acting(closer := county.member("jugendamt", Role.VERWALTUNG)):
        actions.deactivate_member(lead, by=closer)
    with access.acting(admin):
        inviting.resend_invitation(Membership.objects.get(pk=invited.pk), by=admin)
    lead.user.refresh_from_db()
    client = as_member(lead)
    text = client.get(START).content.decode()
    assert page(invited) in text
    assert "keiner Stelle zugeordnet" not in text
    client.post(page(invited))
    assert client.get(START).context["member"] == invited


def test_mail_leads_to_the_page_and_names_nobody(lead, invited, settings):
    tasks.send_invitation(membership=invited.pk)
    (sent,) = mail.outbox
    assert settings.SITE_URL + page(invited) in sent.body
    assert lead.agency.name not in sent.body
    assert lead.user.last_name not in sent.body


def test_head_and_data_protection_hear_of_a_role_that_reads_cases(county, lead, admin, invited, as_member):
    overseers = [county.member("jobcenter", role) for role in (Role.LEITUNG, Role.DATENSCHUTZ)]
    jobs = ProcrastinateJob.objects.filter(task_name="agencies.tell_oversight")
    assert [job.args for job in jobs] == [{"agency": admin.agency_id}]
    tasks.tell_oversight(agency=admin.agency_id)
    (sent,) = mail.outbox
    assert sent.to == sorted(member.user.email for member in overseers)
    assert not {lead.user.last_name, lead.user.first_name, lead.user.email} & set(sent.body.split())
    for overseer in overseers:
        text = as_member(overseer).get(START).content.decode()
        assert lead.user.get_full_name() in text
        assert "noch nicht angenommen" in text
    assert lead.user.get_full_name() not in as_member(county.member("jobcenter")).get(START).content.decode()


def test_change_to_a_role_that_reads_cases_is_told_once(county, admin):
    worker = county.member("jobcenter", Role.REDAKTION)
    team = county.team("jobcenter")
    with access.acting(admin):
        for role in (Role.LEITUNG, Role.FALLMANAGEMENT, Role.FALLMANAGEMENT):
            actions.change_member(worker, role=role, teams=[team], by=admin)
    assert ProcrastinateJob.objects.filter(task_name="agencies.tell_oversight").count() == 1


def test_agency_without_overseers_gets_no_mail(county):
    mails.tell_oversight(county["kvhs"])
    assert mail.outbox == []
