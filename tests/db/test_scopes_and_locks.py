"""Whose eyes a transaction has, and in which order it locks."""
# ruff: noqa: PT012 - a scope that is left by an error does something first

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection

from sanad.cases.models import Visit
from sanad.db import provision
from sanad.db.connect import as_administrator
from sanad.db.locks import Busy, LockedOutOfOrder, Rank, lock, lock_first_free
from sanad.db.scope import (
    NOBODY,
    acting,
    centre_scope,
    current_scope,
    entity_scope,
    national_scope,
    public_scope,
    system_scope,
)
from sanad.lib.ids import new_id
from tests.committed import at_once
from tests.network import AISHA, CHAMBER, KHUWAIR, SOHAR, TEN
from tests.refusals import said

pytestmark = pytest.mark.usefixtures("committed")
SETTINGS = ("sanad.centres", "sanad.entity", "sanad.person", "sanad.account")


def stated() -> tuple[str, ...]:
    """The role and the scope as PostgreSQL has them now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        said = []
        for name in SETTINGS:
            cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [name])
            said.append(cursor.fetchone()[0])
    return (role, *said)


def visit(centre: int) -> Visit:
    return Visit.objects.create(
        centre_id=centre, account_id=new_id(), started_at=TEN, channel="walk_in"
    )


def make_visit(centre: int = KHUWAIR) -> None:
    with acting(centre_scope(centre)):
        visit(centre)


def test_each_scope_states_its_role_and_its_rows():
    scopes = {
        centre_scope(1, 2, account=AISHA): ("app_centre", "{1,2}", "", "", str(AISHA)),
        national_scope(AISHA): ("app_national", "{}", "", "", str(AISHA)),
        entity_scope(CHAMBER): ("app_entity", "{}", "19", "", ""),
        public_scope(AISHA): ("app_public", "{}", "", str(AISHA), ""),
        system_scope(): ("app_system", "{}", "", "", ""),
    }
    for scope, expected in scopes.items():
        with acting(scope) as entered:
            assert stated() == expected
            assert current_scope() == entered == scope


def test_outside_nothing_is_visible_and_nothing_is_left_of_the_scope():
    make_visit()

    assert stated()[0] == "app_login"
    assert current_scope() is NOBODY
    with pytest.raises(DatabaseError, match="permission denied"):
        Visit.objects.count()


def test_a_nested_scope_gives_back_the_outer_one():
    with acting(centre_scope(KHUWAIR)):
        with acting(national_scope()):
            assert stated()[0] == "app_national"
            with acting(centre_scope(SOHAR)):
                assert stated()[:2] == ("app_centre", f"{{{SOHAR}}}")
            assert stated()[0] == "app_national"
        assert stated()[:2] == ("app_centre", f"{{{KHUWAIR}}}")


def test_an_error_gives_the_scope_back_and_undoes_what_was_done():
    with acting(centre_scope(KHUWAIR)):
        visit(KHUWAIR)
        with pytest.raises(ZeroDivisionError), acting(centre_scope(SOHAR)):
            visit(SOHAR)
            raise ZeroDivisionError
        assert stated()[:2] == ("app_centre", f"{{{KHUWAIR}}}")
        assert current_scope() == centre_scope(KHUWAIR)
        assert Visit.objects.count() == 1
    with pytest.raises(ZeroDivisionError), acting(centre_scope(KHUWAIR)):
        visit(KHUWAIR)
        raise ZeroDivisionError
    assert stated()[0] == "app_login"
    with acting(centre_scope(KHUWAIR, SOHAR)):
        assert Visit.objects.count() == 1


def test_an_error_of_the_database_gives_the_scope_back_too():
    with acting(centre_scope(KHUWAIR)):
        with pytest.raises(DatabaseError, match="row-level security"), acting(centre_scope(SOHAR)):
            visit(KHUWAIR)
        assert stated()[:2] == ("app_centre", f"{{{KHUWAIR}}}")


def test_a_centre_sees_its_own_rows_and_a_list_of_centres_all_of_theirs():
    make_visit(KHUWAIR)
    make_visit(SOHAR)

    seen = {}
    for centres in ((KHUWAIR,), (SOHAR,), (KHUWAIR, SOHAR), ()):
        with acting(centre_scope(*centres)):
            seen[centres] = Visit.objects.count()

    assert seen == {(KHUWAIR,): 1, (SOHAR,): 1, (KHUWAIR, SOHAR): 2, (): 0}


def test_the_serving_login_is_modest_and_a_superuser_may_not_serve():
    provision.require_modest_login()
    for login in ("postgres", "loader", "owner"):
        with as_administrator(url=None), connection.cursor() as cursor:
            cursor.execute(f"SET SESSION AUTHORIZATION {login}")
            with pytest.raises(provision.ServesTooMuch) as caught:
                provision.require_modest_login()
        assert f"The login {login} may bypass" in said(caught.value)[1]


def test_a_blind_search_is_refused():
    """With the C character type pg_trgm sees no Arabic letter, and says nothing about it."""
    name = "test_blind"
    with as_administrator(url=None, database="postgres"), connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc"
            " LC_CTYPE 'C' LC_COLLATE 'C'"
        )
    try:
        with as_administrator(url=None, database=name), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm")
            with pytest.raises(provision.BlindSearch) as caught:
                provision.require_searchable_arabic()
    finally:
        provision.drop(name=name, url=None)

    arabic, english = said(caught.value)
    assert "because the database's LC_CTYPE is C." in english
    assert provision.ARABIC_WORD in arabic
    provision.require_searchable_arabic()


def test_locks_in_order_and_the_same_rank_again():
    make_visit()
    with acting(centre_scope(KHUWAIR)):
        lock(Rank.TICKET, Visit.objects.none())
        assert len(lock(Rank.VISIT, Visit.objects.all())) == 1
        lock(Rank.VISIT, Visit.objects.all())
        lock(Rank.RECEIPT_SERIES, Visit.objects.none())


@pytest.mark.parametrize("take", [lock, lock_first_free])
def test_a_lock_out_of_order_is_a_defect(take):
    with acting(centre_scope(KHUWAIR)):
        lock(Rank.CASE, Visit.objects.all())
        with pytest.raises(LockedOutOfOrder, match="VISIT asked for while CASE is held"):
            take(Rank.VISIT, Visit.objects.all())


def test_a_nested_scope_goes_on_in_the_order_of_its_transaction():
    with acting(centre_scope(KHUWAIR)):
        lock(Rank.CASE, Visit.objects.all())
        with acting(national_scope()), pytest.raises(LockedOutOfOrder):
            lock(Rank.VISIT, Visit.objects.none())
        with acting(centre_scope(KHUWAIR)):
            lock(Rank.PAYMENT, Visit.objects.none())
        with pytest.raises(LockedOutOfOrder):
            lock(Rank.QUOTE, Visit.objects.none())


def test_what_a_failed_part_locked_is_free_again():
    with acting(centre_scope(KHUWAIR)):
        with pytest.raises(ZeroDivisionError), acting(centre_scope(KHUWAIR)):
            lock(Rank.PAYMENT, Visit.objects.all())
            raise ZeroDivisionError
        lock(Rank.VISIT, Visit.objects.all())


def test_the_next_transaction_begins_with_nothing_locked():
    for _ in range(2):
        with acting(centre_scope(KHUWAIR)):
            lock(Rank.TICKET, Visit.objects.all())
            lock(Rank.PAYMENT, Visit.objects.all())


def held_by_another(work) -> None:
    """Run `work` while another transaction holds the only visit."""
    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with acting(centre_scope(KHUWAIR)):
                lock(Rank.VISIT, Visit.objects.all())
                ready.set()
                done.wait(20)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert ready.wait(20)
    try:
        work()
    finally:
        done.set()
        holder.join()


def test_a_row_that_another_holds_is_busy(monkeypatch):
    monkeypatch.setattr("sanad.db.locks.LONGEST_WAIT", "50ms")
    make_visit()

    def work() -> None:
        with pytest.raises(Busy) as caught, acting(centre_scope(KHUWAIR)):
            lock(Rank.VISIT, Visit.objects.all())
        said(caught.value)
        with acting(centre_scope(KHUWAIR)):
            assert Visit.objects.count() == 1

    held_by_another(work)


def test_waiting_in_vain_elsewhere_in_the_transaction_is_busy_as_well(monkeypatch):
    monkeypatch.setattr("sanad.db.locks.LONGEST_WAIT", "50ms")
    make_visit()

    def work() -> None:
        with pytest.raises(Busy), acting(centre_scope(KHUWAIR)):
            lock(Rank.TICKET, Visit.objects.none())
            Visit.objects.update(ended_at=TEN)

    held_by_another(work)


def test_the_first_free_row_passes_over_the_one_that_is_held():
    make_visit()
    make_visit()
    taken = threading.Barrier(2)

    def take():
        with acting(centre_scope(KHUWAIR)):
            found = lock_first_free(Rank.VISIT, Visit.objects.order_by("id"))
            taken.wait(20)
            return found.pk

    first, second = at_once(take, take)

    assert first != second
    with acting(centre_scope(KHUWAIR)):
        assert {first, second} == set(Visit.objects.values_list("pk", flat=True))


def test_where_all_are_held_there_is_none():
    make_visit()

    def work() -> None:
        with acting(centre_scope(KHUWAIR)):
            assert lock_first_free(Rank.VISIT, Visit.objects.all()) is None

    held_by_another(work)


def test_another_failure_is_not_called_busy():
    make_visit()
    with pytest.raises(IntegrityError), acting(centre_scope(KHUWAIR)):
        one = Visit.objects.get()
        Visit.objects.create(
            id=one.pk, centre_id=KHUWAIR, account_id=AISHA, started_at=TEN, channel="walk_in"
        )
