"""Name keys: one name under its transliterations, and few chance meetings of others."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.cases.names import keys, normalise, query_keys, tokens

SPELLINGS = """
Mohammed, Muhammad, Mohamad, Mohamed, محمد, مُحَمَّد, Мухаммед, Muhammed, ሙሐመድ, Mouhamed
Yusuf, Youssef, Yousef, Jusuf, Josef, Yousuf, يوسف, یوسف, Юсуф
Ahmad, Ahmed, Achmed, أحمد, احمد, Ахмед
Hussein, Husain, Hossein, Huseyin, Hüseyin, Husayn, حسين, حسین, Хусейн
Oleksandr, Olexandr, Александр, Олександр, Alexander, Aleksandr
Kateryna, Katerina, Катерина
Tesfaye, ተስፋዬ
Haile, Hayle, ሃይለ, ኃይለ
Zoë, Zoe, ZOË
Abd al-Rahman, Abdulrahman, Abdelrahman, AbdAlRahman, Abderrahmane, Abd ar-Rahman, عبد الرحمن, عبدالرحمن
Abdullah, Abdallah, Abdulla, عبدالله, عبد الله, Абдулла
Nguyen, Nguyễn
Müller, Mueller, Muller, Müller
Weiß, Weiss
Fatima, Fatma, Fatimah, Fatemeh, فاطمة, فاطمه, Фатима
Maryam, Mariam, Miriam, Meryem, مريم, مریم
Zainab, Zeinab, Zaynab, Zeynep, زينب
Ali, Aly, علي, علی, على, Али
Musa, Moussa, Mousa, موسى, موسی
Khalid, Chalid, Khaled, Halid, Xalid, خالد, Халид
Ibrahim, İbrahim, Ibrahem, Ebrahim, إبراهيم, ابراهیم, Ибрагим
Ismail, Ismael, İsmail, Esmail, إسماعيل
Aisha, Aicha, Aischa, Ayşe, Ayse, عائشة
Rashid, Rachid, Raschid, Rasheed, رشيد
Jamal, Djamal, Dschamal, Gamal, Cemal, جمال
Sergej, Sergey, Sergei, Sergii, Serhii, Сергій, Сергей
Oleh, Oleg, Олег
Yevhen, Evgen, Ievgen, Yevgen, Jewgen, Євген
Yulia, Julia, Yuliia, Julija, Юлія
Omar, Umar, Omer, عمر
Othman, Osman, Usman, عثمان
Qasim, Ghasem, Kasim, قاسم
Daoud, Dawud, Dawood, Daud, داود
Al-Hassan, Alhassan, El-Hassan, Hassan, الحسن
Nour al-Din, Noureddine, Nureddin, نور الدين
Walid, Oualid, Waleed, وليد
Anwar, Anouar, Anvar, أنور
Şükrü, Sukru, Schükrü
ISIK, Işık, ışık
Xelîl, Khalil, Halil, Chalil, خليل
Ciwan, Jiwan, Djiwan, جوان
Rêbîn, Rebin, رێبین
Alireza, علی‌رضا, عليرضا
Volodymyr, Wolodymyr, Володимир
Petrović, Petrovic, Petrovich, Petrowitsch
Hans-Jürgen, Hans Juergen, HANS JURGEN
O'Neil, ONeil, O’Neil
Ma'moun, Maʿmūn, Mamoun
"""
LINES = [[name.strip() for name in line.split(",")] for line in SPELLINGS.strip().splitlines()]
DIFFERENT = [
    ("Mohammed", "Mehmet"),
    ("Hussein", "Hassan"),
    ("Karim", "Karima"),
    ("Amir", "Amira"),
    ("Elena", "Anna"),
    ("Fatima", "Fadi"),
    ("محمد", "أحمد"),
    ("Müller", "Schmidt"),
    ("Al-Hassan", "Al-Ahmad"),
]
anything = st.text(st.characters(), max_size=60)
letters = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12)


@pytest.mark.parametrize("spellings", LINES, ids=lambda names: names[0])
def test_spellings_of_one_name_share_a_key_each_with_each(spellings):
    apart = {(one, other) for one, other in combinations(spellings, 2) if not keys(one) & keys(other)}
    assert apart == set()


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_share_none(one, other):
    assert keys(one) & keys(other) == frozenset()


def test_unrelated_names_seldom_meet():
    names = (Path(__file__).parent / "names_unrelated.txt").read_text(encoding="utf-8").split()
    found = {name: keys(name) for name in names}
    meeting = [pair for pair in combinations(names, 2) if found[pair[0]] & found[pair[1]]]
    pairs = len(names) * (len(names) - 1) / 2
    assert len(names) == len(set(names)) >= 300
    assert len(meeting) / pairs < 0.001, meeting


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller", "muller"),
        ("Mueller", "muller"),
        ("Mu\u0308ller", "muller"),
        ("ＭＵＬＬＥＲ", "muller"),
        ("Groß", "gross"),
        ("Hans-Jürgen  O'Neil", "hans jurgen oneil"),
        ("\u202eAli\u200b \u2066Omar\u2069\x00", "ali omar"),
        ("İbrahim Işık", "ibrahim isik"),
        ("مـحـمّـد", "mhmd"),
        ("كريمة", "kryma"),
        ("کریمه", "krymh"),
        ("می‌خواهم", "mykhwahm"),
        ("Ḥusayn ʿAlī", "husayn ali"),
        ("😀 Ali 👩‍👩‍👧", "ali"),
        ("", ""),
    ],
)
def test_normalise_gives_the_plain_form(text, expected):
    assert normalise(text) == expected


def test_query_keys_has_one_group_per_name():
    groups = query_keys("von Müller Abd al-Rahman Mohamad")
    person = keys("Abdulrahman", "Mohammed", "Mueller")
    assert len(groups) == 3
    assert all(group & person for group in groups)
    assert not all(group & keys("Mohammed Schmidt") for group in groups)


def test_query_keys_of_nothing_is_empty():
    assert (query_keys(" -- "), keys("", "!"), tokens("")) == ([], frozenset(), [])


def test_particle_alone_is_still_a_name():
    assert keys("An") == keys("AN") == {"an"}


@given(anything)
def test_normalise_is_plain_bounded_and_idempotent(text):
    plain = normalise(text)
    assert normalise(plain) == plain
    assert len(plain) <= 300
    assert set(plain) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert plain == " ".join(plain.split())


@given(anything)
def test_keys_are_short_and_plain(text):
    found = keys(text)
    assert all(1 <= len(key) <= 14 and key.isascii() and key.isalnum() for key in found)
    assert frozenset().union(*query_keys(text)) == found


@given(st.text(st.characters(), min_size=2_000, max_size=2_500))
def test_very_long_text_is_cut(text):
    assert len(normalise(text)) <= 300
    assert len(query_keys(text)) <= 24


@given(st.lists(letters, max_size=5))
def test_order_of_names_does_not_matter(names):
    assert keys(*names) == keys(*reversed(names))


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=20))
def test_case_and_width_do_not_matter(word):
    wide = "".join(chr(ord(char) + 0xFEE0) for char in word)
    assert keys(word) == keys(word.upper()) == keys(wide) == keys(word.title())


@given(st.text("abcdefgilmnorsuzäöüß", max_size=15), st.integers(0, 15))
def test_a_beginning_stays_a_beginning(word, length):
    assert normalise(word).startswith(normalise(word[:length]))
