"""Prints what scikit-learn says of several labels at once: python3 several-labels.py > several-labels.json (1.9.1)."""
import json
import warnings
import numpy as np
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score

warnings.simplefilter("ignore")
random = np.random.default_rng(5)
scores = {"precision": precision_score, "recall": recall_score, "f1": f1_score}
judged = []
for rows, labels, often in [(1, 2, 0.5), (7, 2, 0.5), (40, 3, 0.3), (60, 5, 0.1), (25, 4, 0.9), (9, 6, 0.02)]:
    actual = (random.random((rows, labels)) < often).astype(int)
    ranks = np.round(actual + random.normal(0, 1, (rows, labels)), 1).astype(np.float32)
    predicted = (ranks > 0.5).astype(int)
    said = {"accuracy": float((actual == predicted).mean()), "subsetAccuracy": float(accuracy_score(actual, predicted))}
    for name, score in scores.items():
        for mean in ["macro", "micro", "weighted"]:
            said[f"{name}_{mean}"] = float(score(actual, predicted, average=mean, zero_division=0))
        for k, value in enumerate(score(actual, predicted, average=None, zero_division=0)):
            said[f"{name}_l{k}"] = float(value)
        said[name] = said[f"{name}_macro"]
    if all(0 < column.sum() < rows for column in actual.T):
        said["auc"] = float(roc_auc_score(actual, ranks, average="macro"))
    judged.append({"labels": labels, "actual": actual.flatten().tolist(), "ranks": ranks.flatten().tolist(), "said": said})
print("[" + ",\n".join(json.dumps(one) for one in judged) + "]")
