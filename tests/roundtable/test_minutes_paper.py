"""The printed copy for hard cases, the mail about it, and the list of what there is."""

from io import BytesIO

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfReader

from agencies import access
from agencies.roundtable import actions, minutes_mails, printing, tasks
from agencies.roundtable.enums import TextKind
from agencies.roundtable.models import Meeting
from tests.factories import open_case

PEOPLE = {
    "Arabic": ("رحیمی", "محمد"),
    "Hebrew is not fetched": ("כהן", "דוד"),
    "Cyrillic": ("Шевченко", "Оксана"),
    "Ethiopic": ("ተስፋይ", "ሚካኤል"),
    "Vietnamese": ("Nguyễn", "Thị Ánh"),
    "Turkish": ("Yıldız", "Işıl Ğ."),
    "a symbol": ("Smiley 🙂", "A\u200cB"),
}


def close(table):
    with access.acting(table.moderator):
        actions.close(Meeting.objects.get(pk=table.meeting.pk), by=table.moderator)


def hold_empty_meeting(table):
    """One more meeting of the table at which nothing was said."""
    with access.acting(table.moderator):
        table.meeting = actions.plan(table.table, by=table.moderator, starts_at=timezone.now())
        actions.start(table.meeting, by=table.moderator)
    close(table)


def paper_of(member, meeting):
    with access.acting(member):
        return printing.pdf(access.minutes_copy(member, meeting.pk))


def text_of(paper):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())


@pytest.mark.parametrize("script", PEOPLE)
def test_names_in_any_script_are_printed(table, script):
    family, given = PEOPLE[script]
    lead = table.people["jobcenter"]
    item = table.propose(open_case(lead, family_name=family, given_name=given))
    with access.acting(lead):
        actions.write(item, TextKind.SUMMARY, f"{given} {family} kommt nicht.", by=lead, expected=0)
    table.start()
    close(table)

    paper = paper_of(lead, table.meeting)

    assert paper.startswith(b"%PDF")
    if script in ("Cyrillic", "Ethiopic", "Vietnamese", "Turkish"):
        assert f"{family}, {given}" in text_of(paper)


def test_right_to_left_name_is_joined_and_in_its_order(table):
    lead = table.people["jobcenter"]
    table.propose(open_case(lead, family_name="رحیمی", given_name="محمد"))
    table.start()
    close(table)

    reader = PdfReader(BytesIO(paper_of(lead, table.meeting)))
    text = reader.pages[0].extract_text()

    fonts = {
        font["/BaseFont"]
        for font in (f.get_object() for f in reader.pages[0]["/Resources"]["/Font"].values())
    }
    assert any("Arabic" in font for font in fonts)
    assert set("رحیمی") <= set(text)


def test_meeting_without_anything_has_minutes(table):
    hold_empty_meeting(table)

    text = text_of(paper_of(table.moderator, table.meeting))

    assert "Protokoll Nr. 1" in text
    assert "Aus früheren Sitzungen war nichts offen." in text
    assert "Seite 1 von 1" in text


def test_200_items_need_as_many_queries_as_one(table, django_assert_max_num_queries):
    lead = table.people["jobcenter"]
    table.propose(open_case(lead))
    with access.acting(table.moderator):
        for number in range(199):
            actions.add_topic(table.meeting, by=table.moderator, title=f"Thema {number}", question="Ja?")
    table.start()
    with access.acting(table.moderator), django_assert_max_num_queries(30):
        actions.close(Meeting.objects.get(pk=table.meeting.pk), by=table.moderator)

    with access.acting(lead), django_assert_max_num_queries(14):
        copy = access.minutes_copy(lead, table.meeting.pk)
    assert [entry.record["number"] for entry in copy.entries] == list(range(1, 202))
    text = text_of(printing.pdf(copy))
    assert "201. Thema 198" in text


def test_words_of_a_note_are_words_and_no_markup(table):
    lead = table.people["jobcenter"]
    item = table.propose(open_case(lead))
    note = "**nicht fett** <b>x</b> <script>alert(1)</script> 50 %"
    with access.acting(lead):
        actions.write(item, TextKind.SUMMARY, note, by=lead, expected=0)
    table.start()
    close(table)

    assert note in text_of(paper_of(lead, table.meeting))


# The mail


def queued():
    return list(
        ProcrastinateJob.objects.filter(task_name=minutes_mails.TASK)
        .order_by("id")
        .values_list("args", flat=True)
    )


def test_all_invited_get_a_link_and_nothing_about_anybody(table):
    lead = table.people["jobcenter"]
    item = table.propose(open_case(lead, family_name="Rahimi"))
    table.start()
    close(table)
    mail.outbox.clear()

    for args in queued():
        tasks.send_minutes(**args)

    people = [table.moderator, *table.people.values()]
    assert sorted(address for message in mail.outbox for address in message.to) == sorted(
        person.user.email for person in people
    )
    link = reverse("roundtable:minutes", args=[table.meeting.pk])
    for message in mail.outbox:
        assert link in message.body
        for secret in ("Rahimi", item.pseudonym, item.question, table.table.name):
            assert secret not in message.subject + message.body


def test_whoever_lost_the_seat_or_the_login_gets_no_mail(table):
    table.start()
    close(table)
    with access.acting(table.moderator):
        kept = [table.county[slug] for slug in table.people if slug != "kvhs"]
        actions.seat(table.table, agencies=kept, by=table.moderator)
    table.people["sozialamt"].user.is_active = False
    table.people["sozialamt"].user.save()
    mail.outbox.clear()

    for args in queued():
        tasks.send_minutes(**args)

    reached = {address for message in mail.outbox for address in message.to}
    assert table.people["kvhs"].user.email not in reached
    assert table.people["sozialamt"].user.email not in reached
    assert table.people["jobcenter"].user.email in reached


# List and addenda


def test_list_costs_the_same_for_one_and_three(table, client, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(table.people["kvhs"].user)
    url, counts = reverse("roundtable:minutes_list"), []
    for meetings in (1, 2):
        for _each in range(meetings):
            hold_empty_meeting(table)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url).content.decode()
        counts.append(len(queries))

    assert "Nr. 3" in page
    assert counts[0] == counts[1]


def test_addendum_stands_under_the_minutes_of_everyone(table, client):
    hold_empty_meeting(table)
    school, youth = table.people["kvhs"], table.people["jugendamt"]
    url = reverse("roundtable:addendum", args=[table.meeting.pk])
    client.force_login(school.user)
    assert client.post(url, {"text": " "}).status_code == 200
    assert client.post(url, {"text": "Der Kurs beginnt <b>am 12.1.</b>"}).status_code == 302

    client.force_login(youth.user)
    page = client.get(reverse("roundtable:minutes", args=[table.meeting.pk])).content.decode()
    text = text_of(paper_of(youth, table.meeting))

    assert "Der Kurs beginnt &lt;b&gt;am 12.1.&lt;/b&gt;" in page
    assert "Nachträge Der Kurs beginnt <b>am 12.1.</b>" in text
    assert f"{school.name}, {school.agency.name}" in text
    assert "mit 1 Nachtrag" in text
