"""What people and their clipboards send: too long, invisible, turned round, scripts, numbers without end."""

import pytest
from django.test import Client
from django.urls import reverse

from agencies import access
from agencies.models import Membership
from agencies.referrals.enums import Act, State
from agencies.referrals.forms.terms import TermsForm
from agencies.referrals.models import Message, Referral
from tests.factories import open_case
from tests.referrals.loop import Loop

BIG = "9" * 5000
PERSIAN = "می\u200cخواهم"  # written with a joiner, which belongs there


def post(member: Membership, referral: Referral, act: Act, **data: object):  # type: ignore[no-untyped-def]
    client = Client()
    client.force_login(member.user)
    values = {"seen": referral.version, **data}
    return client.post(reverse("referrals:act", args=[referral.pk, act]), values)


def said(loop: Loop) -> list[str]:
    with access.acting(loop.sender):
        return list(Message.objects.exclude(kind="request").values_list("text", flat=True))


@pytest.mark.parametrize("act", [Act.REMARK, Act.ASK])
def test_five_thousand_words_are_refused_and_stay_in_the_form(loop: Loop, act: Act) -> None:
    text = "Wort " * 5000
    page = post(loop.recipient, loop.at(State.RECEIVED), act, text=text)
    assert page.status_code == 200
    assert "text" in page.context["form"].errors
    assert text.strip() in page.content.decode()
    assert said(loop) == []


@pytest.mark.parametrize("text", ["\x00", "\u200b\u2060", "\u202e", " \n\t ", "\u200d", "\ufeff\u200e"])
def test_text_of_nothing_visible_is_no_text(loop: Loop, text: str) -> None:
    page = post(loop.recipient, loop.at(State.RECEIVED), Act.REMARK, text=text)
    assert (page.status_code, said(loop)) == (200, [])
    assert "text" in page.context["form"].errors


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("Geld\u202egnp.exe", "Geldgnp.exe"),
        ("zwei\u200bWorte", "zweiWorte"),
        (PERSIAN, PERSIAN),
        ("👨‍👩‍👧 kommt", "👨‍👩‍👧 kommt"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{ request.user }} {% url 'x' %} %s %(a)s {0}", "{{ request.user }} {% url 'x' %} %s %(a)s {0}"),
    ],
)
def test_text_is_kept_readable_and_shown_as_text(loop: Loop, typed: str, kept: str) -> None:
    referral = loop.at(State.RECEIVED)
    assert post(loop.recipient, referral, Act.REMARK, text=typed).status_code == 302
    assert said(loop) == [kept]
    for member in (loop.sender, loop.recipient):
        client = Client()
        client.force_login(member.user)
        page = client.get(referral.get_absolute_url()).content.decode()
        assert "<script>alert(1)" not in page
        assert "alert(1)" in page or "script" not in typed


@pytest.mark.parametrize("act", [Act.DECLINE, Act.ACCEPT, Act.PROPOSE_REROUTE])
@pytest.mark.parametrize("value", [BIG, "-1", "²", "1e9", "a\x00b", ""])
def test_odd_values_are_form_errors(loop: Loop, act: Act, value: str) -> None:
    referral = loop.at(State.RECEIVED)
    odd = {"reason": value, "assignee": value, "agency": value, "parked_until": value, "seen": value}
    assert post(loop.recipient, referral, act, **odd).status_code in {200, 409}
    assert [row.state for row in loop.seen_by(loop.sender)] == [State.RECEIVED]


@pytest.mark.parametrize("value", [BIG, "-1", "²", "a\x00b"])
def test_odd_values_in_bulk_and_preview_change_nothing(loop: Loop, value: str) -> None:
    received, client = loop.at(State.RECEIVED), Client()
    client.force_login(loop.recipient.user)
    data = {"action": "accept", "selected": [str(received.pk), value], f"seen-{received.pk}": value}
    assert client.post(reverse("referrals:bulk"), data).status_code in {200, 302}
    draft = loop.draft()
    client.force_login(loop.sender.user)
    assert client.post(reverse("referrals:preview", args=[draft.pk]), {"seen": value}).status_code in {
        200,
        302,
        409,
    }


def test_form_of_one_case_does_not_write_into_the_draft_of_another(loop: Loop) -> None:
    """The token that makes a double click harmless is worth nothing beside its own case."""
    other = open_case(loop.sender, family_name="Zweite")
    client = Client()
    client.force_login(loop.sender.user)
    terms = loop.terms(request="Für den ersten Fall.")
    data = {name: terms[name] for name in ("request", "necessity", "categories")}
    data |= {"purpose": terms["purpose"].value, "preset": terms["purpose"].value, "save": "1"}
    data |= {
        "legal_basis": terms["legal_basis"].value,
        "valid_until": terms["valid_until"].strftime("%d.%m.%Y"),
    }

    def url(case: object) -> str:
        return f"{reverse('referrals:terms')}?fall={case.pk}&an={loop.agency.pk}"  # type: ignore[attr-defined]

    form: TermsForm = client.get(url(loop.case)).context["form"]
    data["token"] = form.initial["token"]
    assert client.post(url(loop.case), data).status_code == 302
    client.post(url(other), data | {"request": "Für den zweiten Fall."})
    with access.acting(loop.sender):
        kept = {row.case_id: row.request for row in Referral.objects.all()}
    assert kept == {loop.case.pk: "Für den ersten Fall.", other.pk: "Für den zweiten Fall."}
