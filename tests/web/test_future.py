"""The owner's future: equal to the ledger, costs kept, what if, and centres like one's own."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from sanad.centres import actions, queries
from sanad.centres.actions import CostsUnchanged
from sanad.centres.stated import Stated
from sanad.db.scope import acting, centre_scope, national_scope
from sanad.lab.sustainability import ledger
from sanad.lib.money import NotWholeBaisa
from tests.committed import as_owner_of_all
from tests.network import AISHA, HUDA, KHUWAIR, NOORA, RAHUL, RENEW_CARD, SAID, SALIM, SOHAR, TEN
from tests.walk import Walk
from tests.web_client import signed_in, words_of

PAGE = reverse("owner_future")
EARNED = """
SELECT coalesce(sum(CASE WHEN credit = 'earned' THEN baisa ELSE -baisa END), 0)
FROM till_transfer WHERE 'earned' IN (credit, debit) AND centre_id = %s
"""


def worked() -> None:
    """Two days at Khuwair: five payments, one of them given back."""
    for hours, client in ((1, NOORA), (3, RAHUL)):
        at = TEN - timedelta(days=9, hours=hours)
        Walk(client=client, operator=SALIM, at=at).paid().submitted().finished_visit()
    Walk(client=SAID, service=RENEW_CARD).paid().submitted().finished_visit()
    Walk(client=NOORA).paid().submitted().finished_visit()
    Walk(client=RAHUL).paid().paid_back().finished_visit()


def owner() -> Any:
    return acting(centre_scope(KHUWAIR, account=SALIM))


@pytest.mark.django_db
@pytest.mark.usefixtures("at_ten")
class TestThePage:
    def test_its_figures_are_the_ledger_s_and_each_part_adds_up(self) -> None:
        worked()
        with owner():
            found = ledger.books(KHUWAIR, since=TEN - timedelta(days=30), before=TEN + _hour())
            with connection.cursor() as cursor:
                cursor.execute(EARNED, [KHUWAIR])
                [by_the_ledger] = cursor.fetchone()

        assert found.total.baisa == by_the_ledger > 0
        for part in (found.services, found.people, found.hours):
            assert sum(one.baisa for one in part) == by_the_ledger
            assert sum(one.charges for one in part) == found.total.charges
        assert {one.account for one in found.people} == {SALIM, AISHA}
        assert {one.service for one in found.services} == {RENEW_CARD, "occi-renew-membership"}
        assert found.held_baisa > 0 and found.vat_baisa > 0

    @pytest.mark.parametrize("language", ["ar", "en"])
    def test_it_is_read_in_both_languages(self, language: str) -> None:
        worked()
        page = signed_in(SALIM, language=language).get(PAGE)
        words = words_of(page)
        said = {
            "ar": ("مستقبل مركزك", "ما قُبض للجهات", "مفترض", "لم يُذكر احتياطي", "أقل من خمسة"),
            "en": ("Your centre's future", "Taken for entities", "assumed",
                   "no reserve is stated", "Fewer than five other centres"),
        }[language]  # fmt: skip

        assert page.status_code == 200
        assert [one for one in said if one not in words] == []
        assert sum(line.baisa for line in page.context["found"].services) > 0

    def test_an_empty_ledger_is_said_as_such(self) -> None:
        words = words_of(signed_in(SALIM).get(PAGE))
        assert "Nothing was earned in these days." in words
        assert "no number" in words

    def test_the_demonstration_says_that_it_is_one(self, settings: Any) -> None:
        settings.SANAD_DEMONSTRATION = "announced"
        assert "demonstration's and was simulated" in words_of(signed_in(SALIM).get(PAGE))
        settings.SANAD_DEMONSTRATION = None
        assert "was simulated" not in words_of(signed_in(SALIM).get(PAGE))

    def test_it_is_for_the_owner_alone(self) -> None:
        for account in (AISHA, HUDA):
            assert signed_in(account).get(PAGE).status_code == 403

    def test_costs_in_any_digits_are_kept_and_the_event_holds_no_amount(self) -> None:
        client = signed_in(SALIM)
        typed = {"rent": "١٥٠٫٥", "wages": "0", "reserve": "1,200.000"}
        page = client.post(PAGE, typed)

        assert page.status_code == 302
        with owner():
            assert queries.stated_costs(KHUWAIR) == Stated(rent=150_500, wages=0, reserve=1_200_000)
        with acting(national_scope()), connection.cursor() as cursor:
            cursor.execute(
                "SELECT actor_id, centre_id, payload::text FROM eventlog_event"
                " WHERE kind = 'costs.stated'"
            )
            assert cursor.fetchall() == [(SALIM, KHUWAIR, '{"lines": 3}')]
        shown = client.get(PAGE)
        assert 'value="150.500"' in shown.content.decode()
        assert shown.context["runway"] == pytest.approx(1_200_000 / (150_500 + 85_000 + 400_000))

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"rent": "cheap", "wages": "100"}, "“cheap” is not an amount"),
            ({"rent": "-5", "wages": "100"}, "“-5” is below zero"),
            ({"rent": "1.2345", "wages": "100"}, "more than three decimals"),
        ],
    )
    def test_what_cannot_be_read_is_said_kept_and_moves_nothing(
        self, typed: dict[str, str], said: str
    ) -> None:
        page = signed_in(SALIM).post(PAGE, typed)

        assert page.status_code == 422
        assert said in words_of(page)
        for value in typed.values():
            assert f'value="{value}"' in page.content.decode()
        with owner():
            assert queries.stated_costs(KHUWAIR).is_empty

    def test_the_same_costs_again_are_refused(self) -> None:
        client = signed_in(SALIM)
        client.post(PAGE, {"rent": "90"})
        page = client.post(PAGE, {"rent": "90.000"})
        assert page.status_code == 422
        assert "stated already" in words_of(page)

    def test_what_if_is_worked_out_and_changes_nothing(self) -> None:
        worked()
        client = signed_in(SALIM)
        page = client.get(PAGE, {"people": "−١", "private_a_day": "٢"})
        rows = {name: (now, then) for name, now, then in page.context["then"]}

        assert page.status_code == 200
        assert rows["Fixed costs"][1] == rows["Fixed costs"][0] - 360_000
        assert rows["Income"][1] > rows["Income"][0]
        assert client.get(PAGE).context["then"] is None
        with owner():
            assert queries.stated_costs(KHUWAIR).is_empty

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"people": "-3"}, "from -2 to 8"),
            ({"price_percent": "101"}, "from -100 to 100"),
            ({"minutes_later": "soon"}, "“soon” in “Minutes later that you close”"),
        ],
    )
    def test_what_cannot_be_is_refused_and_stays(self, typed: dict[str, str], said: str) -> None:
        page = signed_in(SALIM).get(PAGE, typed)
        assert page.status_code == 409
        assert said in words_of(page)
        for value in typed.values():
            assert f'value="{value}"' in page.content.decode()


@pytest.mark.django_db
class TestStatedCosts:
    def test_the_newest_holds_and_none_is_changed(self) -> None:
        with owner():
            for rent in (1_000, 2_000):
                actions.state_costs(centre=KHUWAIR, costs=Stated(rent=rent), at=TEN, by=SALIM)
            assert queries.stated_costs(KHUWAIR).rent == 2_000
        with acting(national_scope()):
            assert queries.all_stated_costs() == {KHUWAIR: Stated(rent=2_000)}

    def test_another_centre_sees_none_of_it(self) -> None:
        with owner():
            actions.state_costs(centre=KHUWAIR, costs=Stated(rent=1_000), at=TEN, by=SALIM)
        with acting(centre_scope(SOHAR)):
            assert queries.stated_costs(KHUWAIR).is_empty

    def test_refused_costs_leave_nothing_behind(self) -> None:
        with owner():
            with pytest.raises(NotWholeBaisa):
                actions.state_costs(centre=KHUWAIR, costs=Stated(rent=-1), at=TEN, by=SALIM)
            with pytest.raises(CostsUnchanged):
                actions.state_costs(centre=KHUWAIR, costs=Stated(), at=TEN, by=SALIM)
            assert queries.all_stated_costs() == {}


@pytest.fixture
def neighbours(committed: None) -> Iterator[Any]:
    """As many centres like Khuwair as asked for, with what each earned in August in rials."""
    made: list[int] = []

    def make(rials: list[int]) -> None:
        with as_owner_of_all() as cursor:
            for number, amount in enumerate(rials, start=901 + len(made)):
                _centre(cursor, number, amount)
                made.append(number)

    yield make
    with as_owner_of_all() as cursor:
        for table, column in (
            ("oversight_dayfact", "centre_id"), ("centres_servicepoint", "centre_id"),
            ("centres_centre", "id"),
        ):  # fmt: skip
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY (%s)", [made])


def _centre(cursor: Any, number: int, rials: int) -> None:
    cursor.execute(
        "INSERT INTO centres_centre (id, name_ar, name_en, name_sort, village_id, licence_no,"
        " opened_on, latitude, longitude, position_provenance, vat_per_mille)"
        " SELECT %s, name_ar, name_en, name_sort, village_id, %s, opened_on, latitude, longitude,"
        " position_provenance, 0 FROM centres_centre WHERE id = %s",
        [number, f"TEST-{number}", KHUWAIR],
    )
    cursor.execute(
        "INSERT INTO centres_servicepoint (centre_id, number) VALUES (%s, 1), (%s, 2)",
        [number, number],
    )
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'oversight_dayfact'"
        " AND column_default IS NULL AND data_type IN ('integer', 'bigint')"
        " AND column_name NOT IN ('centre_id', 'earned_baisa', 'transactions')"
    )
    rest = [name for (name,) in cursor.fetchall()]
    cursor.execute(
        f"INSERT INTO oversight_dayfact (centre_id, business_date, refilled_at, earned_baisa,"
        f" transactions, {', '.join(rest)}) VALUES (%s, '2025-08-12', %s, %s, %s,"
        f" {', '.join('0' for _ in rest)})",
        [number, TEN, 1000 * rials, rials // 3],
    )


class TestCentresAlike:
    def test_of_four_others_nothing_is_told(self, neighbours: Any) -> None:
        neighbours([100, 200, 300, 400])
        with owner():
            assert ledger.alike(KHUWAIR, month=date(2025, 8, 1)) is None

    def test_of_five_quartiles_are_told_to_ten_rials(self, neighbours: Any) -> None:
        neighbours([101, 204, 303, 404, 505])
        with owner():
            found = ledger.alike(KHUWAIR, month=date(2025, 8, 1))

        assert found is not None
        assert found.others == 5
        assert found.earned == (200_000, 300_000, 400_000)
        assert found.transactions == (70, 100, 135)

    def test_a_part_of_a_month_cannot_be_asked_for(self, neighbours: Any) -> None:
        neighbours([100, 200, 300, 400, 500])
        with owner():
            whole = ledger.alike(KHUWAIR, month=date(2025, 8, 1))
            later = ledger.alike(KHUWAIR, month=date(2025, 8, 13))
            other = ledger.alike(KHUWAIR, month=date(2025, 7, 31))

        assert later is not None and whole is not None
        assert later.earned == whole.earned and other is None

    def test_another_s_centre_cannot_be_asked_for(self, neighbours: Any) -> None:
        neighbours([100, 200, 300, 400, 500])
        with acting(centre_scope(SOHAR)):
            assert ledger.alike(KHUWAIR, month=date(2025, 8, 1)) is None

    def test_those_of_another_size_or_closed_are_not_among_them(self, neighbours: Any) -> None:
        neighbours([100, 200, 300, 400, 500])
        with as_owner_of_all() as cursor:
            cursor.execute("DELETE FROM centres_servicepoint WHERE centre_id = 901 AND number = 2")
        with owner():
            assert ledger.alike(KHUWAIR, month=date(2025, 8, 1)) is None
        with as_owner_of_all() as cursor:
            cursor.execute("INSERT INTO centres_servicepoint (centre_id, number) VALUES (901, 2)")
            cursor.execute("UPDATE centres_centre SET closed_on = '2025-09-01' WHERE id = 902")
        with owner():
            assert ledger.alike(KHUWAIR, month=date(2025, 8, 1)) is None

    def test_the_page_shows_the_bands_and_one_s_own(self, neighbours: Any, at_ten: None) -> None:
        neighbours([101, 204, 303, 404, 505])
        words = words_of(signed_in(SALIM).get(PAGE))
        assert "5 other centres of your governorate" in words
        assert "OMR 200.000 OMR 300.000 OMR 400.000 OMR 0.000" in words


def _hour() -> timedelta:
    return timedelta(hours=1)
