"""Cash without a payment, government money handed over once, and files matched with the till."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanad.db import sql
from sanad.db.scope import acting, centre_scope, system_scope
from sanad.lib.business_day import business_date
from sanad.lib.secrets_in_text import SecretRefused
from sanad.till import actions as till
from sanad.till import cash, ledger, matching, rules, settlement
from sanad.till.models import CashMove, Settlement, StatementFile, StatementLine, Transfer
from sanad.till.rules import CASH_IN, CASH_OUT, Account
from sanad.till.statement_files import (
    ColumnsMissing,
    FileUnreadable,
    RowsWrong,
    TooManyRows,
    read_statement,
)
from tests.network import AISHA, BADR, CHAMBER, HEALTH, KHUWAIR, MARYAM, RAHUL, SALIM, SOHAR, TEN
from tests.refusals import said
from tests.walk import RENEW_CARD, Walk

pytestmark = pytest.mark.django_db
TOMORROW = TEN + timedelta(days=1)
TODAY = business_date(TEN)
FEE = 30_000


def owner():
    return acting(centre_scope(KHUWAIR, account=SALIM))


def balances():
    with owner():
        return ledger.balances(centre=KHUWAIR)


def nothing_wrong():
    with acting(system_scope()):
        return sql.rows("oversight/verify_ledger")[0]["findings"]


@pytest.fixture
def drawer():
    """Aisha's drawer with a float of twenty rials."""
    return Walk().drawer_opened().made["drawer"]


def moved(drawer, kind, baisa, *, reason="more change", by=AISHA):
    with owner():
        return cash.move_cash(drawer=drawer, kind=kind, baisa=baisa, reason=reason, at=TEN, by=by)


def sent(client=MARYAM, **paid):
    """A request with a government fee, handed to the line."""
    return Walk(service=RENEW_CARD, client=client).paid(**paid).submitted().finished_visit()


def settled(baisa, *, reference="TRF-0001", until=TODAY, entity=HEALTH, by=SALIM):
    return settlement.settle(
        centre=KHUWAIR, entity=entity, until=until, paid_from=Account.BANK, reference=reference,
        shown_baisa=baisa, at=TOMORROW, by=by,
    )  # fmt: skip


# -- cash ------------------------------------------------------------------------------------------


def test_cash_goes_into_the_drawer_and_out_of_it(drawer):
    moved(drawer, CASH_IN, 5_000)
    moved(drawer, CASH_OUT, 12_000)

    with owner():
        assert ledger.drawer_balance(drawer) == 13_000
    assert balances()[Account.SAFE] == -13_000
    assert nothing_wrong() == []


@pytest.mark.parametrize(
    ("kind", "baisa", "reason", "by", "refusal"),
    [
        (CASH_OUT, 20_001, "to the safe", AISHA, cash.MoreThanInDrawer),
        (CASH_IN, 0, "nothing at all", AISHA, cash.NothingMoved),
        (CASH_IN, 1_000, "  x ", AISHA, cash.MoveReasonMissing),
        (CASH_IN, 1_000, "password: swordfish1", AISHA, SecretRefused),
        (CASH_IN, 1_000, "of a colleague", BADR, cash.DrawerNotOpen),
    ],
    ids=["more than it holds", "zero", "no reason", "a secret", "another's drawer"],
)
def test_a_refused_move_moves_nothing(drawer, kind, baisa, reason, by, refusal):
    before = balances()

    with pytest.raises(refusal) as caught:
        moved(drawer, kind, baisa, reason=reason, by=by)

    said(caught.value)
    assert balances() == before
    with owner():
        assert not CashMove.objects.exists()


def test_a_mistake_is_posted_back_once(drawer):
    move = moved(drawer, CASH_OUT, 3_000)
    with owner():
        back = cash.undo(move=move, reason="wrong amount", at=TEN, by=AISHA)
        with pytest.raises(cash.UndoneAlready):
            cash.undo(move=move, reason="once more", at=TEN, by=AISHA)
        with pytest.raises(cash.UndoneAlready):
            cash.undo(move=back, reason="and again", at=TEN, by=AISHA)
        assert ledger.drawer_balance(drawer) == 20_000
        shown = cash.moves_between(centre=KHUWAIR, since=TEN, before=TEN + timedelta(hours=1))
    assert [(one.undone, one.undoes) for one in shown] == [(True, False), (False, True)]


def test_a_counted_drawer_moves_no_more(drawer):
    move = moved(drawer, CASH_IN, 1_000)
    with owner():
        till.count_drawer(drawer=drawer, counted_baisa=21_000, reason="", at=TEN, by=AISHA)
        with pytest.raises(cash.DrawerNotOpen):
            cash.undo(move=move, reason="too late", at=TEN, by=AISHA)


