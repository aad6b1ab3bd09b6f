"""A receipt as PDF, Arabic and English side by side, with the QR that proves it."""

import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from sanad.lib.bilingual import Text
from sanad.lib.business_day import in_muscat
from sanad.lib.money import format_omr
from sanad.till.queries import ReceiptView

PRINT = Path(__file__).parent / "print"
TEMPLATES = {"a5": "receipt.typ", "a4": "receipt.typ", "80mm": "slip.typ"}
HEADING = Text("إيصال دفع", "Payment receipt")
TOGETHER = Text("ما دُفع معًا", "Paid together")
EACH_HAS_ITS_OWN = Text(
    "لكل طلب إيصال مرقّم في الصفحات التالية، وبرمزه يُتحقق منه.",
    "Each request has a numbered receipt on the pages that follow, with the code that proves it.",
)
QR_MASK = 2
TEAL, BLACK = "#0a3f3a", "#000000"  # a thermal head knows no other ink than black
MEANS = {
    "cash": Text("نقدًا", "Cash"),
    "card": Text("بطاقة", "Card"),
    "link": Text("رابط دفع", "Payment link"),
}
CHECK = Text(
    "امسح الرمز للتحقق من صحة هذا الإيصال. لا تدفع من غير إيصال مرقّم.",
    "Scan the code to check this receipt. Do not pay without a numbered receipt.",
)


@dataclass(frozen=True)
class Sheet:
    """One receipt to print. `copy` 1 is the original; a further one says that it is a copy."""

    receipt: ReceiptView
    service: Text
    entity: Text
    copy: int


def receipt_pdf(
    receipt: ReceiptView,
    *,
    service: Text,
    entity: Text,
    centre: Text,
    place: Text,
    licence_no: str,
    copy: int,
    paper: str = "a5",
) -> bytes:
    """The bytes of one receipt's PDF, on `a5`, `a4`, or `80mm`: the roll of a thermal printer."""
    sheets = [Sheet(receipt, service, entity, copy)]
    return receipts_pdf(sheets, centre=centre, place=place, licence_no=licence_no, paper=paper)


