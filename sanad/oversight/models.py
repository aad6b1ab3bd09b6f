"""Day facts: what a centre did on a day, counted from events and always rebuildable.

Size: one row a centre and day, 85,000 a quarter.
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
    cases_submitted = models.IntegerField()
    cases_returned = models.IntegerField()
    cases_decided = models.IntegerField()
    taken_cash_baisa = models.BigIntegerField()
    taken_card_baisa = models.BigIntegerField()
    refunded_cash_baisa = models.BigIntegerField()
    refunded_card_baisa = models.BigIntegerField()
    refilled_at = models.DateTimeField()
