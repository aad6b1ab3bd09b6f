"""How long a receipt takes as PDF. Prints one JSON document; milliseconds in this process.

bin/sanad demo --no-serve && .venv/bin/python -m benchmarks.receipt_pdf
"""

import json
import os
import statistics
import time
from datetime import UTC, datetime
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanad.settings")

import django

django.setup()

from sanad.beneficiaries.queries import keyring  # noqa: E402
from sanad.lib.bilingual import Text  # noqa: E402
from sanad.till.queries import ReceiptView  # noqa: E402
from sanad.till.receipt_pdf import receipt_pdf  # noqa: E402
from sanad.till.receipts import canonical, proof_link  # noqa: E402

ROUNDS = 200


def receipt(number: int) -> ReceiptView:
    """A signed receipt with its own number, so that no two documents are alike."""
    body = {
        "centre": 4, "number": number, "case": "ABCD-EFGH-JKLM",
        "at": "2025-09-30T06:00:00+00:00", "means": "cash", "centre_baisa": 4_000,
        "cap_baisa": 4_000, "government_baisa": 30_000, "vat_baisa": 200, "total_baisa": 34_200,
    }  # fmt: skip
    signed = canonical(body)
    link = proof_link(signed, *keyring().sign(signed.encode()))
    at = datetime(2025, 9, 30, 6, tzinfo=UTC)
    return ReceiptView(uuid4(), uuid4(), number, 4, body, at, None, 0, link, 35_000, "")


def one(number: int) -> float:
    """Milliseconds for one receipt."""
    view = receipt(number)
    started = time.perf_counter()
    pdf = receipt_pdf(
        view,
        service=Text("تجديد بطاقة مقيم وعمل (عامل)", "Renew resident and work card (worker)"),
        entity=Text("وزارة الصحة", "Ministry of Health"),
        centre=Text("مركز الأفق – الخوير", "Al Ufuq centre – Al Khuwair"),
        place=Text("بوشر", "Bawshar"),
        licence_no="DEMO-0004",
        copy=1,
    )
    assert pdf.startswith(b"%PDF")
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """The first one reads the fonts and is told apart."""
    first = one(0)
    times = sorted(one(number) for number in range(1, ROUNDS + 1))
    print(
        json.dumps(
            {
                "rounds": ROUNDS,
                "first_ms": round(first, 1),
                "median_ms": round(statistics.median(times), 1),
                "p95_ms": round(times[int(ROUNDS * 0.95)], 1),
                "worst_ms": round(times[-1], 1),
            }
        )
    )


if __name__ == "__main__":
    main()
