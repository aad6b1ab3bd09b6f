"""What a scanner has read, from any focus: what it is, and where it leads."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST

from sanad.cases import queries as cases
from sanad.lib.mrz import MrzRefused, is_mrz, parse_mrz
from sanad.lib.refusal import N_, Refused
from sanad.lib.tracking_code import TrackingCodeRefused, parse_code
from sanad.web.desk.line import OPERATOR
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest

LONGEST_SCAN = 2_000
CIVIL_DIGITS = 8
# What we print as a code: receipts, the page of a request, a ticket.
OURS = frozenset({"check_receipt", "track", "hall_follow"})


class ScanUnknown(Refused):
    code = "desk.scan_unknown"
    sentence = N_(
        "What was read is no card, passport, ticket, receipt or request that is known here. "
        "Read it again, or type the number."
    )


class NobodyToScanFor(Refused):
    code = "desk.nobody_to_scan_for"
    sentence = N_(
        "A card was read, but nobody's visit is open that still waits for its person. Call or "
        "start somebody first, then read the card again."
    )


@OPERATOR
@require_POST
def scan(request: SanadRequest) -> HttpResponse:
    """Where the page goes on: an address, or a form that it sends; else why not."""
    try:
        answer = _understood(request, request.POST.get("text", "")[:LONGEST_SCAN].strip())
    except Refused as refused:
        return JsonResponse({"sentence": say(refused)}, status=422)
    return JsonResponse(answer)


def _understood(request: SanadRequest, text: str) -> dict[str, Any]:
    if text.isdecimal() and len(text) == CIVIL_DIGITS:
        return _look_up(request, key_kind="civil", key=text)
    if is_mrz(text):
        document = parse_mrz(text)
        if document.kind != "TD3":  # a card's own number is nobody's key here
            raise MrzRefused
        return _look_up(request, key_kind="passport", key=document.number, name_en=document.name)
    return {"go": _address(text) or _request_address(request, text)}


def _look_up(request: SanadRequest, **fields: str) -> dict[str, Any]:
    """The same look-up as by typing, in the visit that waits for its person."""
    visit = cases.open_visit_of(request.account)
    if visit is None or visit.cases:
        raise NobodyToScanFor
    return {"post": reverse("desk_person", args=[visit.id]), "fields": {"do": "look-up", **fields}}


def _address(text: str) -> str:
    """The path of a code that we printed; never an address elsewhere."""
    try:
        parts = urlsplit(text)
        found = resolve(parts.path) if parts.scheme in ("http", "https") else None
    except (ValueError, Resolver404):
        return ""
    if found is None or found.url_name not in OURS:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _request_address(request: SanadRequest, text: str) -> str:
    try:
        found = cases.by_code(parse_code(text), at=request.at)
    except TrackingCodeRefused as error:
        raise ScanUnknown from error
    if found is None:
        raise ScanUnknown
    return reverse("desk_case", args=[found.id])