def receipts_pdf(
    sheets: list[Sheet], *, centre: Text, place: Text, licence_no: str, paper: str = "a5"
) -> bytes:
    """One paper for several receipts: what was paid together on top, then each with its proof."""
    ink = BLACK if paper == "80mm" else TEAL
    where = {"centre": _text(centre), "place": _text(place), "licence": licence_no}
    pages = [
        _data(one.receipt, service=one.service, entity=one.entity, copy=one.copy, ink=ink) | where
        for one in sheets
    ]
    if len(sheets) > 1:
        pages.insert(0, _together(sheets) | where)
    made = _compiler().compile(
        str(PRINT / TEMPLATES[paper]), format="pdf",
        sys_inputs={"data": json.dumps(pages, ensure_ascii=False), "paper": paper},
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def _together(sheets: list[Sheet]) -> dict[str, Any]:
    """The page on top: each receipt's number, service and total, and the sum of those that hold."""
    hold = [one for one in sheets if one.receipt.voided_at is None]
    return {
        "title": "-".join(str(one.receipt.number) for one in sheets[:1]),
        "heading": _text(TOGETHER),
        "rows": [
            {
                "number": _number(one.receipt), "service": _text(one.service),
                "case": str(one.receipt.body["case"]),
                "total": format_omr(int(one.receipt.body["total_baisa"])),
            }
            for one in hold
        ],
        "total": format_omr(sum(int(one.receipt.body["total_baisa"]) for one in hold)),
        "note": _text(EACH_HAS_ITS_OWN),
    }  # fmt: skip


def _number(receipt: ReceiptView) -> str:
    return f"{receipt.centre_id:04d}-{receipt.number:06d}"


@cache
def _compiler() -> typst.Compiler:
    """One compiler a process: fonts are read once. System fonts never decide how we look."""
    fonts = settings.HOME / "node_modules" / "@expo-google-fonts" / "ibm-plex-sans-arabic"
    return typst.Compiler(
        root=str(PRINT),
        font_paths=[str(fonts / weight) for weight in ("400Regular", "700Bold")],
        ignore_system_fonts=True,
    )


def _data(
    receipt: ReceiptView, *, service: Text, entity: Text, copy: int, ink: str = TEAL
) -> dict[str, Any]:
    body = receipt.body
    facts = [
        _fact(Text("الخدمة", "Service"), service),
        _fact(Text("الجهة", "Entity"), entity),
        _code(Text("رمز الطلب", "Request"), str(body["case"])),
        _code(
            Text("التاريخ والوقت", "Date and time"),
            f"{in_muscat(receipt.issued_at):%Y-%m-%d %H:%M}",
        ),
        _fact(Text("طريقة الدفع", "Means"), MEANS[str(body["means"])]),
    ]
    if receipt.card_reference:
        facts.append(_code(Text("مرجع جهاز الدفع", "Terminal reference"), receipt.card_reference))
    return {
        "title": f"{receipt.centre_id}-{receipt.number}",
        "heading": _text(HEADING),
        "number": _number(receipt),
        "void": receipt.voided_at is not None,
        "copy": f"Copy {copy}" if copy > 1 else "",
        "copy_ar": f"نسخة {copy}",
        "facts": facts,
        "lines": _lines(body),
        "total": format_omr(int(body["total_baisa"])),
        "qr": _qr(receipt.link, ink),
        "check": _text(CHECK),
        "cap": _text(_cap(body)),
        "demonstration": bool(settings.SANAD_DEMONSTRATION),
    }


def _cap(body: dict[str, Any]) -> Text:
    """What the charge was held to: the official list, or the centre's own price."""
    cap = format_omr(int(body["cap_baisa"]))
    if body.get("price_of") == "centre":
        return Text(
            f"السعر حدده المركز إذ لا سعر له في القائمة الرسمية: \u2066{cap}\u2069 ر.ع.",
            f"Set by the centre, for the official list has no price: OMR {cap}.",
        )
    return Text(
        f"أعلى رسم معلن للمركز في هذه المرحلة: \u2066{cap}\u2069 ر.ع.",
        f"Highest published centre charge for this stage: OMR {cap}.",
    )


def _lines(body: dict[str, Any]) -> list[dict[str, Any]]:
    government = body["government_baisa"]
    return [
        _line(Text("رسم المركز", "Centre's charge"), body["centre_baisa"]),
        _line(Text("رسم حكومي محفوظ للجهة", "Government fee, held for the entity"), government),
        _line(Text("ضريبة القيمة المضافة على رسم المركز", "VAT on the centre's charge"),
              body["vat_baisa"]),
    ]  # fmt: skip


def _line(label: Text, baisa: int | None) -> dict[str, Any]:
    return {
        "label": _text(label),
        "amount": "" if baisa is None else format_omr(baisa),
        "note": _text(Text("يُحدَّد لاحقًا", "to be confirmed")),
    }


def _fact(label: Text, value: Text) -> dict[str, Any]:
    return {"label": _text(label), "value": _text(value), "code": False}


def _code(label: Text, value: str) -> dict[str, Any]:
    return {"label": _text(label), "value": {"ar": value, "en": value}, "code": True}


def _text(text: Text) -> dict[str, str]:
    return {"ar": text.ar, "en": text.en}


def _qr(link: str, ink: str) -> str:
    """The code as SVG. Level L: the link is long and the print is clean.

    The mask is given, not searched for: weighing all eight takes three quarters of the time of a
    receipt, and a signature is noise enough for any of them.
    """
    out = io.BytesIO()
    code = segno.make(link, error="l", micro=False, mask=QR_MASK, boost_error=False)
    code.save(out, kind="svg", border=1, dark=ink)
    return out.getvalue().decode()
