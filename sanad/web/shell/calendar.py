"""Days and moments as people in Oman read them: Muscat's clock, Hijri beside Gregorian."""

import datetime as dt

from babel.dates import format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from hijridate import Gregorian

from sanad.lib.business_day import in_muscat
from sanad.web.shell.isolate import number

# Generic "ar" counts, weeks and months differ; Latin digits are asked for by name.
_LOCALES = {"ar": "ar_OM@numbers=latn", "en": "en_GB"}


def day(value: dt.date | dt.datetime, language: str) -> SafeString:
    """30 September 2025."""
    date = _date(value)
    said = _said(date, "d MMMM y", language)
    return format_html('<time datetime="{}"><bdi>{}</bdi></time>', date.isoformat(), said)


def day_long(value: dt.date | dt.datetime, language: str) -> SafeString:
    """Tuesday 30 September 2025, and the Hijri day, which is shown and never used for deadlines."""
    date = _date(value)
    return format_html(
        '<time datetime="{}"><bdi>{}</bdi></time> <span class="hijri">· <bdi>{}</bdi></span>',
        date.isoformat(),
        _said(date, "EEEE d MMMM y", language),
        hijri(date, language),
    )


def clock(value: dt.datetime | dt.time) -> SafeString:
    """10:00 in Muscat."""
    time = in_muscat(value) if isinstance(value, dt.datetime) else value
    return format_html('<time datetime="{0}">{1}</time>', f"{time:%H:%M}", number(f"{time:%H:%M}"))


def moment(value: dt.datetime, language: str) -> SafeString:
    """30 September 2025, 10:00."""
    local = in_muscat(value)
    return format_html(
        '<time datetime="{}" class="moment"><bdi>{}</bdi>{}{}</time>',
        local.isoformat(timespec="minutes"),
        _said(local.date(), "d MMMM y", language),
        "، " if language == "ar" else ", ",
        number(f"{local:%H:%M}"),
    )


def hijri(date: dt.date, language: str) -> str:
    """The day of the Umm al-Qura calendar."""
    found = Gregorian(date.year, date.month, date.day).to_hijri()
    month = found.month_name("ar" if language == "ar" else "en")
    era = "هـ" if language == "ar" else "AH"
    return f"{found.day} {month} {found.year} {era}"


def _date(value: dt.date | dt.datetime) -> dt.date:
    return in_muscat(value).date() if isinstance(value, dt.datetime) else value


def _said(date: dt.date, pattern: str, language: str) -> str:
    return format_date(date, pattern, locale=_LOCALES["ar" if language == "ar" else "en"])
