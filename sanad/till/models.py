"""Quotes, payments, receipts, drawers, and the ledger they are posted to.

Size a quarter: 800,000 quotes of about two lines, payments and receipts; about three transfers a
payment, 2.4 million rows of about 120 bytes.
"""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from sanad.lib.ids import new_id
from sanad.till.rules import ACCOUNTS, CASH_MOVES, MEANS, PAYMENT_STATES


class Quote(models.Model):
    """What a case costs, in four lines, as it was shown and agreed to."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="quotes")
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    stage = models.CharField(max_length=12)
    round = models.SmallIntegerField(default=1)  # the how-manieth time this stage is done
    centre_baisa = models.BigIntegerField()
    government_baisa = models.BigIntegerField(null=True)  # null: to be confirmed by the entity
    vat_baisa = models.BigIntegerField()
    made_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quote_not_negative",
                condition=Q(centre_baisa__gte=0, vat_baisa__gte=0)
                & (Q(government_baisa__isnull=True) | Q(government_baisa__gte=0)),
            ),
            models.UniqueConstraint(
                name="quote_one_live_per_stage",
                fields=["case", "stage", "round"],
                condition=Q(replaced_at__isnull=True),
            ),
        ]


class OwnPrice(models.Model):
    """What a centre charges for a service that the official list has no price for.

    Some 135 services a centre, each set about once a year. A price is closed and never edited;
    one that was replaced on its own day has an empty span. sql/own_prices.sql holds the rest: no
    two at once, and no posting by a price of another centre, service or day.
    """

    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    service = models.ForeignKey("catalogue.Service", models.PROTECT)
    baisa = models.BigIntegerField()
    valid = DateRangeField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="own_price_not_negative", condition=Q(baisa__gte=0)),
        ]


ONE_PRICE = Q(fee_line__isnull=False, own_price__isnull=True) | Q(
    fee_line__isnull=True, own_price__isnull=False
)


class QuoteLine(models.Model):
    """The centre's charge for one stage. The cap comes with its price and cannot be forged.

    The price is a line of the official list, or the centre's own where the list has none.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    quote = models.ForeignKey(Quote, models.PROTECT, related_name="lines")
    centre_id = models.IntegerField()
    stage = models.CharField(max_length=12)
    fee_line = models.ForeignKey("catalogue.FeeLine", models.PROTECT, null=True)
    own_price = models.ForeignKey(OwnPrice, models.PROTECT, null=True)
    cap_baisa = models.BigIntegerField()  # for each unit, as in the price
    units = models.SmallIntegerField(default=1)
    baisa = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="quote_line_once_a_stage", fields=["quote", "stage"]),
            models.CheckConstraint(name="quote_line_one_price", condition=ONE_PRICE),
            models.CheckConstraint(
                name="quote_line_below_cap",
                condition=Q(baisa__gte=0, units__gte=1, baisa__lte=F("cap_baisa") * F("units")),
            ),
        ]


class Drawer(models.Model):
    """A cash drawer from its float to its count. One is open for an operator at a time."""

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    account_id = models.UUIDField()
    business_date = models.DateField()
    opened_at = models.DateTimeField()
    float_baisa = models.BigIntegerField()
    counted_at = models.DateTimeField(null=True)
    counted_baisa = models.BigIntegerField(null=True)
    expected_baisa = models.BigIntegerField(null=True)
    variance_reason = models.CharField(max_length=200, blank=True)
    # How many of each note and coin, by its baisa, where they were counted so.
    pieces = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="drawer_one_open_per_operator",
                fields=["account_id"],
                condition=Q(counted_at__isnull=True),
            ),
            models.CheckConstraint(
                name="drawer_amounts",
                condition=Q(float_baisa__gte=0)
                & (Q(counted_baisa__isnull=True) | Q(counted_baisa__gte=0)),
            ),
            models.CheckConstraint(
                name="drawer_counted_whole",
                condition=Q(
                    counted_at__isnull=True, counted_baisa__isnull=True, expected_baisa__isnull=True
                )
                | Q(
                    counted_at__isnull=False,
                    counted_baisa__isnull=False,
                    expected_baisa__isnull=False,
                ),
            ),
        ]


