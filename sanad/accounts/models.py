"""Who signs in, in which role and where.

Size: 2,350 accounts and as many assignments; a few hundred change in a year.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from sanad.accounts.roles import AT_A_CENTRE, AT_AN_ENTITY, NATIONAL, Role
from sanad.accounts.sessions import AccountSession
from sanad.lib.ids import new_id

__all__ = ["Account", "AccountSession", "Assignment", "Invitation"]


class AccountManager(BaseUserManager["Account"]):
    """Found by user name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """One person's own login. Nobody shares one and nobody works under another's name."""

    id = models.UUIDField(primary_key=True, default=new_id)
    username = models.CharField(max_length=60, unique=True)
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    nationality = models.CharField(max_length=2, default="OM")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            # People type their name with and without capitals: it is one name.
            models.UniqueConstraint(Lower("username"), name="accounts_account_username_once"),
        ]

    @property
    def is_staff(self) -> bool:
        """Django's word for its own admin site, which this product does not use."""
        return False


class Assignment(models.Model):
    """An account in a role at a place, from a moment until another. Closed, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=20)
    # The centres' room lies above this one; its first migration adds both foreign keys.
    centre_id = models.IntegerField(null=True)
    entity_id = models.IntegerField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="assignment_place_fits_role",
                condition=Q(role__in=AT_A_CENTRE, centre_id__isnull=False, entity_id__isnull=True)
                | Q(role__in=AT_AN_ENTITY, centre_id__isnull=True, entity_id__isnull=False)
                | Q(role__in=NATIONAL, centre_id__isnull=True, entity_id__isnull=True),
            ),
            models.CheckConstraint(
                name="assignment_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
            models.UniqueConstraint(
                name="assignment_live_once",
                fields=["account", "role", "centre_id", "entity_id"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["centre_id"], condition=Q(ended_at__isnull=True),
                                name="assignment_live_by_centre")]  # fmt: skip

    @property
    def role_enum(self) -> Role:
        return Role(self.role)


class Invitation(models.Model):
    """A link that lets a named person choose a password, once and for a limited time."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, models.PROTECT, related_name="invitations")
    token_hash = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
