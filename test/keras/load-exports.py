"""Loads the .keras of each folder that it is given, and says how far Keras is from the outputs beside it."""

import json
import os
import pathlib
import struct
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="")

import keras
import numpy as np
import safetensors.numpy


def tensors(path):
    """By their names, and in the order of the file, which that of the package is not."""
    names = list(json.loads(path.read_bytes()[8 : 8 + struct.unpack("<Q", path.read_bytes()[:8])[0]]))
    return [safetensors.numpy.load_file(path)[name] for name in names]


answers = {}
for folder in map(pathlib.Path, sys.argv[1:]):
    try:
        model = keras.saving.load_model(folder / "model.keras")
        inputs = tensors(folder / "inputs.safetensors")
        found = model(inputs if len(inputs) > 1 else inputs[0], training=False)
        found = found if isinstance(found, list) else [found]
        expected = tensors(folder / "outputs.safetensors")
        answers[folder.name] = [
            float(np.max(np.abs(one - other), initial=0) / max(1e-3, np.max(np.abs(other), initial=0)))
            if one.shape == other.shape
            else f"{one.shape}, not {other.shape}"
            for one, other in zip(map(np.asarray, found), expected, strict=True)
        ]
    except Exception as error:
        answers[folder.name] = [f"{type(error).__name__}: {error}".split("Exception encountered")[-1][:300]]
print(json.dumps(answers))
