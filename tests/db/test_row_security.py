"""No row is seen by the wrong eyes: asked of PostgreSQL itself, for every table there is."""

import pytest
from django.db import connection

from sanad.db import security, sql
from sanad.db.security import UnguardedTables
from tests.db.probes import Table, eyes, fill, laboratory, leaks, tables, tried
from tests.network import CHAMBER, HEALTH, KHUWAIR, SOHAR
from tests.refusals import said

pytestmark = pytest.mark.usefixtures("committed")

# Tables without row-level security. A new one is noticed here, and its reason read.
EXEMPT = {
    "account_emailaddress", "account_emailconfirmation", "accounts_cache", "auth_group",
    "auth_group_permissions",
    "auth_permission", "beneficiaries_company", "catalogue_entity", "catalogue_feeline",
    "catalogue_pricelist", "catalogue_service", "catalogue_servicedefinition", "catalogue_source",
    "catalogue_withdrawal", "centres_centre", "centres_governorate", "centres_holiday",
    "centres_openingspan", "centres_servicepoint", "centres_village", "centres_wilayat",
    "db_reference",
    "django_content_type", "django_migrations", "eventlog_sealrun", "gateway_entityendpoint",
    "mfa_authenticator", "procrastinate_events", "procrastinate_jobs",
    "procrastinate_periodic_defers", "procrastinate_workers", "till_provider",
}  # fmt: skip
# Guarded because who may write is guarded; whether a portal is up is for everybody to read.
PUBLISHED = {"gateway_outage", "lab_publishedroadmap"}
ROLES = ("app_centre", "app_national", "app_entity", "app_public", "app_system", "app_login")
SIGN_IN = {"accounts_account", "accounts_assignment", "accounts_invitation", "accounts_session"}


def all_tables() -> list[Table]:
    with laboratory() as cursor:
        return tables(cursor)


def guarded() -> list[Table]:
    return [table for table in all_tables() if not table.is_exempt]


def test_every_table_forces_row_security_or_says_why_not():
    found = all_tables()

    assert sql.rows("db/unguarded_tables") == []
    assert {table.name for table in found if table.is_exempt} == EXEMPT
    assert len(found) > len(EXEMPT) + 20


def test_a_reason_has_words():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid, 'pg_class') FROM pg_class"
            " WHERE obj_description(oid, 'pg_class') LIKE 'rls-exempt:%'"
        )
        reasons = [reason for (reason,) in cursor.fetchall()]

    assert len(reasons) == len(EXEMPT)
    assert all(len(reason.split()) >= 3 for reason in reasons)


def test_khuwair_neither_sees_nor_touches_sohars_rows_in_any_table():
    with laboratory() as cursor:
        of_centres = [table for table in tables(cursor) if table.has_centre]
        fill(cursor, of_centres)

        found = [leak for table in of_centres for leak in leaks(cursor, table)]
        own = {
            table.name: _count(cursor, table, KHUWAIR)
            for table in of_centres
            if not table.is_exempt
        }

    assert found == []
    assert len(of_centres) > 20
    # The probe is not blind: what Khuwair may read, it reads.
    assert [name for name, seen in own.items() if seen == 0] == []
    assert sum(seen is not None for seen in own.values()) > 15


def test_each_table_leaks_once_its_policies_are_switched_off():
    missed = []
    with laboratory() as cursor:
        of_centres = [t for t in tables(cursor) if t.has_centre and not t.is_exempt]
        fill(cursor, of_centres)
        for table in of_centres:
            readable = _count(cursor, table, KHUWAIR) is not None
            cursor.execute(f"ALTER TABLE {table.name} DISABLE ROW LEVEL SECURITY")
            if readable and f"{table.name}: reads" not in leaks(cursor, table):
                missed.append(table.name)

    assert missed == []


def test_one_policy_too_wide_is_a_leak():
    with laboratory() as cursor:
        (table,) = [t for t in tables(cursor) if t.name == "cases_visit"]
        fill(cursor, [table])
        before = leaks(cursor, table)
        cursor.execute("CREATE POLICY oops ON cases_visit TO app_centre USING (true)")

        after = leaks(cursor, table)

    assert before == []
    assert after == ["cases_visit: reads", "cases_visit: changes", "cases_visit: adds"]


@pytest.mark.parametrize("switched_off", ["NO FORCE", "DISABLE"])
def test_a_table_without_force_is_reported(switched_off):
    with laboratory() as cursor:
        cursor.execute(f"ALTER TABLE cases_visit {switched_off} ROW LEVEL SECURITY")

        assert sql.rows("db/unguarded_tables") == [{"table": "cases_visit"}]


def test_applying_security_over_a_table_that_nobody_thought_of_changes_nothing(monkeypatch):
    with laboratory() as cursor:
        cursor.execute("CREATE TABLE forgotten (id int)")
        with pytest.raises(UnguardedTables) as caught:
            security.apply()
        cursor.execute("SELECT count(*) FROM pg_policies WHERE tablename = 'cases_visit'")
        policies = cursor.fetchone()[0]

    assert "The tables forgotten neither force row-level security" in said(caught.value)[1]
    assert policies == 2


