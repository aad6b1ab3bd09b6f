"""Inviting, accepting, removing: who may, once, and with effect at once."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import DatabaseError, IntegrityError, connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from sanad.accounts import actions, queries
from sanad.accounts.actions import (
    INVITATION_LASTS,
    InvitationOver,
    MayNotInvite,
    NotOnStaff,
    NotYourself,
    UsernameTaken,
)
from sanad.accounts.models import Account, Assignment, Invitation
from sanad.accounts.roles import AT_A_CENTRE, AT_AN_ENTITY, MAY_INVITE, NAMES, NATIONAL, Role
from sanad.accounts.sessions import AccountSession, SessionStore
from sanad.db.scope import acting, centre_scope, national_scope, system_scope
from sanad.eventlog.queries import events
from tests.network import (
    AISHA,
    BADR,
    CHAMBER,
    HUDA,
    KHUWAIR,
    PASSWORD,
    SALIM,
    SOHAR,
    TEN,
    YUSUF,
    ZAHRA,
)
from tests.refusals import said

CHOSEN = "a-long-new-password"
STAFF_KINDS = ("staff.invited", "staff.accepted", "staff.removed")


def invite(username: str = "layla", role: Role = Role.OPERATOR, centre: int = KHUWAIR) -> str:
    with acting(centre_scope(centre, account=SALIM)):
        return actions.invite(
            username=username, name_ar="ليلى", name_en="Layla", role=role,
            inviter_role=Role.OWNER, centre=centre, at=TEN, by=SALIM,
        )  # fmt: skip


def accept(token: str, at=TEN, password: str = CHOSEN) -> Account:
    with acting(system_scope()):
        return actions.accept(token=token, password=password, at=at)


def recorded() -> list[tuple[str, dict]]:
    with acting(system_scope()):
        return [(e.kind, e.payload) for e in events(kinds=STAFF_KINDS).order_by("recorded_at")]


@pytest.mark.django_db
def test_an_invitation_leads_to_a_password_once():
    token = invite()
    account = Account.objects.get(username="layla")
    assert not account.has_usable_password()

    accepted = accept(token, at=TEN + timedelta(days=1))

    assert accepted.id == account.id
    assert authenticate(username="LAYLA", password=CHOSEN).id == account.id
    with pytest.raises(InvitationOver) as caught:
        accept(token, password="another-long-password")
    said(caught.value)
    assert authenticate(username="layla", password=CHOSEN).id == account.id
    assert recorded() == [
        ("staff.invited", {"account": str(account.id), "role": "operator"}),
        ("staff.accepted", {"account": str(account.id)}),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "open_"), [(0, True), (6.9, True), (7, False), (8, False)])
def test_an_invitation_lasts_seven_days(days, open_):
    token = invite()
    assert timedelta(days=7) == INVITATION_LASTS
    at = TEN + timedelta(days=days)

    if open_:
        assert accept(token, at=at).username == "layla"
    else:
        with pytest.raises(InvitationOver):
            accept(token, at=at)
        assert not Account.objects.get(username="layla").has_usable_password()


@pytest.mark.django_db
def test_a_secret_that_nobody_made_opens_nothing_and_the_secret_is_not_kept():
    token = invite()
    with pytest.raises(InvitationOver):
        accept("x" * 32)

    kept = bytes(Invitation.objects.get(account__username="layla").token_hash)
    assert token.encode() not in kept
    assert kept == queries.hash_token(token)


@pytest.mark.django_db
def test_an_account_that_has_a_password_is_not_opened_by_an_invitation():
    """An owner who puts somebody else's account on their own list cannot sign in as them."""
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        Assignment(account_id=HUDA, role="operator", centre_id=KHUWAIR, started_at=TEN).save(
            force_insert=True
        )
        Invitation(
            account_id=HUDA, token_hash=queries.hash_token("stolen"), made_at=TEN,
            expires_at=TEN + timedelta(days=1),
        ).save(force_insert=True)  # fmt: skip

    with pytest.raises(InvitationOver):
        accept("stolen")
    assert authenticate(username="huda", password=PASSWORD).id == HUDA


