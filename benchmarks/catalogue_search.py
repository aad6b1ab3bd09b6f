"""How often the catalogue's search finds the right service in a badly typed query, and how fast.

Run after `bin/sanad init` or `bin/demo --no-serve`:

    .venv/bin/python benchmarks/catalogue_search.py [--queries 500] [--seed 2025]

Each query is the name of a random service, cut down and corrupted in one of the ways below. A
service is found when it, or one of another entity with the same name in the query's language
(the newspapers and the two lease offices share names), is among the first three results.
Prints one JSON document; the seed makes the queries again.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sanad.catalogue.files import read_catalogue
from sanad.catalogue.folding import search_fold
from sanad.catalogue.layouts import KEYBOARD, as_if_arabic
from sanad.catalogue.shapes import Service

ARABIC_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyz"
TASHKEEL = "ًٌٍَُِّْ"
FIRST = 3
_KEYS = {typed: key for key, typed in KEYBOARD.items() if typed > "\u0600"}


@dataclass(frozen=True)
class Query:
    words: str
    service: str
    name: str
    arabic: bool
    corruption: str


def fewer_words(name: str, names: list[set[str]], chance: random.Random) -> str:
    """Some of the words, as people type them, if they still tell at most three services apart."""
    words = name.split()
    for size in range(min(2, len(words)), len(words)):
        start = chance.randrange(len(words) - size + 1)
        kept = words[start : start + size]
        folded = set(search_fold(" ".join(kept)).split())
        if folded and sum(folded <= other for other in names) <= FIRST:
            return " ".join(kept)
    return name


def spelling(text: str, chance: random.Random) -> str:
    """The same word in another hand: hamza, ta marbuta, ya, vowel signs, tatweel, the article."""
    for old, new in [("أ", "ا"), ("إ", "ا"), ("ة", "ه"), ("ى", "ي"), ("ا", "أ"), ("ه", "ة")]:
        if chance.random() < 0.4:
            text = text.replace(old, new, 1)
    letters = [
        letter
        + (chance.choice(TASHKEEL) if letter in ARABIC_LETTERS and chance.random() < 0.2 else "")
        for letter in text
    ]
    words = "".join(letters).split()
    place = chance.randrange(len(words))
    word = words[place]
    if word.startswith("ال"):
        words[place] = word[2:]
    elif word[0] in ARABIC_LETTERS and chance.random() < 0.5:
        words[place] = "ال" + word
    elif len(word) > 3:
        words[place] = word[:2] + "ـ" * chance.randrange(1, 4) + word[2:]
    return " ".join(words)


def typo(text: str, chance: random.Random) -> str:
    """One letter left out, doubled, replaced, or changed with its neighbour."""
    places = [place for place, letter in enumerate(text) if letter.isalpha()]
    place = chance.choice(places)
    alphabet = ARABIC_LETTERS if text[place] > "\u0600" else LATIN_LETTERS
    match chance.randrange(4):
        case 0:
            return text[:place] + text[place + 1 :]
        case 1:
            return text[:place] + text[place] + text[place:]
        case 2:
            return text[:place] + chance.choice(alphabet) + text[place + 1 :]
    return text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]


def two_typos(text: str, chance: random.Random) -> str:
    return typo(typo(text, chance), chance)


def wrong_layout(text: str, chance: random.Random) -> str:
    """Typed by the right keys, shift included, under the other layout."""
    if text < "\u0600":
        return as_if_arabic(text)
    for typed, key in sorted(_KEYS.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(typed, key)
    return text


def wrong_layout_and_typo(text: str, chance: random.Random) -> str:
    return wrong_layout(typo(text, chance), chance)


CORRUPTIONS: dict[str, tuple[bool, Callable[[str, random.Random], str]]] = {
    "arabic spelling": (True, spelling),
    "arabic, one typo": (True, typo),
    "arabic, two typos": (True, two_typos),
    "arabic spelling and typo": (True, lambda text, chance: typo(spelling(text, chance), chance)),
    "english, one typo": (False, typo),
    "english, two typos": (False, two_typos),
    "arabic under the english layout": (True, wrong_layout),
    "arabic under the english layout, one typo": (True, wrong_layout_and_typo),
    "english under the arabic layout": (False, wrong_layout),
    "english under the arabic layout, one typo": (False, wrong_layout_and_typo),
}


def corrupted_queries(services: list[Service], count: int, seed: int) -> list[Query]:
    chance = random.Random(seed)
    folded = {
        arabic: [set(search_fold(_name(one, arabic=arabic)).split()) for one in services]
        for arabic in (True, False)
    }
    queries = []
    for number in range(count):
        corruption = list(CORRUPTIONS)[number % len(CORRUPTIONS)]
        arabic, corrupt = CORRUPTIONS[corruption]
        service = chance.choice(services)
        name = _name(service, arabic=arabic)
        meant = fewer_words(name, folded[arabic], chance) if chance.random() < 0.5 else name
        words = corrupt(meant, chance)
        queries.append(Query(words, service.code, name, arabic, corruption))
    return queries


def _name(service: Service, *, arabic: bool) -> str:
    return service.name.ar if arabic else service.name.en


def measure(queries: list[Query], search: Callable[[str], list[Any]]) -> dict[str, Any]:
    """Ask every query; shares of hits and the times in milliseconds."""
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missed: dict[str, list[str]] = defaultdict(list)
    times = []
    for query in queries:
        started = time.perf_counter()
        results = search(query.words)[:FIRST]
        times.append((time.perf_counter() - started) * 1000)
        names = {hit.name.ar if query.arabic else hit.name.en for hit in results}
        asked[query.corruption] += 1
        if query.name in names:
            found[query.corruption] += 1
        else:
            missed[query.corruption].append(f"{query.words} -> {query.service}")
    cuts = statistics.quantiles(times, n=100)
    return {
        "queries": len(queries),
        "found_in_first_three_percent": round(100 * found.total() / len(queries), 1),
        "by_corruption_percent": {
            name: round(100 * found[name] / asked[name], 1) for name in sorted(asked)
        },
        "median_ms": round(cuts[49], 2),
        "p95_ms": round(cuts[94], 2),
        "p99_ms": round(cuts[98], 2),
        "missed": dict(missed),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--queries", type=int, default=500)
    options.add_argument("--seed", type=int, default=2025)
    chosen = options.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanad.settings")
    import django

    django.setup()
    from django.conf import settings

    from sanad.catalogue import queries as catalogue
    from sanad.db.scope import acting, public_scope
    from sanad.db.supervisor import Supervisor
    from sanad.lib.clock import now

    server = Supervisor(settings.SANAD_VAR / "postgres", settings.SANAD_POSTGRES_BIN)
    with server.running(), acting(public_scope()):
        queries = corrupted_queries(list(read_catalogue().services), chosen.queries, chosen.seed)
        today = now().date()
        catalogue.search("عقد", limit=10, on=today)
        result = measure(queries, lambda words: catalogue.search(words, limit=10, on=today))
    print(json.dumps({"seed": chosen.seed, **result}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
