"""The printed receipt: one A5 page with both languages, the QR, and what kind of print it is."""

import contextlib
import io
import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import segno
from django.urls import reverse

from sanad.lib.bilingual import Text
from sanad.till import receipt_pdf
from sanad.till.queries import ReceiptView
from tests.network import AISHA, TEN
from tests.till.test_receipts import BODY
from tests.walk import Walk
from tests.web_client import signed_in

RECEIPT = ReceiptView(
    id=uuid4(), case_id=uuid4(), number=7, centre_id=1, body=BODY | {"government_baisa": 30_000,
    "total_baisa": 33_150}, issued_at=datetime(2025, 9, 30, 6, 0, tzinfo=UTC), voided_at=None,
    printed=0, link="http://127.0.0.1:8000/receipts/check/?b=e30&k=1&s=AA", tendered_baisa=40_000,
    card_reference="",
)  # fmt: skip
WORDS = {
    "service": Text("تجديد عضوية", "Renew a membership"),
    "entity": Text("غرفة تجارة وصناعة عُمان", "Oman Chamber of Commerce and Industry"),
    "copy": 1,
}
PLACE = {
    "centre": Text("مركز الاختبار - الخوير", "Test centre - Al Khuwair"),
    "place": Text("بوشر", "Bawshar"), "licence_no": "TEST-0001",
}  # fmt: skip
GOLDEN = {
    "title": "1-7",
    "heading": {"ar": "إيصال دفع", "en": "Payment receipt"},
    "number": "0001-000007",
    "void": False,
    "copy": "",
    "copy_ar": "نسخة 1",
    "facts": [
        {"label": {"ar": "الخدمة", "en": "Service"},
         "value": {"ar": "تجديد عضوية", "en": "Renew a membership"}, "code": False},
        {"label": {"ar": "الجهة", "en": "Entity"},
         "value": {"ar": "غرفة تجارة وصناعة عُمان",
                   "en": "Oman Chamber of Commerce and Industry"}, "code": False},
        {"label": {"ar": "رمز الطلب", "en": "Request"},
         "value": {"ar": "7K3M-P2XQ-C", "en": "7K3M-P2XQ-C"}, "code": True},
        {"label": {"ar": "التاريخ والوقت", "en": "Date and time"},
         "value": {"ar": "2025-09-30 10:00", "en": "2025-09-30 10:00"}, "code": True},
        {"label": {"ar": "طريقة الدفع", "en": "Means"},
         "value": {"ar": "نقدًا", "en": "Cash"}, "code": False},
    ],
    "lines": [
        {"label": {"ar": "رسم المركز", "en": "Centre's charge"}, "amount": "3.000"},
        {"label": {"ar": "رسم حكومي محفوظ للجهة", "en": "Government fee, held for the entity"},
         "amount": "30.000"},
        {"label": {"ar": "ضريبة القيمة المضافة على رسم المركز",
                   "en": "VAT on the centre's charge"}, "amount": "0.150"},
    ],
    "total": "33.150",
    "check": {
        "ar": "امسح الرمز للتحقق من صحة هذا الإيصال. لا تدفع من غير إيصال مرقّم.",
        "en": "Scan the code to check this receipt. Do not pay without a numbered receipt.",
    },
    "cap": {
        "ar": "أعلى رسم معلن للمركز في هذه المرحلة: \u20663.000\u2069 ر.ع.",
        "en": "Highest published centre charge for this stage: OMR 3.000.",
    },
}  # fmt: skip


def data(receipt: ReceiptView = RECEIPT, **other) -> dict:
    return receipt_pdf._data(receipt, **(WORDS | other))


def text_of(pdf: bytes) -> str:
    """The words of the page, where the machine can read them."""
    assert pdf.startswith(b"%PDF-")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not on this machine; that the receipt compiles was checked")
    read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return read.stdout.decode()


def test_what_the_template_is_told_in_both_languages():
    found = data()
    note = {"ar": "يُحدَّد لاحقًا", "en": "to be confirmed"}
    assert all(line.pop("note") == note for line in found["lines"])

    assert found.pop("qr").startswith("<?xml")
    assert found.pop("demonstration") is False
    assert found == GOLDEN


def test_a_fee_to_be_confirmed_has_words_instead_of_an_amount():
    lines = data(replace(RECEIPT, body=BODY))["lines"]

    assert [line["amount"] for line in lines] == ["3.000", "", "0.150"]


def test_the_qr_holds_the_proof():
    drawn = io.BytesIO()
    code = segno.make(
        RECEIPT.link, error="l", micro=False, mask=receipt_pdf.QR_MASK, boost_error=False
    )
    code.save(drawn, kind="svg", border=1, dark="#0a3f3a")
    assert data()["qr"] == drawn.getvalue().decode()


