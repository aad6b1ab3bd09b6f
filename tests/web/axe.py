"""axe-core in a page: what it finds, one line each."""

from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Any) -> list[str]:
    """Rule, impact and the first places of each violation; empty when there is none.

    The script is evaluated, not inserted, so the page's content policy stays in force.
    """
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found = page.evaluate("(rules) => axe.run(document, rules)", RULES)
    return [_line(one) for one in found["violations"]]


def _line(violation: dict[str, Any]) -> str:
    places = [" ".join(map(str, node["target"])) for node in violation["nodes"][:4]]
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {'; '.join(places)}"
