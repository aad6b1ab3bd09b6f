"""Inviting, accepting and removing people."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from sanad.accounts.models import Account, Assignment, Invitation
from sanad.accounts.queries import hash_token, open_invitation
from sanad.accounts.roles import MAY_INVITE, Role
from sanad.accounts.sessions import AccountSession
from sanad.eventlog.actions import append
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused

INVITATION_LASTS = timedelta(days=7)


class MayNotInvite(Refused):
    code = "accounts.may_not_invite"
    sentence = N_(
        "Your role cannot invite somebody to this role. Ask the ministry or the administrator."
    )


class UsernameTaken(Refused):
    code = "accounts.username_taken"
    sentence = N_("The user name {username} is already taken. Choose another one.")


class InvitationOver(Refused):
    code = "accounts.invitation_over"
    sentence = N_(
        "This invitation was already used or has expired. Ask whoever invited you for a new one."
    )


class NotOnStaff(Refused):
    code = "accounts.not_on_staff"
    sentence = N_("This person does not work here any more. Reload the page to see who does.")


class MayNotRemove(Refused):
    code = "accounts.may_not_remove"
    sentence = N_("Your role cannot end the role '{role}'. Ask the ministry or the administrator.")


class NotYourself(Refused):
    code = "accounts.not_yourself"
    sentence = N_("You cannot remove yourself. Ask another person with the same right to do it.")


def invite(
    *,
    username: str,
    name_ar: str,
    name_en: str,
    role: Role,
    inviter_role: Role,
    at: datetime,
    by: UUID | None,
    centre: int | None = None,
    entity: int | None = None,
    nationality: str = "OM",
) -> str:
    """Create an account in a role and give the secret of its one invitation link.

    Raises `MayNotInvite` or `UsernameTaken`; then nothing was created.
    """
    if role not in MAY_INVITE.get(inviter_role, frozenset()):
        raise MayNotInvite
    account = Account(
        id=new_id(), username=username, name_ar=name_ar, name_en=name_en,
        nationality=nationality, created_at=at,
    )  # fmt: skip
    account.set_unusable_password()
    token = secrets.token_urlsafe(24)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            Assignment(
                id=new_id(), account=account, role=role, centre_id=centre, entity_id=entity,
                started_at=at,
            ).save(force_insert=True)  # fmt: skip
            Invitation(
                account=account, token_hash=hash_token(token), made_at=at,
                expires_at=at + INVITATION_LASTS,
            ).save(force_insert=True)  # fmt: skip
            append("staff.invited", at=at, by=by, centre=centre, account=account.id, role=role)
    except IntegrityError as error:
        if "accounts_account_username" not in str(error):
            raise
        raise UsernameTaken(username=username) from error
    return token


def accept(*, token: str, password: str, at: datetime) -> Account:
    """The invited person chooses a first password. Raises `InvitationOver`. Runs as the system.

    An account that has a password is never opened by an invitation, whoever made it.
    """
    invitation = open_invitation(token, at=at)
    if not invitation or invitation.account.has_usable_password():
        raise InvitationOver
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=at):
        raise InvitationOver
    account = invitation.account
    account.set_password(password)
    account.save(update_fields=["password"])
    append("staff.accepted", at=at, by=account.id, account=account.id)
    return account


def remove(
    *, account: UUID, centre: int | None, remover_role: Role, at: datetime, by: UUID
) -> None:
    """End a person's work at a centre, and every session of theirs, in one transaction.

    Without a centre their work for the ministry or an entity ends. Whoever may give a role may
    end it. Raises `NotYourself`, `MayNotRemove` or `NotOnStaff`; then nothing ended.
    """
    if account == by:
        raise NotYourself
    live = Assignment.objects.filter(account_id=account, centre_id=centre, ended_at=None)
    roles = list(live.values_list("role", flat=True))
    beyond = set(map(Role, roles)) - MAY_INVITE.get(remover_role, frozenset())
    if beyond:
        raise MayNotRemove(role=min(beyond))
    if not live.update(ended_at=at):
        raise NotOnStaff
    end_sessions(account)
    for role in roles:
        append("staff.removed", at=at, by=by, centre=centre, account=account, role=role)


def end_sessions(account: UUID) -> int:
    """Sign a person out everywhere at once; how many sessions ended."""
    return AccountSession.objects.filter(account_id=account).delete()[0]
