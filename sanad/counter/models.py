"""Tickets and their series, offers to other centres, notes for the next shift.

Size: one ticket a visit, 800,000 a quarter; a series row a centre, day and group, 60,000; a row of
settings a centre that chose something; a row of turns an operator who called priority; offers and
shift notes, a few a centre and day; a row an operator who opened a screen for the client.

Cost: the line of a centre is some 40 rows at the worst peak and some 100 tickets a day, so calling
the next and listing the line each read one range of the index (centre, day, status, rank) and sort
it in memory: 0.1 ms. Where the line is kept overnight the range is eight days.
"""

from django.db import models
from django.db.models import F, Q

from sanad.counter.rules import (
    CLIENT_ANSWERS,
    IN_HAND,
    LONGEST_ONCE_KEY,
    NOTE_LENGTH,
    OFFER_STATES,
    PRIORITIES,
    SHIFT_NOTE_LENGTH,
    STATUSES,
)
from sanad.lib.ids import new_id


class TicketSeries(models.Model):
    """The last number of a group on a day at a centre: locked first of all rows."""

    id = models.BigAutoField(primary_key=True)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    business_date = models.DateField()
    group = models.CharField(max_length=2)
    last_number = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="series_once", fields=["centre", "business_date", "group"])
        ]


class Ticket(models.Model):
    """A place in line."""

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    business_date = models.DateField()
    group = models.CharField(max_length=2)
    number = models.IntegerField()
    status = models.CharField(max_length=12, default="waiting")
    service_code = models.CharField(max_length=80, blank=True)  # what was asked for at the kiosk
    issued_at = models.DateTimeField()
    rank_at = models.DateTimeField()  # its place in line: when it was issued, or put back
    called_at = models.DateTimeField(null=True)
    called_by = models.UUIDField(null=True)
    point = models.SmallIntegerField(null=True)
    calls = models.SmallIntegerField(default=0)
    hold_reason = models.CharField(max_length=200, blank=True)
    visit = models.OneToOneField("cases.Visit", models.PROTECT, null=True)
    priority = models.CharField(max_length=10, blank=True, db_default="")
    priority_confirmed_by = models.UUIDField(null=True)
    call_back_at = models.DateTimeField(null=True)  # when a held one is meant to be called
    # Where it was sent: to the line of another group, to one counter, or to one colleague.
    line_group = models.CharField(max_length=2, blank=True, db_default="")
    for_point = models.SmallIntegerField(null=True)
    for_account = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True, db_default="")
    waits_since = models.DateTimeField(null=True)  # after a first visit: a second wait is its own
    from_centre = models.ForeignKey(
        "centres.Centre", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ticket_number_once", fields=["centre", "business_date", "group", "number"]
            ),
            models.CheckConstraint(name="ticket_status", condition=Q(status__in=STATUSES)),
            models.CheckConstraint(name="ticket_priority", condition=Q(priority__in=PRIORITIES)),
            models.CheckConstraint(
                name="ticket_sent_to_one",
                condition=Q(for_point__isnull=True) | Q(for_account__isnull=True),
            ),
            models.CheckConstraint(
                name="ticket_ranked_by_arrival",
                condition=Q(rank_at__lte=F("issued_at")),
            ),
            models.UniqueConstraint(
                name="ticket_one_called_per_operator",
                fields=["called_by"],
                condition=Q(status__in=IN_HAND),
            ),
        ]
        indexes = [models.Index(fields=["centre", "business_date", "status", "rank_at"])]


class LineSetting(models.Model):
    """What a centre chose about its line. One row, so that the choices of its points agree."""

    centre = models.OneToOneField("centres.Centre", models.PROTECT, primary_key=True)
    keeps_overnight = models.BooleanField(db_default=False)
    point_groups = models.JSONField(default=dict)  # {"p1": "AB"}; a point left out serves all


