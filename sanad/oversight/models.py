"""Day facts: what was done on a day, counted from events and always rebuildable.

Size a quarter of 923 centres, 65 business days and 800,000 transactions: a row a centre and day,
60,000; a centre, service and day, 350,000; an entity, service and day, 16,000; a member of staff
and day, 150,000; a centre, day and hour, 550,000. About 100 bytes each and as much again for
indexes: 200 MB.

The great ones have no foreign key in the database: they repeat what the events say, and checking
half a million references would be the largest part of filling a quarter.
"""

from django.db import models


class DayFact(models.Model):
    """Counts of one centre's business day; deleted and refilled, never edited."""

    pk = models.CompositePrimaryKey("centre_id", "business_date")
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    business_date = models.DateField()
    tickets = models.IntegerField()
    tickets_started = models.IntegerField()
    wait_seconds_total = models.BigIntegerField()
    visits = models.IntegerField()
    cases_opened = models.IntegerField()
    transactions = models.IntegerField()
    cases_submitted = models.IntegerField()
    cases_returned = models.IntegerField()
    cases_decided = models.IntegerField()
    cases_approved = models.IntegerField()
    cases_rejected = models.IntegerField()
    decisions_timed = models.IntegerField()
    decision_seconds_total = models.BigIntegerField()
    ratings = models.IntegerField()
    ratings_happy = models.IntegerField()
    ratings_sum = models.IntegerField()
    notices = models.IntegerField()
    payments_cash = models.IntegerField()
    payments_card = models.IntegerField()
    taken_cash_baisa = models.BigIntegerField()
    taken_card_baisa = models.BigIntegerField()
    refunded_cash_baisa = models.BigIntegerField()
    refunded_card_baisa = models.BigIntegerField()
    payments_link = models.IntegerField(default=0, db_default=0)
    taken_link_baisa = models.BigIntegerField(default=0, db_default=0)
    refunded_link_baisa = models.BigIntegerField(default=0, db_default=0)
    earned_baisa = models.BigIntegerField()
    government_baisa = models.BigIntegerField()
    vat_baisa = models.BigIntegerField()
    refilled_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["business_date"], name="dayfact_by_day")]


class ServiceDayFact(models.Model):
    """What one centre did for one service on a business day."""

    pk = models.CompositePrimaryKey("business_date", "centre_id", "service")
    centre = models.ForeignKey("centres.Centre", models.PROTECT, db_constraint=False)
    business_date = models.DateField()
    service = models.CharField(max_length=80)
    cases_opened = models.IntegerField()
    transactions = models.IntegerField()
    cases_returned = models.IntegerField()
    cases_approved = models.IntegerField()
    cases_rejected = models.IntegerField()
    earned_baisa = models.BigIntegerField()
    refilled_at = models.DateTimeField()


class EntityDayFact(models.Model):
    """What went to one entity for one of its services on a business day, and what came back."""

    pk = models.CompositePrimaryKey("business_date", "entity_id", "service")
    entity = models.ForeignKey("catalogue.Entity", models.PROTECT, db_constraint=False)
    business_date = models.DateField()
    service = models.CharField(max_length=80)
    transactions = models.IntegerField()
    cases_submitted = models.IntegerField()
    cases_returned = models.IntegerField()
    cases_approved = models.IntegerField()
    cases_rejected = models.IntegerField()
    decisions_timed = models.IntegerField()
    decision_seconds_total = models.BigIntegerField()
    acknowledged = models.IntegerField()
    acknowledged_seconds_total = models.BigIntegerField()
    delayed = models.IntegerField()
    refilled_at = models.DateTimeField()


class StaffDayFact(models.Model):
    """What one person did at a centre's counter on a business day."""

    pk = models.CompositePrimaryKey("business_date", "centre_id", "account_id")
    centre = models.ForeignKey("centres.Centre", models.PROTECT, db_constraint=False)
    business_date = models.DateField()
    account_id = models.UUIDField()
    visits_served = models.IntegerField()
    counter_seconds_total = models.BigIntegerField()
    visits_timed = models.IntegerField(db_default=0)  # whose seconds are in the total
    cases_opened = models.IntegerField()
    transactions = models.IntegerField()
    taken_baisa = models.BigIntegerField()
    earned_baisa = models.BigIntegerField()
    refilled_at = models.DateTimeField()


class HourDayFact(models.Model):
    """How a centre's hall was in one hour of a business day, on Muscat's clock."""

    pk = models.CompositePrimaryKey("business_date", "centre_id", "hour")
    centre = models.ForeignKey("centres.Centre", models.PROTECT, db_constraint=False)
    business_date = models.DateField()
    hour = models.SmallIntegerField()
    tickets = models.IntegerField()
    visits = models.IntegerField()
    tickets_started = models.IntegerField()
    wait_seconds_total = models.BigIntegerField()
    refilled_at = models.DateTimeField()