def test_a_deposit_takes_from_the_safe():
    with owner():
        cash.deposit(centre=KHUWAIR, baisa=7_500, reference="SLIP-4471", at=TEN, by=SALIM)

    assert (balances()[Account.BANK], balances()[Account.SAFE]) == (7_500, -7_500)
    assert nothing_wrong() == []


@given(moves=st.lists(st.tuples(st.sampled_from([CASH_IN, CASH_OUT]), st.integers(1, 30_000))))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_drawer_holds_its_float_and_every_accepted_move(moves):
    from django.db import transaction

    with transaction.atomic():
        drawer = Walk().drawer_opened().made["drawer"]
        held = 20_000
        for kind, baisa in moves:
            fits = kind == CASH_IN or baisa <= held
            if fits:
                moved(drawer, kind, baisa)
                held += baisa if kind == CASH_IN else -baisa
            else:
                with pytest.raises(cash.MoreThanInDrawer):
                    moved(drawer, kind, baisa)
        with owner():
            assert ledger.drawer_balance(drawer) == held
            assert sum(ledger.balances(centre=KHUWAIR).values()) == 0
        transaction.set_rollback(True)


# -- the count by pieces ---------------------------------------------------------------------------


def test_the_pieces_are_kept_with_the_count(drawer):
    with owner():
        till.count_drawer(
            drawer=drawer, counted_baisa=20_000, reason="", at=TEN, by=AISHA,
            pieces={10_000: 1, 5_000: 2},
        )  # fmt: skip
        from sanad.till.models import Drawer

        assert Drawer.objects.get(id=drawer).pieces == {"10000": 1, "5000": 2}


def test_pieces_that_do_not_come_to_the_total_count_nothing(drawer):
    with pytest.raises(rules.PiecesDiffer) as caught, owner():
        till.count_drawer(
            drawer=drawer, counted_baisa=20_000, reason="", at=TEN, by=AISHA, pieces={10_000: 1}
        )

    said(caught.value)
    with owner():
        assert ledger.drawer_balance(drawer) == 20_000


# -- held for entities -----------------------------------------------------------------------------


def test_only_what_was_submitted_is_owed_to_the_entity():
    Walk(service=RENEW_CARD, client=RAHUL).paid().finished_visit()
    walk = sent()

    with owner():
        lines = settlement.statement(centre=KHUWAIR, until=TODAY, entity=HEALTH)
        held = settlement.held_by_entity(centre=KHUWAIR, until=TODAY)

    assert [(line.case_id, line.baisa) for line in lines] == [(walk.case, FEE)]
    assert held == {HEALTH: (FEE, 1, TEN)}


def test_handing_over_empties_the_statement_and_balances():
    sent()
    with owner():
        settled(FEE)
        assert settlement.statement(centre=KHUWAIR, until=TODAY) == []
        made = settlement.settlements(centre=KHUWAIR)

    assert [(one.entity_id, one.baisa, one.lines) for one in made] == [(HEALTH, FEE, 1)]
    assert balances()[Account.HELD_FOR_ENTITY] == 0
    assert balances()[Account.BANK] == -FEE
    assert nothing_wrong() == []


@pytest.mark.parametrize(
    ("baisa", "more", "refusal"),
    [
        (FEE - 1, {}, settlement.StatementChanged),
        (0, {"entity": CHAMBER}, settlement.NothingHeld),
        (FEE, {"reference": "x"}, settlement.SettlementReference),
        (0, {"until": TODAY - timedelta(days=1)}, settlement.NothingHeld),
    ],
    ids=["another sum than shown", "nothing held", "no reference", "before the payment"],
)
def test_a_refused_settlement_moves_nothing(baisa, more, refusal):
    sent()
    before = balances()

    with pytest.raises(refusal) as caught, owner():
        settled(baisa, **more)

    said(caught.value)
    assert balances() == before
    with owner():
        assert not Settlement.objects.exists()


def test_a_reference_is_used_once_for_an_entity():
    sent()
    with owner():
        settled(FEE)
    sent(RAHUL)

    with pytest.raises(settlement.SettlementReference), owner():
        settled(FEE)
    assert balances()[Account.HELD_FOR_ENTITY] == -FEE


def test_another_centre_sees_none_of_it():
    sent()
    with owner():
        settled(FEE)
    with acting(centre_scope(SOHAR)):
        assert settlement.statement(centre=KHUWAIR, until=TODAY) == []
        assert not Settlement.objects.exists()
        assert not Transfer.objects.exists()


# -- matching --------------------------------------------------------------------------------------


def csv(*rows, head="reference,amount,date"):
    return "\n".join([head, *rows]).encode()


def taken(content, entity=None, name="bank.csv"):
    with owner():
        return matching.take_in(
            centre=KHUWAIR, entity=entity, file_name=name, content=content, at=TOMORROW, by=SALIM
        )