@pytest.mark.django_db
def test_a_centre_makes_no_invitation_for_somebody_who_is_not_its_operator():
    for account in (HUDA, ZAHRA, SALIM):
        with (
            pytest.raises(DatabaseError, match="row-level security"),
            acting(centre_scope(KHUWAIR, account=SALIM)),
        ):
            Invitation(
                account_id=account, token_hash=b"x", made_at=TEN, expires_at=TEN,
            ).save(force_insert=True)  # fmt: skip


@given(st.sampled_from(list(Role)), st.sampled_from(list(Role)))
def test_the_matrix_of_who_may_invite_whom(inviter, role):
    """Nobody gives a right they have not; only the administrator makes an administrator."""
    allowed = role in MAY_INVITE.get(inviter, frozenset())

    if role in {Role.ADMINISTRATOR, Role.MINISTRY}:
        assert allowed == (inviter is Role.ADMINISTRATOR)
    if inviter in {Role.OPERATOR, Role.INSPECTOR, Role.ENTITY_OFFICER, Role.ANALYST}:
        assert not allowed
    if inviter is Role.OWNER:
        assert allowed == (role is Role.OPERATOR)


@pytest.mark.django_db
@pytest.mark.parametrize("inviter", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_outside_the_matrix_is_refused_and_nothing_is_made(inviter, role):
    before = Account.objects.count(), Assignment.objects.count()
    allowed = role in MAY_INVITE.get(inviter, frozenset())
    place = {"centre": KHUWAIR} if role in AT_A_CENTRE else {}
    place |= {"entity": CHAMBER} if role in AT_AN_ENTITY else {}

    with acting(national_scope(YUSUF)):
        arguments = {
            "username": "new", "name_ar": "جديد", "name_en": "New", "role": role,
            "inviter_role": inviter, "at": TEN, "by": YUSUF, **place,
        }  # fmt: skip
        if allowed:
            assert actions.invite(**arguments)
        else:
            with pytest.raises(MayNotInvite) as caught:
                actions.invite(**arguments)
            said(caught.value)

    made = int(allowed)
    assert (Account.objects.count(), Assignment.objects.count()) == (
        before[0] + made, before[1] + made,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("taken", ["aisha", "Aisha", "AISHA"])
def test_a_user_name_is_one_name_whatever_its_case(taken):
    before = Account.objects.count()

    with pytest.raises(UsernameTaken) as caught:
        invite(taken)

    assert taken in said(caught.value)[1]
    assert Account.objects.count() == before
    assert recorded() == []


@pytest.mark.django_db
def test_a_role_at_the_wrong_kind_of_place_is_not_called_a_taken_name():
    with (
        pytest.raises(IntegrityError, match="assignment_place_fits_role"),
        acting(national_scope(YUSUF)),
    ):
        actions.invite(
            username="new", name_ar="جديد", name_en="New", role=Role.OPERATOR,
            inviter_role=Role.ADMINISTRATOR, at=TEN, by=YUSUF,
        )  # fmt: skip


@pytest.mark.django_db
def test_an_owner_invites_to_their_own_centre_alone():
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        acting(centre_scope(KHUWAIR, account=SALIM)),
    ):
        actions.invite(
            username="new", name_ar="جديد", name_en="New", role=Role.OPERATOR,
            inviter_role=Role.OWNER, centre=SOHAR, at=TEN, by=SALIM,
        )  # fmt: skip


def signed_in(client, account) -> str:
    """A session of the account, as signing in makes one; its key."""
    client.force_login(Account.objects.get(pk=account), settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.django_db
def test_a_session_knows_whose_it_is(client):
    key = signed_in(client, AISHA)

    assert AccountSession.objects.get(pk=key).account_id == AISHA
    nobody = SessionStore()
    nobody["language"] = "ar"
    nobody.save()
    assert AccountSession.objects.get(pk=nobody.session_key).account_id is None


@pytest.mark.django_db
def test_a_removal_ends_every_session_of_that_person_at_once_and_no_other(client):
    client_b, client_c = Client(), Client()
    signed_in(client, AISHA)
    signed_in(client_b, AISHA)
    kept = signed_in(client_c, BADR)
    assert client.get("/home/").status_code == 200

    with acting(centre_scope(KHUWAIR, account=SALIM)):
        actions.remove(account=AISHA, centre=KHUWAIR, remover_role=Role.OWNER, at=TEN, by=SALIM)

    for browser in (client, client_b):
        answer = browser.get("/home/")
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")
    assert client_c.get("/home/").status_code == 200
    assert [s.pk for s in AccountSession.objects.exclude(account_id=None)] == [kept]
    assert queries.seats_of(AISHA) == []
    assert recorded() == [("staff.removed", {"account": str(AISHA), "role": "operator"})]


@pytest.mark.django_db
def test_a_removed_person_cannot_be_removed_again(client):
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        actions.remove(account=AISHA, centre=KHUWAIR, remover_role=Role.OWNER, at=TEN, by=SALIM)
        with pytest.raises(NotOnStaff) as caught:
            actions.remove(account=AISHA, centre=KHUWAIR, remover_role=Role.OWNER, at=TEN, by=SALIM)
    said(caught.value)


@pytest.mark.django_db
def test_nobody_removes_themselves_or_another_centres_people(client):
    key = signed_in(client, ZAHRA)
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        with pytest.raises(NotYourself) as caught:
            actions.remove(account=SALIM, centre=KHUWAIR, remover_role=Role.OWNER, at=TEN, by=SALIM)
        said(caught.value)
        with pytest.raises(NotOnStaff):
            actions.remove(account=ZAHRA, centre=SOHAR, remover_role=Role.OWNER, at=TEN, by=SALIM)
        assert actions.end_sessions(ZAHRA) == 0

    assert AccountSession.objects.filter(pk=key).exists()
    assert len(queries.seats_of(ZAHRA)) == 1


@pytest.mark.django_db
def test_whoever_may_not_give_a_role_may_not_end_it(client):
    key = signed_in(client, AISHA)
    with acting(centre_scope(KHUWAIR, account=BADR)), pytest.raises(actions.MayNotRemove) as caught:
        actions.remove(account=AISHA, centre=KHUWAIR, remover_role=Role.OPERATOR, at=TEN, by=BADR)
    said(caught.value)

    assert AccountSession.objects.filter(pk=key).exists()
    assert len(queries.seats_of(AISHA)) == 1
    assert recorded() == []


@pytest.mark.django_db
def test_an_assignment_is_closed_and_never_deleted():
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        actions.remove(account=BADR, centre=KHUWAIR, remover_role=Role.OWNER, at=TEN, by=SALIM)

    kept = Assignment.objects.get(account_id=BADR)
    assert (kept.ended_at, kept.role) == (TEN, "operator")
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        acting(centre_scope(KHUWAIR, account=SALIM)),
    ):
        Assignment.objects.filter(account_id=AISHA).delete()


@pytest.mark.django_db
@pytest.mark.parametrize("statement", [
    "SELECT password FROM accounts_account",
    "UPDATE accounts_account SET password = 'x'",
    "UPDATE accounts_account SET username = 'x'",
    "SELECT session_key FROM accounts_session",
    "SELECT session_data FROM accounts_session",
    "UPDATE accounts_assignment SET role = 'ministry'",
])  # fmt: skip
@pytest.mark.parametrize(
    "scope", [centre_scope(KHUWAIR), national_scope()], ids=["centre", "national"]
)
def test_inside_a_scope_nobody_reads_or_sets_what_opens_an_account(scope, statement):
    with pytest.raises(DatabaseError, match="permission denied"), acting(scope):
        sql_of_a_scope(statement)


def sql_of_a_scope(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_a_centre_sees_the_names_of_its_own_people():
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        names = queries.names_of({AISHA, SALIM, ZAHRA, HUDA})
        staff = [member.username for member in queries.staff_of(KHUWAIR)]

    assert set(names) == {AISHA, SALIM}
    assert staff == ["salim", "aisha", "badr"]


def test_every_role_has_a_place_and_a_name():
    assert AT_A_CENTRE | AT_AN_ENTITY | NATIONAL == set(Role) == set(NAMES)
    assert not AT_A_CENTRE & NATIONAL
