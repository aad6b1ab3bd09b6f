"""`bin/sanad prove`: break things on purpose and count what was lost, doubled or leaked."""

from importlib import import_module
from typing import Any

import click

from sanad.cli.installation import scratch
from sanad.cli.output import emit, exit_failed, json_option

# The rounds of a release; docs/proofs.md has the small ones of the tests and the large of a soak.
PROOFS = {
    "fee-cap": 20_000, "in-doubt": 2_000, "kill9": 50, "portal-down": 200, "retries": 2_000,
}  # fmt: skip


@click.command()
@click.argument("name", type=click.Choice(sorted(PROOFS)))
@click.option("--rounds", type=click.IntRange(min=1), help="How much; a release's where left out.")
@click.option("--seed", default=2025, show_default=True, help="The same seed draws the same.")
@click.option(
    "--days", type=click.FloatRange(min=0, min_open=True), help="Of portal-down; a third."
)
@json_option
def prove(name: str, rounds: int | None, seed: int, days: float | None, as_json: bool) -> None:
    """Prove a promise on a database of its own, with a control that must fail.

    It exits 1 where anything was lost, doubled or leaked, or where the control found nothing.
    """
    more: dict[str, Any] = {"days": days} if days and name == "portal-down" else {}
    with scratch():
        proof = import_module(f"benchmarks.prove.{name.replace('-', '_')}")
        report = proof.run(rounds=rounds or PROOFS[name], seed=seed, **more)
    emit(report.document(), as_json=as_json)
    if not report.holds:
        exit_failed()
