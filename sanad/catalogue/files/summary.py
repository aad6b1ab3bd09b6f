"""What a checked folder holds, counted: services, fee lines, and where each field comes from."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from sanad.catalogue.files import CatalogueFileRefused, Checked
from sanad.catalogue.shapes import Catalogue


def summary(checked: Checked, arabic: Callable[[str], str]) -> dict[str, Any]:
    """The document of `catalogue check`. `arabic` is a gettext that answers in Arabic.

    `by_provenance` counts, for each field, how many services have it from which kind of source;
    `fees` counts fee lines. `services_in_full` have a definition of their own, all others
    stand in one of the `families`.
    """
    catalogue = checked.catalogue
    lines = [line for one in catalogue.price_lists for line in one.lines]
    return {
        "services": len(catalogue.services),
        "services_in_full": sum(one.family is None for one in catalogue.definitions),
        "families": {one.code: len(one.services) for one in catalogue.families},
        "entities": len(catalogue.entities),
        "price_lists": [
            {
                "code": one.code,
                "list_date": one.list_date.isoformat(),
                "demonstration_in_force_from": one.demonstration_in_force_from.isoformat(),
            }
            for one in catalogue.price_lists
        ],
        "source_lines": len(lines),
        "fee_lines": sum(line.duplicate_of is None for line in lines),
        "duplicates": [
            {"line": line.line, "duplicate_of": line.duplicate_of, "service": line.service}
            for line in lines
            if line.duplicate_of is not None
        ],
        "by_provenance": by_provenance(catalogue),
        "errors": [_error(problem, arabic) for problem in checked.problems],
    }


def by_provenance(catalogue: Catalogue) -> dict[str, dict[str, int]]:
    """For each field, how many services have it from which kind of source."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    marked = [one.provenance for one in catalogue.services]
    marked += [one.provenance for one in catalogue.definitions]
    for provenance in marked:
        for field, code in provenance.items():
            if code in catalogue.sources:
                counted[field][catalogue.sources[code].kind] += 1
    for price_list in catalogue.price_lists:
        counted["fees"][price_list.source.kind] += len(price_list.loaded_lines)
    return {field: dict(kinds) for field, kinds in sorted(counted.items())}


def _error(problem: CatalogueFileRefused, arabic: Callable[[str], str]) -> dict[str, Any]:
    what_ar, fix_ar = problem.said(arabic)
    return {
        "file": problem.file,
        "line": problem.line,
        "what": problem.what,
        "fix": problem.fix,
        "what_ar": what_ar,
        "fix_ar": fix_ar,
    }
