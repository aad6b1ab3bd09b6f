"""A log through pm4py. Run by `benchmarks.evidence` in an environment of its own.

    python evidence_peers.py FILE [OBJECT_TYPE | CASE ACTIVITY TIME]

Knows nothing of Sanad. Prints one JSON document: the version, how many seconds reading, the map
with its times, and the variants took, and each move's and each variant's count.

XES and a log flattened from OCEL are put in order by case and time first, as pm4py does with a
table: it orders them for the map, but counts variants in the order of the file, so that cases
which overlap are cut to pieces and a trace whose times go back has moves that its variant has not.
"""

import json
import sys
import time
import warnings
from itertools import pairwise

import pandas as pd
import pm4py


def read(path, named):
    if path.endswith((".xes", ".xes.gz")):
        return pm4py.format_dataframe(pm4py.read_xes(path))
    if path.endswith((".sqlite", ".json")):
        whole = pm4py.read_ocel2(path)
        return pm4py.format_dataframe(pm4py.ocel_flattening(whole, named[0]))
    case, activity, at = named
    if path.endswith(".parquet"):
        frame = pd.read_parquet(path, columns=named)
    else:
        frame = pd.read_csv(path, usecols=named, dtype=dict.fromkeys((case, activity), "string"))
    return pm4py.format_dataframe(frame, case_id=case, activity_key=activity, timestamp_key=at)


def main(path, named):
    moments = [time.perf_counter()]
    frame = read(path, named)
    moments.append(time.perf_counter())
    moves, _starts, _ends = pm4py.discover_dfg(frame)
    pm4py.discover_performance_dfg(frame)
    moments.append(time.perf_counter())
    ways = pm4py.get_variants(frame)
    moments.append(time.perf_counter())
    return {
        "version": pm4py.__version__,
        "seconds": moments[-1] - moments[0],
        "parts": [later - earlier for earlier, later in pairwise(moments)],
        "events": len(frame),
        "cases": int(frame["case:concept:name"].nunique()),
        "activities": int(frame["concept:name"].nunique()),
        "edges": sorted([source, target, int(n)] for (source, target), n in moves.items()),
        "variants": sorted([list(way), int(n)] for way, n in ways.items()),
    }


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    pm4py.util.constants.SHOW_PROGRESS_BAR = False
    print("\n" + json.dumps(main(sys.argv[1], sys.argv[2:])))
