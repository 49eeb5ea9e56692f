"""Members are managed in one's own agency only, and every change counts at once."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies import access
from agencies.models import AuditEntry, Membership, User
from agencies.roles import Role
from tests.factories import make_member

LIST, INVITE = "/zugaenge/", "/zugaenge/einladen/"


@pytest.fixture
def invitation(county):
    """A complete form; tests change what they are about."""
    return {
        "first_name": "Olha",
        "last_name": "Kovalenko",
        "email": "olha@example.org",
        "username": "",
        "role": "fallmanagement",
        "teams": [county.team("jobcenter").pk],
    }


def url(name: str, member: Membership) -> str:
    return reverse(f"agencies:{name}", args=[member.pk])


def names(response) -> list[str]:
    return [member.user.username for member in response.context["page"]]


def jobs() -> list[dict[str, object]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="agencies.send_invitation")]


def test_list_shows_the_own_agency_and_no_other(admin, county, as_member):
    mine = county.member("jobcenter")
    county.member("jugendamt")
    assert set(names(as_member(admin).get(LIST))) == {admin.user.username, mine.user.username}


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_queries_for_any_length(
    admin, county, as_member, count, django_assert_num_queries
):
    for _number in range(count):
        make_member(county["jobcenter"], Role.FALLMANAGEMENT)
    client = as_member(admin)
    client.get(LIST)
    with django_assert_num_queries(11):
        client.get(LIST)


def test_list_filters_and_sorts(admin, county, as_member):
    worker, closed = county.member("jobcenter"), county.member("jobcenter", Role.EINGANG)
    Membership.objects.filter(pk=closed.pk).update(is_active=False)
    client = as_member(admin)
    assert names(client.get(LIST, {"q": "fallmanagement jobcenter"})) == [worker.user.username]
    assert names(client.get(LIST, {"role": "eingang"})) == [closed.user.username]
    assert names(client.get(LIST, {"state": "closed"})) == [closed.user.username]
    assert set(names(client.get(LIST, {"state": "invited"}))) == {worker.user.username}
    forward, backward = (names(client.get(LIST, {"sort": sort})) for sort in ("role", "-role"))
    assert forward == backward[::-1]
    assert names(client.get(LIST, {"sort": "password"})) == names(client.get(LIST))


@pytest.mark.parametrize("name", ["member", "deactivate", "reactivate", "invite_again"])
def test_members_of_other_agencies_do_not_exist(admin, county, as_member, name):
    stranger = county.member("jugendamt")
    client, path = as_member(admin), url(name, stranger)
    assert client.post(path, {"role": "leitung"}).status_code == 404
    assert client.post(path.replace(str(stranger.pk), "999999")).status_code == 404
    stranger.refresh_from_db()
    assert (stranger.is_active, stranger.role) == (True, "fallmanagement")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.VERWALTUNG])
def test_only_the_administration_manages_members(county, as_member, role):
    client = as_member(county.member("jobcenter", role))
    assert (client.get(LIST).status_code, client.get(INVITE).status_code) == (403, 403)


def test_invitation_makes_an_account_without_password_and_queues_the_mail(admin, as_member, invitation):
    response = as_member(admin).post(INVITE, invitation, follow=True)
    member = Membership.objects.get(user__username="olha.kovalenko")
    assert response.redirect_chain[-1][0] == LIST
    assert "Die Einladung an olha@example.org ist unterwegs." in response.content.decode()
    assert (member.agency_id, member.role) == (admin.agency_id, "fallmanagement")
    assert member.user.has_usable_password() is False
    assert jobs() == [{"membership": member.pk}]


def test_invitation_of_someone_known_adds_a_membership_and_tells_nothing(
    admin, county, as_member, invitation
):
    known = county.member("jugendamt").user
    invitation |= {"email": known.email.upper(), "username": known.username}
    response = as_member(admin).post(INVITE, invitation, follow=True)
    member = known.memberships.get(agency=admin.agency)
    known.refresh_from_db()
    assert known.first_name == "Fallmanagement"
    assert known.has_usable_password()
    text = response.content.decode() + as_member(admin).get(url("member", member)).content.decode()
    assert county["jugendamt"].name not in text
    assert known.username not in text.replace(known.email, "")


def test_invitation_into_an_agency_where_one_is_already_is_refused(admin, as_member, invitation):
    invitation["email"] = admin.user.email
    response = as_member(admin).post(INVITE, invitation)
    assert "bereits einen Zugang zu dieser Stelle" in response.content.decode()
    assert 'value="Kovalenko"' in response.content.decode()
    assert jobs() == []


def test_account_closed_everywhere_comes_back_without_its_old_password(admin, county, as_member, invitation):
    old = county.member("jugendamt")
    User.objects.filter(pk=old.user_id).update(is_active=False)
    as_member(admin).post(INVITE, invitation | {"email": old.user.email})
    old.user.refresh_from_db()
    assert (old.user.is_active, old.user.has_usable_password()) == (True, False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"first_name": "\0"}, "first_name"),
        ({"last_name": "x" * 151}, "last_name"),
        ({"email": "olha"}, "email"),
        ({"username": "olha kovalenko"}, "username"),
        ({"username": "jobcenter.VERWALTUNG"}, "username"),
        ({"role": "superuser"}, "role"),
        ({"teams": []}, "teams"),
        ({"teams": ["999999"]}, "teams"),
    ],
)
def test_invitation_names_every_error_at_its_field(admin, as_member, invitation, change, field):
    form = as_member(admin).post(INVITE, invitation | change).context["form"]
    assert set(form.errors) == {field}
    assert jobs() == []


def test_teams_of_other_agencies_cannot_be_given(admin, county, as_member, invitation):
    foreign = county.team("jugendamt")
    form = as_member(admin).post(INVITE, invitation | {"teams": [foreign.pk]}).context["form"]
    assert set(form.errors) == {"teams"}


def test_user_names_are_made_plain_and_unique(admin, as_member, invitation):
    client = as_member(admin)
    people = [("Ольга", "Коваленко"), ("Olha", "Kovalenko"), ("Jörg", "Groß-Müller"), ("🙂", "\u200f")]
    for number, (first, last) in enumerate(people):
        mail = f"{number}@example.org"
        client.post(INVITE, invitation | {"first_name": first, "last_name": last, "email": mail})
    made = User.objects.filter(email__regex="^[0-9]@").order_by("email").values_list("username", flat=True)
    assert all(name.isascii() and name == name.lower() for name in made)
    assert len(set(made)) == len(made) >= 3


def test_role_and_teams_change_and_count_on_the_next_request(admin, county, as_member):
    worker = county.member("jobcenter")
    browser = as_member(worker)
    assert browser.get("/stelle/").status_code == 403
    data = {"role": "teamleitung", "teams": [county.team("jobcenter", 2).pk]}
    assert as_member(admin).post(url("member", worker), data).status_code == 302
    assert browser.get("/stelle/").status_code == 200
    assert list(worker.teams.all()) == [county.team("jobcenter", 2)]
    with access.acting(admin):
        entry = AuditEntry.objects.get(verb="member.change")
    assert (entry.user_id, entry.detail["role"]) == (admin.user_id, "teamleitung")


def test_nobody_locks_themself_out(admin, as_member):
    client = as_member(admin)
    answer = client.post(url("member", admin), {"role": "leitung"})
    assert "Die eigene Rolle können Sie nicht ändern" in answer.content.decode()
    answer = client.post(url("deactivate", admin), follow=True)
    assert "Den eigenen Zugang können Sie nicht sperren" in answer.content.decode()
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("verwaltung", True)


def test_deactivation_ends_every_session_at_once(admin, county, as_member):
    worker = county.member("jobcenter")
    browsers = [as_member(worker), as_member(worker)]
    sessions = Session.objects.count()
    as_member(admin).post(url("deactivate", worker))
    assert [browser.get("/arbeitsplatz/").status_code for browser in browsers] == [302, 302]
    assert Session.objects.count() == sessions - 2 + 1
    assert Client().login(username=worker.user.username, password="kreisrund-tests") is False


def test_deactivation_in_one_agency_leaves_the_other(admin, county, as_member, invitation):
    worker = county.member("jugendamt")
    as_member(admin).post(INVITE, invitation | {"email": worker.user.email})
    here = worker.user.memberships.get(agency=admin.agency)
    browser = as_member(worker)
    browser.post("/konto/stelle/", {"membership": here.pk})
    as_member(admin).post(url("deactivate", here))
    assert browser.get("/arbeitsplatz/").context["member"] == worker


def test_reactivation_opens_the_login_again(admin, county, as_member):
    worker = county.member("jobcenter")
    as_member(admin).post(url("deactivate", worker))
    as_member(admin).post(url("reactivate", worker))
    assert Client().login(username=worker.user.username, password="kreisrund-tests")


def test_invitation_goes_out_again_only_before_the_first_login(admin, county, as_member):
    worker = county.member("jobcenter")
    client = as_member(admin)
    client.post(url("invite_again", worker))
    assert jobs() == [{"membership": worker.pk}]
    as_member(worker)
    answer = client.post(url("invite_again", worker), follow=True)
    assert "die noch nicht benutzt wurden" in answer.content.decode()
    assert len(jobs()) == 1