def unmatched(entity=None):
    with owner():
        return [
            (one.side, one.reference, one.till_baisa, one.file_baisa)
            for one in matching.unmatched(centre=KHUWAIR, entity=entity)
        ]


def test_cards_that_the_bank_says_alike_are_not_listed():
    sent(reference="48151623")
    taken(csv("48151623,34.200,2025-09-30"))

    assert unmatched() == []


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("48151623,34.100,2025-09-30", [("amount", "48151623", 34_200, 34_100)]),
        ("99999999,5.000,2025-09-30",
         [("till", "48151623", 34_200, None), ("file", "99999999", None, 5_000)]),
        ("99999999,5.000,2025-09-29", [("file", "99999999", None, 5_000)]),
    ],
    ids=["amount", "both sides alone", "the file does not reach the day yet"],
)  # fmt: skip
def test_cards_that_differ_are_listed(row, found):
    sent(reference="48151623")
    taken(csv(row))

    assert sorted(unmatched()) == sorted(found)


def test_an_entity_is_matched_with_the_till_and_the_line():
    walk = sent()
    with owner():
        code = walk.view().line.code
    taken(csv(f"{code},30.000,2025-09-30", "NOT-OURS,1.000,2025-09-30"), entity=HEALTH)

    assert sorted(unmatched(HEALTH)) == [
        ("file", "NOT-OURS", None, 1_000), ("line", code, FEE, FEE),
    ]  # fmt: skip


def test_an_explained_line_leaves_the_list():
    taken(csv("99999999,5.000,2025-09-30"))
    with owner():
        line = StatementLine.objects.get()
        with pytest.raises(matching.ExplanationMissing):
            matching.explain(line=line.id, why="ok", at=TOMORROW, by=SALIM)
        matching.explain(line=line.id, why="a sale before we had Sanad", at=TOMORROW, by=SALIM)
        with pytest.raises(matching.NoSuchLine):
            matching.explain(line=line.id, why="explained twice", at=TOMORROW, by=SALIM)
    assert unmatched() == []


def test_the_same_file_is_taken_in_once():
    taken(csv("99999999,5.000,2025-09-30"))

    with pytest.raises(matching.FileTwice):
        taken(csv("99999999,5.000,2025-09-30"), name="again.csv")
    with owner():
        assert (StatementFile.objects.count(), StatementLine.objects.count()) == (1, 1)


def test_the_unmatched_stand_by_age():
    taken(
        csv("11111111,1.000,2025-09-30", "22222222,2.000,2025-09-10", "33333333,3.000,2025-06-01")
    )
    with owner():
        found = matching.unmatched(centre=KHUWAIR)

    groups = matching.by_age(found, today=business_date(TOMORROW))

    assert [[one.reference for one in group] for _, _, group in groups] == [
        ["11111111"], ["22222222"], ["33333333"],
    ]  # fmt: skip


def test_arabic_headings_digits_and_semicolons_are_read():
    rows = read_statement("المرجع;المبلغ;التاريخ\n٤٨١٥;٣٤٫٢٠٠;٢٠٢٥-٠٩-٣٠\n".encode("utf-8-sig"))

    assert [(row.number, row.reference, row.baisa, row.on) for row in rows] == [
        (2, "4815", 34_200, TODAY)
    ]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileUnreadable),
        (b"\xff\xfe\x00reference", FileUnreadable),
        (csv(), FileUnreadable),
        (csv("1,2,3", head="who,what,when"), ColumnsMissing),
        (csv("48151623,34.2000,2025-09-30"), RowsWrong),
        (csv("48151623,34.200,30/09/2025"), RowsWrong),
        (csv(",34.200,2025-09-30"), RowsWrong),
        (csv("48151623"), RowsWrong),
        (csv(*["1234,1.000,2025-09-30"] * 5_001), TooManyRows),
    ],
    ids=["empty", "not text", "no rows", "no columns", "decimals", "date", "no reference", "short",
         "too long"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_taken_in_not_at_all(content, refusal):
    with pytest.raises(refusal) as caught:
        taken(content)

    said(caught.value)
    with owner():
        assert not StatementFile.objects.exists()


@given(content=st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_whatever_the_bytes_reading_refuses_by_name(content):
    try:
        rows = read_statement(content)
    except (FileUnreadable, ColumnsMissing, RowsWrong, TooManyRows):
        return
    assert rows


def test_moves_settlements_and_files_are_events():
    drawer = Walk().drawer_opened().made["drawer"]
    moved(drawer, CASH_IN, 500)
    sent()
    with owner():
        settled(FEE)
    taken(csv("99999999,5.000,2025-09-30"))
    from sanad.eventlog.models import Event

    with acting(system_scope()):
        kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"cash.moved", "settlement.made", "statement.taken"} <= kinds
