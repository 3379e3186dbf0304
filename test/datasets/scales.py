"""Prints what scikit-learn's StandardScaler makes of columns, as scales.json holds it: python3 scales.py > scales.json (scikit-learn 1.9.1)."""
import json
import numpy as np
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(7)
columns = []
for value in [0.0, 0.1, -0.1, 1 / 3, 0.7, 1e-30, 1e30, 3e38, 1e-300, 123456.789, -2.2, 5.0, 5e-324]:
    for rows in [1, 2, 3, 7, 10, 32]:
        columns.append([value] * rows)
for size in [1e-8, 1, 1e8, 1e15]:
    for spread in [1e-17, 1e-16, 1e-15, 1e-14, 1e-12, 1e-8, 1e-3, 1]:
        columns.append([float(v) for v in size * (1 + spread * random.standard_normal(12))])
for rows in [2, 5, 20]:
    columns.append([float(v) for v in random.standard_normal(rows)])
    columns.append([float(v) for v in random.integers(0, 2, rows)])
    columns.append([1.0] * (rows - 1) + [1.0 + 2**-52])
    columns.append([0.1] * (rows - 1) + [0.1 + 2**-56])
    columns.append([1e8] * (rows - 1) + [1e8 + 1e-6])
judged = []
for column in columns:
    scaler = StandardScaler().fit(np.array(column).reshape(-1, 1))
    judged.append({"column": column, "mean": float(scaler.mean_[0]), "scale": float(scaler.scale_[0])})
print("[" + ",\n".join(json.dumps(one) for one in judged) + "]")
