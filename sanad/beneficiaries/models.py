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
    # Entered twice: this one's things are with the other one now; see `PersonMerge`.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["phone"], name="person_phone")]

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
    case_id = models.UUIDField(db_index=True, null=True)  # null: about the person, not a case
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    # A secret link is not kept: "{link}" stands for what `opens` leads to until it is sent.
    text = models.CharField(max_length=400)
    opens = models.UUIDField(null=True)
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


class MandateRequest(models.Model):
    """A mandate asked for on the person's own phone, by a link that is answered once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, models.PROTECT)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    service = models.ForeignKey("catalogue.Service", models.PROTECT)
    token_hash = models.BinaryField(unique=True)  # SHA-256; the token is made again, never kept
    language = models.CharField(max_length=2)
    text = models.CharField(max_length=1200)  # the very words, in the person's language
    text_hash = models.BinaryField()
    ceiling_baisa = models.BigIntegerField()
    ends_at = models.DateTimeField()  # of the mandate, as the words say
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    expires_at = models.DateTimeField()  # of the link
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, blank=True)
    mandate = models.OneToOneField(Mandate, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="request_answered_whole",
                condition=Q(answer="", answered_at=None, mandate=None)
                | Q(answer="refused", answered_at__isnull=False, mandate=None)
                | Q(answer="agreed", answered_at__isnull=False, mandate__isnull=False),
            ),
            models.CheckConstraint(
                name="request_limited",
                condition=Q(ceiling_baisa__gte=0, expires_at__gt=F("made_at")),
            ),
        ]


class PersonPage(models.Model):
    """The person's own page, open for a day to whoever holds the link sent to their phone."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, models.PROTECT)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)  # whose request was tracked
    token_hash = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class DocumentConsent(models.Model):
    """The person lets one centre keep copies of documents for their next request."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, models.PROTECT)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    language = models.CharField(max_length=2)
    text_hash = models.BinaryField()  # SHA-256 of the sentence agreed to
    given_at = models.DateTimeField()
    account_id = models.UUIDField()  # at whose counter
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="consent_one_live",
                fields=["person", "centre"],
                condition=Q(withdrawn_at__isnull=True),
            )
        ]


class HeldDocument(models.Model):
    """A document kept under a consent. The file itself lies once, under its digest."""

    id = models.UUIDField(primary_key=True, default=new_id)
    consent = models.ForeignKey(DocumentConsent, models.PROTECT, related_name="documents")
    person = models.ForeignKey(Person, models.PROTECT)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    code = models.CharField(max_length=60)
    name_ar = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    file_name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=60)
    size_bytes = models.IntegerField()
    sha256 = models.BinaryField()
    expires_on = models.DateField(null=True)  # the last day on which it is valid
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="held_once", fields=["consent", "code", "sha256"])
        ]


class PersonMerge(models.Model):
    """Somebody was entered twice. `moved` says exactly what went over, so that it can go back."""

    id = models.UUIDField(primary_key=True, default=new_id)
    keep = models.ForeignKey(Person, models.PROTECT, related_name="+")
    gone = models.ForeignKey(Person, models.PROTECT, related_name="+")
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    reason = models.CharField(max_length=200)
    moved = models.JSONField()
    account_id = models.UUIDField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="merged_once", fields=["gone"], condition=Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(name="merge_of_two", condition=~Q(keep=F("gone"))),
        ]


class PersonApart(models.Model):
    """Two people who look alike and are not one; somebody said why."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    reason = models.CharField(max_length=200)
    account_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="apart_once", fields=["person", "other"])]
