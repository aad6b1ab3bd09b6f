"""What is remembered is what the database has: at once after a change, in every transaction."""

import pytest
from django.db import connection, transaction

from sanad.catalogue import actions as catalogue_actions
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.db import reference
from sanad.db.scope import acting, centre_scope, national_scope
from sanad.lib.business_day import business_date
from tests.committed import as_owner_of_all
from tests.network import HUDA, KHUWAIR, RENEW_MEMBERSHIP, TEN

pytestmark = pytest.mark.usefixtures("committed")
TODAY = business_date(TEN)
CENTRE_VAT = "UPDATE centres_centre SET vat_per_mille = %s WHERE id = %s"


@pytest.fixture
def counted(monkeypatch):
    """How often the counted read went to the database."""
    reads = []

    @reference.remembered
    def read(key):
        reads.append(key)
        return key

    return read, reads


def test_a_read_is_made_once_for_all_transactions(counted):
    read, reads = counted
    for _ in range(3):
        with acting(centre_scope(KHUWAIR)):
            read("a")
            read("b")

    assert reads == ["a", "b"]


def test_outside_a_scope_nothing_is_kept(counted):
    read, reads = counted
    read("a")
    read("a")

    assert reads == ["a", "a"]


def test_a_change_by_anybody_is_seen_by_the_next_transaction():
    with acting(centre_scope(KHUWAIR)):
        assert centres.centre(KHUWAIR).vat_per_mille == 50
    try:
        with as_owner_of_all() as cursor:
            cursor.execute(CENTRE_VAT, [0, KHUWAIR])
        with acting(centre_scope(KHUWAIR)):
            assert centres.centre(KHUWAIR).vat_per_mille == 0
    finally:
        with as_owner_of_all() as cursor:
            cursor.execute(CENTRE_VAT, [50, KHUWAIR])
    with acting(centre_scope(KHUWAIR)):
        assert centres.centre(KHUWAIR).vat_per_mille == 50


def test_whoever_changes_sees_it_in_the_same_transaction_and_a_rollback_takes_it_back():
    with transaction.atomic():
        with acting(national_scope()):
            assert catalogue.service(RENEW_MEMBERSHIP, TODAY).is_offered
            catalogue_actions.withdraw_service(code=RENEW_MEMBERSHIP, on=TODAY, at=TEN, by=HUDA)
            assert not catalogue.service(RENEW_MEMBERSHIP, TODAY).is_offered
        with acting(centre_scope(KHUWAIR)):
            assert not catalogue.service(RENEW_MEMBERSHIP, TODAY).is_offered
        transaction.set_rollback(True)

    with acting(centre_scope(KHUWAIR)):
        assert catalogue.service(RENEW_MEMBERSHIP, TODAY).is_offered


def test_a_change_inside_a_nested_scope_counts_outside_of_it(counted):
    read, reads = counted
    with acting(national_scope()):
        read("a")
        with acting(centre_scope(KHUWAIR)):
            reference.changed()
        read("a")

    assert reads == ["a", "a"]


def test_every_table_of_a_remembered_read_is_watched():
    with as_owner_of_all() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'reference_changed'"
        )
        watched = {name for (name,) in cursor.fetchall()}

    published = {
        name for name in connection.introspection.table_names()
        if name.startswith(("catalogue_", "centres_"))
    }  # fmt: skip
    private = {"centres_statedcosts"}  # an owner's own, and never remembered
    assert published - watched == private
