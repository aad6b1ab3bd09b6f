"""The tags every template has: numbers, codes, dates and names that read right in both scripts."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused
from sanad.web.shell import calendar
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.isolate import plain, prose

TEN = dt.datetime(2025, 9, 30, 6, 0, tzinfo=dt.UTC)


class AboveCap(Refused):
    code = "test.above_cap"
    sentence = N_("{limit} is the most.")


def drawn(template: str, language: str = "ar", **context: object) -> str:
    with override(language):
        return Template(template).render(Context(context))


def test_an_amount_has_its_currency_in_the_readers_language():
    assert drawn("{{ sum|omr }}", sum=1_482_500) == (
        '<bdi dir="rtl" class="amount"><bdi dir="ltr" class="number">1,482.500</bdi> ر.ع.</bdi>'
    )
    assert drawn("{{ sum|omr }}", "en", sum=1_482_500) == (
        '<bdi dir="ltr" class="amount">OMR <bdi dir="ltr" class="number">1,482.500</bdi></bdi>'
    )


def test_no_amount_is_nothing_and_zero_is_an_amount():
    assert drawn("{{ sum|omr }}", sum=None) == ""
    assert "0.000" in drawn("{{ sum|omr }}", sum=0)


@pytest.mark.parametrize(
    ("value", "shown"), [(14, "14"), (800_000, "800,000"), ("6:20", "6:20"), (2.5, "2.5")]
)
def test_a_count_is_isolated_and_grouped(value, shown):
    assert drawn("{{ n|digits }}", n=value) == f'<bdi dir="ltr" class="number">{shown}</bdi>'


def test_a_code_stays_in_one_piece_and_is_escaped():
    assert drawn("{{ c|code }}", c="+968 9123 4567") == (
        '<bdi dir="ltr" class="code">+968 9123 4567</bdi>'
    )
    assert "&lt;b&gt;" in drawn("{{ c|code }}", c="<b>")


@pytest.mark.parametrize(
    ("sentence", "runs"),
    [
        ("اتصل على +968 9123 4567 أو 24-123.", ["+968 9123 4567", "24-123"]),
        ("من 08:00-14:00، ثم 31/12/2026.", ["08:00-14:00", "31/12/2026"]),
        ("التذكرة A-114 في 2025Q3", ["A-114", "2025Q3"]),
        ("٣٤ من 100%", ["٣٤", "100%"]),
        ("خفض -3 عن 1,482.500.", ["-3", "1,482.500"]),
        ("لا رقم هنا", []),
    ],
)
def test_each_run_of_a_sentence_is_isolated_without_the_sentences_own_marks(sentence, runs):
    parts = prose(sentence).split('<bdi dir="ltr">')[1:]

    assert [part.split("</bdi>")[0] for part in parts] == runs
    assert prose(sentence).replace('<bdi dir="ltr">', "").replace("</bdi>", "") == sentence


def test_prose_escapes_text_and_leaves_safe_markup_alone():
    assert prose("it's <b>5</b>") == ('it&#x27;s &lt;b&gt;<bdi dir="ltr">5</bdi>&lt;/b&gt;')
    assert prose(mark_safe("<li class='x1'>12 حرفًا</li>")) == (
        "<li class='x1'><bdi dir=\"ltr\">12</bdi> حرفًا</li>"
    )
    assert isinstance(prose("5"), SafeString)


def test_where_no_markup_goes_unicode_isolates():
    assert plain("من 5 إلى 15") == "من \u20665\u2069 إلى \u206615\u2069"


def test_days_and_moments_are_muscats():
    assert "30 سبتمبر 2025" in drawn("{{ at|day }}", at=TEN)
    assert "30 September 2025" in drawn("{{ at|day }}", "en", at=dt.date(2025, 9, 30))
    assert 'datetime="2025-09-30T10:00+04:00"' in drawn("{{ at|moment }}", at=TEN)
    assert ">10:00<" in drawn("{{ at|clock }}", at=TEN)
    assert ">08:30<" in drawn("{{ at|clock }}", at=dt.time(8, 30))
    late = dt.datetime(2025, 9, 30, 21, 0, tzinfo=dt.UTC)
    assert "1 October 2025" in drawn("{{ at|day }}", "en", at=late)


def test_the_hijri_day_stands_beside_the_gregorian():
    assert calendar.hijri(dt.date(2025, 9, 30), "ar") == "8 ربيع الثاني 1447 هـ"
    assert "Tuesday 30 September 2025" in drawn("{{ at|day_long }}", "en", at=TEN)
    assert "1447" in drawn("{{ at|day_long }}", "en", at=TEN)


def test_a_name_in_the_other_script_says_so():
    name = Text("سند", "Sanad")
    assert drawn("{% bilingual name %}", name=name) == "سند"
    assert drawn("{% bilingual name %}", "en", name=name) == "Sanad"
    assert drawn("{% bilingual name %}", name="Rahul Menon") == (
        '<bdi lang="en" dir="ltr">Rahul Menon</bdi>'
    )
    assert drawn("{% bilingual name %}", "en", name="سالم") == '<bdi lang="ar" dir="rtl">سالم</bdi>'
    assert drawn("{% bilingual name %}", name=None) == ""


def test_a_refusal_is_announced_with_its_facts_isolated():
    shown = drawn("{% refusal reason %}", "en", reason=AboveCap(limit="4.000"))

    assert 'role="alert"' in shown
    assert '<bdi dir="ltr">4.000</bdi> is the most.' in shown
    assert drawn("{% refusal reason %}", reason=None).strip() == ""


def test_a_field_ties_help_and_error_to_its_control():
    phone = Field(
        name="phone", label="هاتف", kind="phone", value="9123", help="ثمانية أرقام", error="ناقص",
        required=True, private=True,
    )  # fmt: skip

    shown = drawn("{% field f %}", f=phone)

    assert 'for="field-phone"' in shown
    assert 'aria-describedby="field-phone-help field-phone-error"' in shown
    assert 'id="field-phone-error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'inputmode="tel"' in shown
    assert 'dir="ltr"' in shown
    assert "data-private" in shown
    assert 'type="number"' not in shown


def test_a_password_is_never_drawn_back():
    assert "secret" not in drawn(
        "{% field f %}", f=Field(name="p", label="كلمة المرور", kind="password", value="secret")
    )


def test_a_choice_keeps_the_answer_and_isolates_its_numbers():
    asked = Field(
        name="years", label="المدة", kind="choice", value="2",
        choices=(Choice("1", "سنة"), Choice("2", "2 سنوات")),
    )  # fmt: skip

    shown = drawn("{% field f %}", f=asked)

    assert '<option value="2" selected>\u20662\u2069 سنوات</option>' in shown


def test_the_summary_links_each_error_to_its_field():
    wrong = Field(name="a", label="الاسم", error="ناقص")
    right = Field(name="b", label="الهاتف")

    shown = drawn("{% errors fields %}", fields=[wrong, right])

    assert '<a href="#field-a">' in shown
    assert "field-b" not in shown
    assert drawn("{% errors fields %}", fields=[right]).strip() == ""


def test_numbers_of_the_page_itself_are_grouped_as_in_oman():
    assert drawn("{{ n }}", n=1234567) == "1,234,567"
    assert drawn("{{ n }}", "en", n=1234.5) == "1,234.5"