class DayClose(models.Model):
    """The end of a stretch of a centre's day; a day may have several."""

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    business_date = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.UUIDField()
    figures = models.JSONField()  # amounts by account, in baisa, as the ledger had them

    class Meta:
        indexes = [models.Index(fields=["centre", "business_date"])]


class Payment(models.Model):
    """Money for a quote. Its id is made where it is asked for, so a repeat is the same payment."""

    id = models.UUIDField(primary_key=True)
    quote = models.ForeignKey(Quote, models.PROTECT, related_name="payments")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="payments")
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    drawer = models.ForeignKey(Drawer, models.PROTECT, null=True)
    means = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    baisa = models.BigIntegerField()
    tendered_baisa = models.BigIntegerField(null=True)
    card_reference = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="payment_amount", condition=Q(baisa__gte=0)),
            models.CheckConstraint(name="payment_means", condition=Q(means__in=MEANS)),
            models.CheckConstraint(name="payment_state", condition=Q(state__in=PAYMENT_STATES)),
            models.UniqueConstraint(
                name="payment_one_live_per_quote",
                fields=["quote"],
                condition=~Q(state__in=("failed", "refunded")),
            ),
            models.UniqueConstraint(
                name="payment_card_reference_once",
                fields=["centre", "card_reference"],
                condition=~Q(card_reference=""),
            ),
            models.CheckConstraint(
                name="payment_tendered_enough",
                condition=Q(tendered_baisa__isnull=True) | Q(tendered_baisa__gte=F("baisa")),
            ),
        ]


class Transfer(models.Model):
    """One posting: `baisa` from the credit account to the debit account. Never changed.

    A centre's charge names its fee line, or the centre's own price, and carries its cap: above it
    nothing can be posted, and the same stage of a case cannot be charged twice. sql/caps.sql and
    sql/own_prices.sql hold what Django cannot say: the price is of this case's service and stage,
    and in force on the day.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    debit = models.CharField(max_length=16)
    credit = models.CharField(max_length=16)
    baisa = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()
    payment = models.ForeignKey(Payment, models.PROTECT, null=True)
    drawer = models.ForeignKey(Drawer, models.PROTECT, null=True)
    case_id = models.UUIDField(null=True)
    stage = models.CharField(max_length=12, blank=True)
    round = models.SmallIntegerField(default=1)
    fee_line = models.ForeignKey("catalogue.FeeLine", models.PROTECT, null=True)
    own_price = models.ForeignKey(OwnPrice, models.PROTECT, null=True)
    cap_baisa = models.BigIntegerField(null=True)
    units = models.SmallIntegerField(default=1)
    reverses = models.OneToOneField("self", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="transfer_amount", condition=Q(baisa__gt=0)),
            models.CheckConstraint(
                name="transfer_between_accounts",
                condition=Q(debit__in=ACCOUNTS, credit__in=ACCOUNTS) & ~Q(debit=F("credit")),
            ),
            models.CheckConstraint(
                name="transfer_earned_has_cap",
                condition=~Q(credit="earned")
                | (
                    Q(kind="centre_charge", cap_baisa__isnull=False, case_id__isnull=False)
                    & ONE_PRICE
                ),
            ),
            models.CheckConstraint(
                name="transfer_first_request_once",
                condition=~Q(credit="earned") | Q(round=1) | Q(stage="resend", round__gte=1),
            ),
            models.CheckConstraint(
                name="transfer_below_cap",
                condition=Q(cap_baisa__isnull=True)
                | Q(units__gte=1, baisa__lte=F("cap_baisa") * F("units")),
            ),
            models.UniqueConstraint(
                name="transfer_stage_charged_once",
                fields=["case_id", "stage", "round"],
                condition=Q(credit="earned"),
            ),
        ]
        indexes = [models.Index(fields=["centre", "at"])]


class ReceiptSeries(models.Model):
    """The last receipt number of a centre; locked last of all rows."""

    centre = models.OneToOneField("centres.Centre", models.PROTECT, primary_key=True)
    last_number = models.IntegerField(default=0)


class Receipt(models.Model):
    """A signed, numbered proof of payment. A void keeps its number."""

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    number = models.IntegerField()
    payment = models.OneToOneField(Payment, models.PROTECT)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="receipts")
    body = models.TextField()  # what is signed: canonical JSON
    key_version = models.SmallIntegerField()
    signature = models.BinaryField()
    issued_at = models.DateTimeField()
    printed = models.SmallIntegerField(default=0)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="receipt_number_once", fields=["centre", "number"]),
            models.CheckConstraint(name="receipt_from_one", condition=Q(number__gte=1)),
        ]


class CashMove(models.Model):
    """Money that moved between a drawer, the safe and the bank, and why. One or two a day.

    Its postings carry the same moment; a mistake is posted back by a move that `undoes` it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    kind = models.CharField(max_length=10)
    drawer = models.ForeignKey(Drawer, models.PROTECT, null=True)
    baisa = models.BigIntegerField()
    reason = models.CharField(max_length=200)  # for a deposit, the bank's own reference
    transfer = models.OneToOneField(Transfer, models.PROTECT)
    undoes = models.OneToOneField("self", models.PROTECT, null=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="cash_move_kind", condition=Q(kind__in=CASH_MOVES)),
            models.CheckConstraint(name="cash_move_amount", condition=Q(baisa__gt=0)),
            models.CheckConstraint(
                name="cash_move_of_drawer",
                condition=Q(kind="deposit", drawer__isnull=True)
                | Q(kind__in=("cash_in", "cash_out"), drawer__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["centre", "at"])]