def test_the_page_is_one_and_says_everything_in_both_languages():
    read = text_of(receipt_pdf.receipt_pdf(RECEIPT, **WORDS, **PLACE))
    bare = re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", read)

    for words in ("Payment receipt", "0001-000007", "7K3M-P2XQ-C", "2025-09-30 10:00", "33.150",
                  "30.000", "TEST-0001", "Test centre - Al Khuwair", "Bawshar", "Cash",
                  "Government fee, held for the entity", "OMR 3.000"):  # fmt: skip
        assert words in bare, words
    # Words whose letters do not join into one sign, which a reader of PDFs takes apart wrongly.
    for words in ("سند", "إيصال", "المركز", "الجهة", "محفوظ", "رسم", "تجديد", "امسح"):
        assert words in bare, words
    assert "VOID" not in bare and "Copy" not in bare
    assert bare.count("\f") == 1


def test_a_copy_and_a_void_say_so():
    void = replace(RECEIPT, voided_at=TEN)
    read = text_of(receipt_pdf.receipt_pdf(void, **WORDS | {"copy": 3}, **PLACE))

    assert "VOID" in read and "Copy 3" in read


def test_long_names_stay_on_the_page():
    long = Text("خدمة " * 40, "A service with a long name " * 8)
    read = text_of(receipt_pdf.receipt_pdf(RECEIPT, **WORDS | {"service": long}, **PLACE))

    assert read.count("\f") == 1


def test_names_are_data_and_never_code():
    sly = Text('#panic("x") *x* $x$ \\', "#set page(width: 1mm) // @x <y> {{z}}")
    read = text_of(receipt_pdf.receipt_pdf(RECEIPT, **WORDS | {"service": sly}, **PLACE))

    assert "#set page(width: 1mm)" in read


@pytest.mark.django_db
def test_the_desk_prints_the_original_once_and_copies_after(at_ten):
    walk = Walk().paid()
    client = signed_in(AISHA)
    address = reverse("desk_receipt", args=[walk.made["receipt"]])

    assert b"%PDF-" not in client.get(address).content
    first, second = client.post(address), client.post(address)

    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Disposition"] == 'inline; filename="receipt-1-1.pdf"'
    assert "Copy" not in text_of(first.content)
    assert "Copy 2" in text_of(second.content)


def test_a_scanner_reads_the_printed_code(tmp_path):
    if not (shutil.which("zbarimg") and shutil.which("pdftoppm")):
        pytest.skip("neither zbarimg nor pdftoppm is on this machine, so no scanner reads the code")
    paper, picture = tmp_path / "receipt.pdf", tmp_path / "receipt"
    paper.write_bytes(receipt_pdf.receipt_pdf(RECEIPT, **WORDS, **PLACE))
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", paper, picture], check=True)
    read = subprocess.run(
        ["zbarimg", "-q", "--raw", f"{picture}.png"], capture_output=True, text=True, check=True
    )

    assert read.stdout.strip() == RECEIPT.link


def unpacked(pdf: bytes) -> bytes:
    """A PDF with its compressed parts in clear."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    found = [pdf]
    for part in parts:
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(part))
    return b"\n".join(found)


@pytest.mark.parametrize(
    ("paper", "width_mm", "height_mm"), [("a5", 148, 210), ("a4", 210, 297), ("80mm", 80, None)]
)
def test_each_paper_is_one_page_of_its_size(paper, width_mm, height_mm):
    made = receipt_pdf.receipt_pdf(RECEIPT, **WORDS, **PLACE, paper=paper)

    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", unpacked(made))
    assert len(boxes) == 1
    width, height = (float(side) * 25.4 / 72 for side in boxes[0])
    assert width == pytest.approx(width_mm, abs=0.2)
    assert height_mm is None or height == pytest.approx(height_mm, abs=0.2)
    # A roll is cut where the receipt ends: long enough for all of it, and no metre of paper.
    assert height_mm is not None or 110 < height < 260


@pytest.mark.django_db
def test_the_paper_is_chosen_once_and_remembered():
    walk = Walk().paid()
    operator = signed_in(AISHA)
    page = reverse("desk_receipt", args=[walk.made["receipt"]])

    first = operator.post(page, {"paper": "80mm"})
    shown = operator.get(page).content.decode()
    strange = operator.post(page, {"paper": "a0"})

    assert first["Content-Type"] == strange["Content-Type"] == "application/pdf"
    assert re.search(r'value="80mm" checked', shown)
