"""Prints how scikit-learn divides samples into folds, as folds.json holds it: python3 folds.py > folds.json (scikit-learn 1.9.1)."""
import json
import numpy as np
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

random = np.random.default_rng(3)
cases = []
for count, folds in [(10, 2), (10, 3), (11, 5), (23, 5), (100, 7), (5, 5), (150, 4)]:
    x = np.zeros((count, 1))
    labels = random.integers(0, 3, count)
    labels[: 3 * folds if 3 * folds <= count else 0] = np.tile([0, 1, 2], folds)[: 3 * folds if 3 * folds <= count else 0]
    groups = random.integers(0, max(folds, count // 4), count)
    groups[:folds] = np.arange(folds)
    sizes = lambda parts: [len(test) for _, test in parts]
    stratified = [test for _, test in StratifiedKFold(folds, shuffle=True, random_state=1).split(x, labels)] \
        if min(np.bincount(labels)) >= folds else None
    cases.append({
        "count": count,
        "folds": folds,
        "labels": [int(one) for one in labels],
        "groups": [int(one) for one in groups],
        "plain": sizes(KFold(folds, shuffle=True, random_state=1).split(x)),
        "stratified": None if stratified is None else [len(one) for one in stratified],
        "classes": None if stratified is None else [[int((labels[one] == k).sum()) for k in range(3)] for one in stratified],
        "grouped": sorted(sizes(GroupKFold(folds).split(x, labels, groups))),
    })
print("[" + ",\n".join(json.dumps(one) for one in cases) + "]")
