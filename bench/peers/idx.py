"""The idx files that all contenders read."""
import os
import numpy as np


def read(folder, part, count):
    """The first `count` images [count, height, width, channels] and their labels [count], both uint8. part: train or t10k."""
    images = _array(os.path.join(folder, f"{part}-images-idx3-ubyte"))
    if images.ndim == 3:
        images = images[..., None]
    return images[:count], _array(os.path.join(folder, f"{part}-labels-idx1-ubyte"))[:count]


def _array(path):
    with open(path, "rb") as file:
        data = file.read()
    dimensions = data[3]
    sizes = np.frombuffer(data, ">u4", dimensions, offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(sizes)
