"""Prints what Keras and scikit-learn say of texts place by place: python3 whole-texts.py > whole-texts.json.

Keras 3.15.1 and scikit-learn 1.9.1. A place counts where `labels != 0`, and where a text ends: as [end] is a token of
its own in Keras' examples, its first 0 is given a number that is none.
"""
import json
import keras
import numpy as np
from sklearn.metrics import accuracy_score, f1_score, log_loss

random = np.random.default_rng(13)
judged = []
for rows, length, vocabulary in [(1, 1, 3), (4, 5, 4), (9, 7, 12), (3, 2, 300)]:
    labels = random.integers(1, vocabulary, (rows, length))
    for row, end in enumerate(random.integers(0, length + 1, rows)):
        labels[row, end:] = 0
    written = np.round(random.normal(0, 2, (rows, length, vocabulary)), 1)
    logits = written.astype(np.float32)
    with_end = labels.copy()
    for row in with_end:
        if 0 in row:
            row[list(row).index(0)] = vocabulary
    mask = with_end != 0
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)
    losses = np.array(loss(labels, logits))
    accuracy = keras.metrics.SparseCategoricalAccuracy()
    accuracy.update_state(labels, logits, sample_weight=mask)
    predicted = logits.argmax(axis=-1)
    shares = np.exp(logits.astype(np.float64))
    shares /= shares.sum(axis=-1, keepdims=True)
    judged.append({
        "length": length,
        "vocabulary": vocabulary,
        "labels": labels.flatten().tolist(),
        "logits": written.flatten().tolist(),
        "counted": mask.astype(int).flatten().tolist(),
        "loss": float((losses * mask).sum() / mask.sum()),
        "keras_accuracy": float(accuracy.result()),
        "said": {
            "accuracy": accuracy_score(labels[mask], predicted[mask]),
            "f1_macro": f1_score(labels[mask], predicted[mask], average="macro", zero_division=0),
            "logLoss": log_loss(labels[mask], shares[mask], labels=list(range(vocabulary))),
        },
    })
print("[" + ",\n".join(json.dumps(one) for one in judged) + "]")