class Settlement(models.Model):
    """Government fees that were handed to their entity, up to a day. One an entity and week."""

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    entity_id = models.IntegerField()
    until = models.DateField()
    baisa = models.BigIntegerField()
    paid_from = models.CharField(max_length=16)
    reference = models.CharField(max_length=60)
    transfer = models.OneToOneField(Transfer, models.PROTECT)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="settlement_amount", condition=Q(baisa__gt=0)),
            models.CheckConstraint(
                name="settlement_paid_from", condition=Q(paid_from__in=("bank", "safe"))
            ),
            models.UniqueConstraint(
                name="settlement_reference_once", fields=["centre", "entity_id", "reference"]
            ),
        ]


class SettledTransfer(models.Model):
    """A posting of government money that is handed over: once, whoever settles at the same time."""

    transfer = models.OneToOneField(Transfer, models.PROTECT, primary_key=True)
    centre_id = models.IntegerField()
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="settled")


class StatementFile(models.Model):
    """A file of a bank, a provider or an entity that the till is matched with. A few a month."""

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    kind = models.CharField(max_length=8)
    entity_id = models.IntegerField(null=True)
    file_name = models.CharField(max_length=160)
    sha256 = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="statement_kind",
                condition=Q(kind="card", entity_id__isnull=True)
                | Q(kind="entity", entity_id__isnull=False),
            ),
            models.UniqueConstraint(name="statement_file_once", fields=["centre", "sha256"]),
        ]


class StatementLine(models.Model):
    """A line of such a file. A card line names a terminal reference, an entity's a case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    file = models.ForeignKey(StatementFile, models.PROTECT, related_name="lines")
    centre_id = models.IntegerField()
    number = models.IntegerField()  # its row in the file
    reference = models.CharField(max_length=40)
    baisa = models.BigIntegerField()
    on = models.DateField()
    explained = models.CharField(max_length=200, blank=True)
    explained_at = models.DateTimeField(null=True)
    explained_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="statement_line_once", fields=["file", "number"])
        ]
        indexes = [models.Index(fields=["centre_id", "reference"])]
