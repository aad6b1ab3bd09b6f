"""An address as a QR code that a page can show."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr(address: str) -> SafeString:
    """Drawn by segno as SVG from digits alone, so it is safe as it stands."""
    drawn = segno.make(address, error="m", micro=False)
    return mark_safe(drawn.svg_inline(border=2, dark="#0a3f3a", omitsize=True))  # noqa: S308