def test_applying_security_again_drops_what_no_file_says():
    with laboratory() as cursor:
        cursor.execute("CREATE POLICY by_hand ON cases_visit TO app_public USING (true)")
        cursor.execute("GRANT SELECT ON cases_visit TO app_public")
        security.apply()
        cursor.execute("SELECT has_table_privilege('app_public', 'cases_visit', 'SELECT')")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_policies WHERE policyname = 'by_hand'")
        assert cursor.fetchone() == (0,)


def test_visitors_read_no_guarded_table_but_what_is_published():
    with laboratory() as cursor:
        chosen = [table for table in tables(cursor) if not table.is_exempt]
        fill(cursor, chosen)
        with eyes(cursor, "app_public"):
            seen = {t.name for t in chosen if tried(cursor, f"SELECT count(*) FROM {t.name}")}

    assert seen == PUBLISHED


def test_an_entity_reads_nothing_of_another_entity():
    with laboratory() as cursor:
        chosen = [table for table in tables(cursor) if not table.is_exempt]
        fill(cursor, chosen)
        with eyes(cursor, "app_entity", entity=str(HEALTH)):
            others = [t.name for t in chosen if tried(cursor, f"SELECT count(*) FROM {t.name}")]
        with eyes(cursor, "app_entity", entity=str(CHAMBER)):
            own = [t.name for t in chosen if tried(cursor, f"SELECT count(*) FROM {t.name}")]

    assert others == []
    assert "gateway_delivery" in own


def test_outside_a_scope_the_login_reads_what_signing_in_needs_and_nothing_else():
    with laboratory() as cursor:
        chosen = [table for table in tables(cursor) if not table.is_exempt]
        fill(cursor, chosen)
        with eyes(cursor, "app_login"):
            seen = {t.name for t in chosen if tried(cursor, f"SELECT count(*) FROM {t.name}")}

    assert seen == SIGN_IN


def test_no_role_reaches_past_the_parent_into_a_partition():
    with laboratory() as cursor:
        (events,) = [table for table in tables(cursor) if table.name == "eventlog_event"]
        fill(cursor, [events])
        cursor.execute("SELECT count(*) FROM eventlog_event_2025_09")
        assert cursor.fetchone()[0] == 2
        for role in ROLES:
            with eyes(cursor, role, centres=f"{{{KHUWAIR}}}"):
                assert tried(cursor, "SELECT count(*) FROM eventlog_event_2025_09") is None, role


def test_a_person_of_sohar_is_nobody_at_khuwair():
    person = "00000000-0000-7000-8000-00000000beef"
    with laboratory() as cursor:
        chosen = {t.name: t for t in tables(cursor) if t.name.startswith("beneficiaries_")}
        fill(cursor, [chosen["beneficiaries_person"], chosen["beneficiaries_identity"]])
        cursor.execute("UPDATE beneficiaries_person SET id = %s WHERE id::text ~ '9000'", [person])
        cursor.execute("UPDATE beneficiaries_identity SET person_id = %s", [person])
        cursor.execute(
            "INSERT INTO beneficiaries_personcentre (centre_id, person_id, since)"
            " VALUES (%s, %s, now())", [SOHAR, person],
        )  # fmt: skip
        seen = {}
        for centre in (KHUWAIR, SOHAR):
            with eyes(cursor, "app_centre", centres=f"{{{centre}}}"):
                seen[centre] = [
                    tried(cursor, "SELECT count(*) FROM beneficiaries_person"),
                    tried(cursor, "SELECT count(*) FROM beneficiaries_identity"),
                    tried(cursor, "UPDATE beneficiaries_person SET phone = phone"),
                ]

    assert seen == {KHUWAIR: [0, 0, 0], SOHAR: [1, 1, 1]}


def test_views_and_functions_do_not_lend_their_owners_eyes():
    """Views run with the reader's rights; a function that lends its owner's is in the snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')"
            " AND coalesce(c.reloptions::text, '') NOT LIKE '%security_invoker=true%'"
            " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
        )
        assert cursor.fetchall() == []


def _count(cursor, table: Table, centre: int) -> int | None:
    with eyes(cursor, "app_centre", centres=f"{{{centre}}}"):
        return tried(cursor, f"SELECT count(*) FROM {table.name} WHERE centre_id = %s", centre)


def test_no_application_role_may_make_or_change_a_table():
    for role in ROLES:
        with laboratory() as cursor, eyes(cursor, role):
            assert tried(cursor, "CREATE TABLE mine (id int)") is None, role
            assert tried(cursor, "ALTER TABLE cases_visit DISABLE ROW LEVEL SECURITY") is None
            assert tried(cursor, "TRUNCATE eventlog_event") is None
