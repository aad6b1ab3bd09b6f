"""Quotes, payments, receipts, drawers, and the ledger they are posted to.

Size a quarter: 800,000 quotes of about two lines, payments and receipts; about three transfers a
payment, 2.4 million rows of about 120 bytes.
"""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from sanad.lib.ids import new_id
from sanad.till.rules import (
    ACCOUNTS,
    CASH_MOVES,
    DOUBTS,
    MEANS,
    PAYMENT_STATES,
    REFUND_STATES,
)


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
                name="payment_one_open_per_case",
                fields=["case"],
                condition=Q(state__in=("initiated", "in_doubt")),
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


class Pending(models.Model):
    """What is known of a payment that was not clear in the moment it was taken.

    Some thousands a quarter: every payment link, and each card payment that the terminal left
    open. It stays beside the payment after it is settled, as the account of what happened.
    """

    payment = models.OneToOneField(Payment, models.PROTECT, primary_key=True)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    means = models.CharField(max_length=12)
    taken_by = models.UUIDField()
    since = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)  # the provider has it
    provider_reference = models.CharField(max_length=40, blank=True)
    doubted_at = models.DateTimeField(null=True)
    doubt = models.CharField(max_length=12, blank=True)
    withdrawn_at = models.DateTimeField(null=True)  # we asked the provider to cancel it
    tries = models.SmallIntegerField(default=0)  # without a clear answer, since the last one
    next_ask_at = models.DateTimeField(null=True)  # null: nothing to ask of anybody
    outcome = models.CharField(max_length=12, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)  # null: the provider said so
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pending_outcome", condition=Q(outcome__in=("", "confirmed", "failed"))
            ),
            models.CheckConstraint(name="pending_doubt", condition=Q(doubt__in=("", *DOUBTS))),
            models.CheckConstraint(
                name="pending_settled_whole",
                condition=Q(outcome="", settled_at__isnull=True)
                | (~Q(outcome="") & Q(settled_at__isnull=False)),
            ),
            # Whoever took a payment does not say alone that it never was one; a provider may.
            models.CheckConstraint(
                name="pending_failed_by_another",
                condition=~Q(outcome="failed")
                | ~Q(means="card") & Q(settled_by__isnull=True)
                | (Q(settled_by__isnull=False) & ~Q(settled_by=F("taken_by"))),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_ask_at"],
                name="pending_to_ask",
                condition=Q(next_ask_at__isnull=False),
            ),
        ]


class Refund(models.Model):
    """A wish to give a payment back, and what a second person decided. Some hundreds a quarter.

    Approved and not given yet: the money is on its way through the provider.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="refunds")
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    state = models.CharField(max_length=12, default="pending")
    reason = models.CharField(max_length=400)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    note = models.CharField(max_length=200, blank=True)  # why it was declined
    drawer = models.ForeignKey(Drawer, models.PROTECT, null=True)
    reference = models.CharField(max_length=20, blank=True)  # the terminal's, of the refund
    given_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="refund_state", condition=Q(state__in=REFUND_STATES)),
            models.CheckConstraint(
                name="refund_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="refund_decided_whole",
                condition=Q(state="pending", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="pending") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="refund_given_when_approved",
                condition=Q(given_at__isnull=True) | Q(state="approved"),
            ),
            models.UniqueConstraint(
                name="refund_one_per_payment", fields=["payment"], condition=~Q(state="declined")
            ),
            models.UniqueConstraint(
                name="refund_card_reference_once",
                fields=["centre", "reference"],
                condition=~Q(reference=""),
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "asked_at"], name="refund_asked"),
            models.Index(
                fields=["next_ask_at"], name="refund_to_ask", condition=Q(next_ask_at__isnull=False)
            ),
        ]


class Provider(models.Model):
    """Where the payment provider answers and which key it signs with. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    url = models.CharField(max_length=300)
    public_key = models.BinaryField(null=True)  # Ed25519, 32 bytes
    key_checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="provider_is_one", condition=Q(id=1))]


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
