"""People, companies and what they agreed to.

Size: 800,000 transactions a quarter by perhaps 400,000 people; one identity a person, one
person-centre row a person and centre, one mandate and two notices a case.
"""

from django.db import models
from django.db.models import F, Q

from sanad.lib.ar_norm import ar_norm
from sanad.lib.ids import new_id

CIVIL, PASSPORT = "civil", "passport"


class Person(models.Model):
    """Somebody who is served. National; a centre sees one through a `PersonCentre` row."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    name_fold = models.CharField(max_length=260)
    phone = models.CharField(max_length=16, blank=True)  # E.164
    language = models.CharField(max_length=2, default="ar")
    nationality = models.CharField(max_length=2, blank=True)
    created_at = models.DateTimeField()

    def fold_name(self) -> None:
        # A ligature may fold into many letters.
        self.name_fold = ar_norm(f"{self.name_ar} {self.name_en}")[:260]


class Identity(models.Model):
    """A number that names a person exactly: sealed, and findable only by its keyed index."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=10)
    sealed = models.BinaryField()
    index = models.BinaryField()
    last_four = models.CharField(max_length=4)

    class Meta:
        constraints = [
            models.CheckConstraint(name="identity_kind", condition=Q(kind__in=(CIVIL, PASSPORT))),
            models.UniqueConstraint(name="identity_names_one", fields=["kind", "index"]),
        ]


class PersonCentre(models.Model):
    """This centre has served this person, so it may see them."""

    pk = models.CompositePrimaryKey("centre_id", "person_id")
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT)
    since = models.DateTimeField()


class Company(models.Model):
    """A commercial registration. Its number is public."""

    id = models.UUIDField(primary_key=True, default=new_id)
    cr_number = models.CharField(max_length=20, unique=True)
    name_ar = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField()


class Mandate(models.Model):
    """A person lets a centre act: one service, a ceiling, a time. Single use."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, models.PROTECT)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    service = models.ForeignKey("catalogue.Service", models.PROTECT)
    case_id = models.UUIDField(unique=True, null=True)  # the case it was used for
    ceiling_baisa = models.BigIntegerField()
    language = models.CharField(max_length=2)
    text_hash = models.BinaryField()  # SHA-256 of the sentence agreed to
    method = models.CharField(max_length=20)
    signature_sealed = models.BinaryField()  # the drawn line, sealed
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mandate_limited",
                condition=Q(ceiling_baisa__gte=0, expires_at__gt=F("granted_at")),
            ),
        ]
        indexes = [models.Index(fields=["person", "service", "centre"])]


class Notice(models.Model):
    """A message to a person: written with what caused it, sent by the worker, once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, models.PROTECT)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    case_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    text = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)


class Reveal(models.Model):
    """Somebody looked at a masked number, and why."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, models.PROTECT)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    account_id = models.UUIDField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()


class Feedback(models.Model):
    """One rating of one case: 1 unhappy, 2 so so, 3 happy, and perhaps one reason."""

    case_id = models.UUIDField(primary_key=True)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    face = models.SmallIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="feedback_face", condition=Q(face__gte=1, face__lte=3))
        ]
