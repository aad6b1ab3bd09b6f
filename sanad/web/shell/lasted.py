"""How long something lasted, in the reader's words: the two largest units, no more."""

from datetime import timedelta

from django.utils.translation import ngettext

MINUTES_AN_HOUR, MINUTES_A_DAY = 60, 24 * 60


def in_words(lasted: timedelta) -> str:
    """ "2 days 3 hours", "5 minutes"; less than a minute is no minute."""
    minutes = max(0, int(lasted.total_seconds()) // 60)
    days, rest = divmod(minutes, MINUTES_A_DAY)
    hours, left = divmod(rest, MINUTES_AN_HOUR)
    parts = [
        (days, ngettext("{n} day", "{n} days", days)),
        (hours, ngettext("{n} hour", "{n} hours", hours)),
        (left, ngettext("{n} minute", "{n} minutes", left)),
    ]
    shown = [words.format(n=number) for number, words in parts if number][:2]
    return " ".join(shown) or parts[-1][1].format(n=left)
