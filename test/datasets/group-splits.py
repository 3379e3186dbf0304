"""Prints how scikit-learn's GroupShuffleSplit and StratifiedShuffleSplit divide: python3 group-splits.py > group-splits.json (scikit-learn 1.9.1)."""
import json
import numpy as np
from sklearn.model_selection import GroupShuffleSplit, StratifiedShuffleSplit

random = np.random.default_rng(11)
grouped = []
for rows, groups in [(60, 6), (100, 25), (200, 40), (120, 12), (90, 90), (300, 7)]:
    for share in [0.1, 0.2, 0.35]:
        of = [int(one) for one in random.integers(0, groups, rows)]
        away = []
        for seed in range(20):
            split = GroupShuffleSplit(1, test_size=share, random_state=seed)
            train, test = next(split.split(np.zeros(rows), groups=of))
            assert not {of[row] for row in train} & {of[row] for row in test}
            away.append(abs(len(test) / rows - share))
        grouped.append({"of": of, "share": share, "meanAway": float(np.mean(away)), "mostAway": float(max(away))})
stratified = []
for counts in [[70, 20, 10], [33, 33, 34], [95, 5], [40, 30, 20, 10], [123, 45]]:
    labels = [k for k, count in enumerate(counts) for _ in range(count)]
    random.shuffle(labels)
    for share in [0.1, 0.25]:
        wanted = int(share * len(labels) + 1e-9)
        _, test = next(StratifiedShuffleSplit(1, test_size=wanted, random_state=0).split(np.zeros(len(labels)), labels))
        held = [int(sum(labels[row] == k for row in test)) for k in range(len(counts))]
        stratified.append({"labels": [int(one) for one in labels], "share": share, "held": held})
print(json.dumps({"grouped": grouped, "stratified": stratified}, separators=(",", ":")))
