"""What this room may record."""

from sanad.eventlog.kinds import Kind, register

register(
    Kind("quote.agreed", "The person agreed to the four lines",
         {"quote": str, "stage": str, "centre_baisa": int, "government_baisa": (int, type(None)),
          "vat_baisa": int}),
    Kind("payment.confirmed", "Money was taken",
         {"payment": str, "means": str, "baisa": int, "drawer": (str, type(None))}),
    Kind("payment.refunded", "Money was given back", {"payment": str, "means": str, "baisa": int}),
    Kind("receipt.issued", "A numbered, signed receipt was given",
         {"receipt": str, "number": int, "baisa": int}),
    Kind("receipt.printed", "A receipt was printed; more than once is a copy",
         {"receipt": str, "copy": int}),
    Kind("receipt.voided", "A receipt was voided and keeps its number",
         {"receipt": str, "number": int}),
    Kind("drawer.opened", "A drawer was opened with a float", {"drawer": str, "float_baisa": int}),
    Kind("drawer.counted", "A drawer was counted and emptied into the safe",
         {"drawer": str, "expected_baisa": int, "counted_baisa": int}),
    Kind("cash.moved", "Cash moved between drawer, safe and bank, or was moved back",
         {"move": str, "way": str, "baisa": int, "undoes": (str, type(None))}),
    Kind("settlement.made", "Held government fees were handed over to their entity",
         {"settlement": str, "entity": int, "baisa": int, "lines": int}),
    Kind("statement.taken", "A file of a bank or an entity was taken in to be matched",
         {"file": str, "lines": int}),
    Kind("statement.explained", "A line of such a file was explained", {"line": str}),
    Kind("price.set", "The centre set its own price of a service from that day on",
         {"service": str, "baisa": int}),
    Kind("day.closed", "The centre closed its day or a part of it", {"close": str}),
)  # fmt: skip
