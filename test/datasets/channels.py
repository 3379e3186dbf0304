"""Prints small pictures, and what NumPy and Keras make of their channels when fitted to the training ones alone:
python3 channels.py > channels.json (NumPy 2.4.6, Keras 3.15.1)."""
import base64
import io
import json

import numpy as np
from keras.layers import Normalization

random = np.random.default_rng(13)


def pictures(count, channels):
    means = np.array([40, 150, 90])[:channels]
    values = random.normal(means, [12, 60, 30][:channels], (count, 5, 4, channels))
    return np.clip(values, 0, 255).astype(np.uint8)


def case(channels):
    parts = {"train": pictures(12, channels), "val": 255 - pictures(4, channels), "test": pictures(3, channels)}
    trained = parts["train"] / 255
    file = io.BytesIO()
    labels = {f"y_{name}": np.arange(len(values)) % 2 for name, values in parts.items()}
    np.savez_compressed(file, **{f"x_{name}": values for name, values in parts.items()}, **labels)
    layer = Normalization(axis=-1)
    layer.adapt(trained)
    return {
        "file": base64.b64encode(file.getvalue()).decode(),
        "mean": trained.mean((0, 1, 2)).tolist(),
        "deviation": trained.std((0, 1, 2)).tolist(),
        "kerasMean": np.ravel(layer.mean).tolist(),
        "kerasVariance": np.ravel(layer.variance).tolist(),
        "kerasOfTest": [round(float(value), 5) for value in np.ravel(layer(parts["test"] / 255))],
    }


print(json.dumps([case(1), case(3)]))
