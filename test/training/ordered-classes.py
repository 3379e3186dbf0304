"""Prints what scikit-learn and NumPy say of classes in order: python3 ordered-classes.py > ordered-classes.json.

scikit-learn 1.9.1. Units are logits of being beyond each class but the last (Frank and Hall 2001).
"""
import json
import warnings
import numpy as np
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, log_loss, mean_absolute_error

warnings.simplefilter("ignore")
random = np.random.default_rng(7)
judged = []
for rows, classes, noise in [(1, 2, 1), (30, 2, 1), (40, 3, 0.5), (60, 5, 2), (25, 9, 3), (12, 4, 0)]:
    actual = random.integers(0, classes, rows)
    # With much noise a unit lies above the one before it, as nothing keeps nets from saying so.
    units = actual[:, None] - np.arange(classes - 1) - 0.5 + random.normal(0, 1, (rows, classes - 1)) * noise
    units = np.round(units, 2).astype(np.float32)
    beyond = 1 / (1 + np.exp(-units.astype(np.float64)))
    predicted = (beyond > 0.5).sum(axis=1)
    shares = -np.diff(np.sort(beyond, axis=1)[:, ::-1], axis=1, prepend=1, append=0)
    wanted = (actual[:, None] > np.arange(classes - 1)).astype(int)
    said = {
        "accuracy": accuracy_score(actual, predicted),
        "meanAbsoluteError": mean_absolute_error(actual, predicted),
        "f1_macro": f1_score(actual, predicted, average="macro", zero_division=0),
    }
    every = list(range(classes))
    for name, weights in [("cohenKappa", None), ("cohenKappa_quadratic", "quadratic")]:
        kappa = cohen_kappa_score(actual, predicted, labels=every, weights=weights)
        if not np.isnan(kappa):
            said[name] = kappa
    judged.append({
        "classes": classes,
        "actual": actual.tolist(),
        "units": units.flatten().tolist(),
        "predicted": predicted.tolist(),
        "probabilities": np.round(shares, 7).flatten().tolist(),
        "loss": log_loss(wanted.flatten(), beyond.flatten(), labels=[0, 1]),
        "said": {name: float(value) for name, value in said.items()},
    })
print("[" + ",\n".join(json.dumps(one) for one in judged) + "]")
