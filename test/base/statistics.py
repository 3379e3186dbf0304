"""Prints quantiles and intervals of Student's t by scipy, as statistics.json holds them: python3 statistics.py > statistics.json (scipy 1.17.1)."""
import json
import numpy as np
from scipy import stats

random = np.random.default_rng(5)
freedoms = [*range(1, 61), 75, 99, 100, 250, 999, 9999]
samples = []
for count in [2, 3, 5, 10, 40]:
    for scale in [1e-6, 1, 1e5]:
        values = random.normal(0.8, scale, count)
        low, high = stats.t.interval(0.95, count - 1, loc=values.mean(), scale=stats.sem(values))
        samples.append({"values": [float(v) for v in values], "mean": float(values.mean()),
                        "deviation": float(values.std(ddof=1)), "low": float(low), "high": float(high)})
print(json.dumps({"quantiles": [[n, float(stats.t.ppf(0.975, n))] for n in freedoms], "samples": samples}))
