"""docs/queue.md says the states of a ticket and the numbers of the rule as the program has them."""

import inspect
import re

from sanad.counter import actions, offers, rules
from sanad.counter.rules import NEXT
from tests.repository.tree import ROOT

TEXT = (ROOT / "docs" / "queue.md").read_text()
# Verbs of the table by the function that is one, where the name differs.
CALLED_OTHERWISE = {"transfer": "transfers", "end_offer": "withdraw_offer"}


def test_the_table_of_states_is_the_codes_own():
    told = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", TEXT, re.MULTILINE)

    assert told == [
        (state, verb, after) for state, verbs in NEXT.items() for verb, after in verbs.items()
    ]
    assert set(NEXT) == set(rules.STATUSES)
    assert [state for state in NEXT if not NEXT[state]] == list(rules.OVER)


def test_every_verb_of_the_table_exists():
    known = {name for module in (actions, offers) for name, _ in inspect.getmembers(module)}
    verbs = {verb for verbs in NEXT.values() for verb in verbs} - set(CALLED_OTHERWISE)

    assert verbs <= known


def test_the_numbers_of_the_rule_are_the_codes_own():
    assert f"rank is {rules.PRIORITY_MINUTES} minutes earlier" in TEXT
    assert f"not taken for {rules.SENT_MINUTES} minutes" in TEXT
    assert f"an offer, open for {rules.OFFER_MINUTES} minutes" in TEXT
    assert rules.KEPT_DAYS == 7
    assert "in\nline for seven days" in TEXT