class CallTurn(models.Model):
    """Whether an operator's last call passed over somebody, so that the next goes by arrival."""

    pk = models.CompositePrimaryKey("centre_id", "account_id")
    centre = models.ForeignKey("centres.Centre", models.PROTECT, db_index=False)
    account_id = models.UUIDField()
    by_arrival = models.BooleanField()


class TransferOffer(models.Model):
    """A ticket offered to another centre. Both see it; the other accepts or declines."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="offers")
    name = models.CharField(max_length=8)  # A-014, which the other centre cannot read elsewhere
    from_centre = models.ForeignKey("centres.Centre", models.PROTECT, related_name="+")
    to_centre = models.ForeignKey("centres.Centre", models.PROTECT, related_name="+")
    service_code = models.CharField(max_length=80, blank=True)
    group = models.CharField(max_length=2)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    state = models.CharField(max_length=10, default="offered")
    visit_id = models.UUIDField(null=True)  # the visit it ended, when somebody sat in it
    accepted_ticket = models.OneToOneField(Ticket, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="offer_state", condition=Q(state__in=OFFER_STATES)),
            models.CheckConstraint(
                name="offer_to_another", condition=~Q(from_centre=F("to_centre"))
            ),
            models.UniqueConstraint(
                name="offer_one_live", fields=["ticket"], condition=Q(state="offered")
            ),
            models.CheckConstraint(
                name="offer_accepted_has_ticket",
                condition=Q(state="accepted", accepted_ticket__isnull=False)
                | (~Q(state="accepted") & Q(accepted_ticket__isnull=True)),
            ),
        ]


class ShiftNote(models.Model):
    """A note for whoever sits down next, shown until somebody has taken over."""

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    text = models.CharField(max_length=SHIFT_NOTE_LENGTH)
    at = models.DateTimeField()
    by = models.UUIDField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)


class OnceKey(models.Model):
    """A call of the counter's door that carried a key, and what it was answered.

    Kept for a day, so that the same call again is the same answer; a handful a person served
    where a centre's device sends keys, none where it does not.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    account_id = models.UUIDField()
    key = models.CharField(max_length=LONGEST_ONCE_KEY)
    call_hash = models.BinaryField()  # of path and body: the same key with another call is refused
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="once_key_of_account", fields=["account_id", "key"])
        ]
        indexes = [models.Index(fields=["at"], name="once_key_at")]


class ClientScreen(models.Model):
    """The client's side of an operator's counter: a second window, or the client's own phone.

    One row an operator who ever opened one, 2,350 at most; a new one takes the place of the last.
    What is asked and answered belongs to one visit, and is nothing in another.
    """

    id = models.UUIDField(primary_key=True, default=new_id)  # what the link's token is made from
    centre = models.ForeignKey("centres.Centre", models.PROTECT, db_index=False)
    account_id = models.UUIDField()
    token_hash = models.BinaryField(unique=True)
    # A phone is its holder's, so it sees this visit only; a window stands at the counter all day.
    only_visit = models.ForeignKey("cases.Visit", models.PROTECT, null=True, db_index=False)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    visit_id = models.UUIDField(null=True)  # the visit that the rest of the row belongs to
    language = models.CharField(max_length=2, blank=True)  # touched there; empty: the person's own
    asked = models.JSONField(null=True)  # {"person", "service", "case" or null, "ends"}
    answer = models.CharField(max_length=8, blank=True)
    mark = models.BinaryField(null=True)  # signature or typed name, sealed to the person
    words_hash = models.BinaryField(null=True)  # of the words that were read

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="client_screen_one_a_counter", fields=["centre", "account_id"]
            ),
            models.CheckConstraint(name="client_answer", condition=Q(answer__in=CLIENT_ANSWERS)),
            models.CheckConstraint(
                name="client_signed_has_mark",
                condition=Q(answer="signed", mark__isnull=False, words_hash__isnull=False)
                | (~Q(answer="signed") & Q(mark__isnull=True, words_hash__isnull=True)),
            ),
        ]
