"""Epsilon squared of each parameter of the sweeps in importances.json, from the F of scipy's one-way analysis.

    pip install scipy==1.17.1
    python importance-shares.py < importances.json > importance-shares.json
"""

import json
import sys

import numpy as np
from scipy.stats import f_oneway, rankdata


def groups(values, ranks):
    """By value where there are few, else eight of equally many."""
    distinct = sorted(set(values), key=str)
    if len(distinct) <= 8:
        return [[r for v, r in zip(values, ranks) if v == one] for one in distinct]
    return [[ranks[i] for i in part] for part in np.array_split(np.argsort(values), 8)]


def share(values, ranks):
    """Kelley's epsilon squared (1935) by its F: (k - 1) (F - 1) / ((k - 1) F + n - k)."""
    found = groups(values, ranks)
    k, n = len(found), len(ranks)
    f = f_oneway(*found).statistic
    return max(0.0, (k - 1) * (f - 1) / ((k - 1) * f + n - k))


shares = {}
for name, sweep in json.load(sys.stdin).items():
    scores = rankdata([score for _, score in sweep["trials"]])
    columns = zip(sweep["paths"], zip(*(values for values, _ in sweep["trials"])))
    shares[name] = {path: share(list(values), scores) for path, values in columns}
json.dump(shares, sys.stdout, indent=1)
