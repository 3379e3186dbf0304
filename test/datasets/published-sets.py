"""Prints small sets in the layouts of CIFAR-10, CIFAR-100 (binary and Python versions) and Fashion-MNIST as NumPy and
tarfile write them, and what the code of keras.datasets reads of them:
python3 published-sets.py > published-sets.json (NumPy 2.4.6, Keras 3.15.1)."""
import base64
import gzip
import hashlib
import io
import json
import os
import pickle
import tarfile
import tempfile

home = tempfile.mkdtemp()
os.environ.update(KERAS_HOME=home)
import numpy as np
from keras import datasets
from keras.src.datasets import fashion_mnist
from keras.src.datasets.cifar import load_batch

random = np.random.default_rng(10)


def pictures(count, *planes, side=32):
    blocks = random.integers(0, 256, (count, *planes, 4, 4), dtype=np.uint8)
    return np.kron(blocks, np.ones((side // 4, side // 4), dtype=np.uint8))


def text(data):
    return base64.b64encode(data).decode()


def archive(folder, files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.USTAR_FORMAT) as tar:
        entry = tarfile.TarInfo(folder)
        entry.type = tarfile.DIRTYPE
        tar.addfile(entry)
        for name, data in files.items():
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return text(out.getvalue())


def told(images, labels):
    images = np.ascontiguousarray(images)
    return {
        "shape": images.shape,
        "sha256": hashlib.sha256(images.tobytes()).hexdigest(),
        "labels": {name: np.asarray(of).ravel().tolist() for name, of in labels.items()},
        "pixels": [[*at, images[tuple(at)].tolist()] for at in [[0, 0, 0], [1, 3, 20], [len(images) - 1, 31, 9]]],
    }


def cifar(folders, parts, kinds):
    """Kinds: of the labels, in the order of the bytes, each with its count of classes."""
    binary, python, read = {"readme.html": b"about it"}, {}, {}
    for part, names in parts.items():
        images, labels = [], {kind: [] for kind in kinds}
        for name, count in names.items():
            data = pictures(count, 3).reshape(count, 3072)
            drawn = {kind: random.integers(0, classes, count) for kind, classes in kinds.items()}
            columns = [column.astype(np.uint8)[:, None] for column in drawn.values()]
            binary[f"{name}.bin"] = np.concatenate([*columns, data], axis=1).tobytes()
            keys = {kind: "labels" if len(kinds) == 1 else f"{kind}_labels" for kind in kinds}
            pickled = {b"data": data, **{keys[kind].encode(): drawn[kind].tolist() for kind in kinds}}
            python[name] = pickle.dumps(pickled, protocol=4)
            with open(os.path.join(home, "batch"), "wb") as file:
                file.write(python[name])
            for kind in kinds:
                # As cifar10.load_data and cifar100.load_data go on: channels last.
                found, of = load_batch(os.path.join(home, "batch"), label_key=keys[kind])
                labels[kind] += of
            images.append(found.transpose(0, 2, 3, 1))
        read[part] = told(np.concatenate(images), labels)
    meta = "meta" if "train" in python else "batches.meta"
    return {
        "archive": archive(folders[0], binary),
        "files": {name: text(gzip.compress(data, mtime=0)) for name, data in binary.items()},
        "python": archive(folders[1], {**python, meta: b"names"}),
        "read": read,
    }


ten = {"train": {f"data_batch_{batch}": 2 + batch for batch in range(1, 6)}, "test": {"test_batch": 6}}
hundred = {"train": {"train": 12}, "test": {"test": 5}}

fashion, folder = {}, os.path.join(home, "datasets", "fashion-mnist")
os.makedirs(folder)
for part, count in [("train", 20), ("t10k", 7)]:
    head = lambda *sizes: bytes([0, 0, 8, len(sizes)]) + np.array(sizes, dtype=">u4").tobytes()
    images, labels = pictures(count, side=28), random.integers(0, 10, count, dtype=np.uint8)
    fashion[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(head(count, 28, 28) + images.tobytes(), mtime=0)
    fashion[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(head(count) + labels.tobytes(), mtime=0)
for name, data in fashion.items():
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)
    if hasattr(fashion_mnist, "FILE_HASHES"):
        fashion_mnist.FILE_HASHES[name] = hashlib.sha256(data).hexdigest()
read = {}
for part, (images, labels) in zip(["train", "test"], datasets.fashion_mnist.load_data()):
    read[part] = {
        "shape": images.shape,
        "sha256": hashlib.sha256(images.tobytes()).hexdigest(),
        "labels": {"label": labels.tolist()},
        "pixels": [[0, 5, 17, int(images[0, 5, 17])], [len(images) - 1, 27, 3, int(images[-1, 27, 3])]],
    }

print(
    json.dumps(
        {
            "cifar10": cifar(["cifar-10-batches-bin", "cifar-10-batches-py"], ten, {"label": 10}),
            "cifar100": cifar(["cifar-100-binary", "cifar-100-python"], hundred, {"coarse": 20, "fine": 100}),
            "fashionMnist": {"files": {name: text(data) for name, data in fashion.items()}, "read": read},
        },
        indent=1,
    )
)
