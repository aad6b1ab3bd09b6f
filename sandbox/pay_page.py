"""The page on which a person pays. It says that it stands in for a provider and takes no money."""

from html import escape
from typing import Final

from sandbox import payments
from sandbox.http import Request, Response, Route
from sandbox.world import World

_PAGE: Final = """<!doctype html>
<html lang="ar" dir="rtl">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>صفحة دفع تجريبية – Payment page, simulated</title></head>
<body>
<main>
<h1>صفحة دفع تجريبية</h1>
<p>هذه محاكاة تقوم مقام مزود خدمة الدفع. لا تُطلب هنا بطاقة ولا يُدفع مال حقيقي.</p>
<h1 lang="en" dir="ltr">Payment page, simulated</h1>
<p lang="en" dir="ltr">This stands in for a payment provider. No card is asked for and no real money
moves.</p>
<p>المبلغ <strong><bdi dir="ltr">{amount}</bdi></strong> ر.ع. –
<span lang="en" dir="ltr">Amount OMR <strong>{amount}</strong></span></p>
<p>المرجع – <span lang="en">Reference</span> <bdi dir="ltr">{reference}</bdi></p>
<p role="status"><strong>{ar}</strong> – <strong lang="en" dir="ltr">{en}</strong></p>
{form}
</main>
</body>
</html>
"""
_FORM: Final = """<form method="post">
<p><button name="do" value="pay">ادفع – <span lang="en" dir="ltr">Pay</span></button>
<button name="do" value="decline">ارفض – <span lang="en" dir="ltr">Decline</span></button></p>
</form>"""
_STATUSES: Final = {
    "open": ("لم يُدفع بعد", "Not paid yet"),
    "confirmed": ("تم الدفع", "Paid"),
    "declined": ("رُفض الدفع", "Declined"),
    "cancelled": ("أُلغي الطلب من المركز", "Withdrawn by the centre"),
    "refunded": ("رُدّ المبلغ", "Given back"),
}
_DOES: Final = {b"do=pay": "confirmed", b"do=decline": "declined"}
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'",
}


def page(world: World, request: Request, payment_id: str) -> Response:
    row = payments.found(world, payment_id)
    ar, en = _STATUSES[row["status"]]
    rials, baisa = divmod(row["amount_baisa"], 1000)
    text = _PAGE.format(
        amount=f"{rials:,}.{baisa:03d}",
        reference=escape(row["provider_ref"]),
        ar=ar,
        en=en,
        form=_FORM if row["status"] == "open" else "",
    )
    return Response(200, text.encode(), _HEADERS)


def act(world: World, request: Request, payment_id: str) -> Response:
    """The person pays or declines; whatever else is sent changes nothing."""
    wanted = _DOES.get(request.body.strip())
    if wanted:
        payments.settle(world, payment_id, wanted)
    return page(world, request, payment_id)


ROUTES: Final[list[Route]] = [
    ("GET", "/pay/{payment_id}", page),
    ("POST", "/pay/{payment_id}", act),
]
