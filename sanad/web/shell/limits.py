"""How often one address may ask for a page that opens with a secret."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render

from sanad.lib.refusal import N_, Refused
from sanad.web.shell.say import say

TOO_MANY = 429


class AskedTooFast(Refused):
    code = "shell.asked_too_fast"
    sentence = N_("That was asked for very often from here. Wait a minute, then try again.")


def limited(name: str, *, most: int, seconds: int = 60) -> Callable[[Any], Any]:
    """At most `most` requests of this name from one address in `seconds`; the next gets a 429.

    Counted beside the failed sign-ins, before the view takes a visitor's eyes.
    """

    def guard(view: Any) -> Any:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            key = f"limit {name} {request.META.get('REMOTE_ADDR', '')}".replace(" ", "-")
            cache.add(key, 0, timeout=seconds)
            if _counted(key) > most:
                context = {"sentence": say(AskedTooFast())}
                return render(request, "refused.html", context, status=TOO_MANY)
            return view(request, *args, **kwargs)  # type: ignore[no-any-return]

        return guarded

    return guard


def _counted(key: str) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        return 1
