"""Writes data sets of scikit-learn as tables into a folder: python write-toys.py FOLDER"""

import sys
from pathlib import Path

import numpy
from sklearn import datasets

folder = Path(sys.argv[1])
for name in ["iris", "wine", "breast_cancer", "diabetes", "digits"]:
    data = getattr(datasets, f"load_{name}")()
    names = getattr(data, "target_names", None)
    with open(folder / f"{name}.csv", "w") as file:
        print(*[str(one).replace(",", " ") for one in data.feature_names], "target", sep=",", file=file)
        for row, target in zip(data.data, data.target):
            print(*row, target if name in ("diabetes", "digits") else names[target], sep=",", file=file)

# Pictures as Keras keeps them, in parts; and several labels at once, in cells and in columns.
digits = datasets.load_digits()
pictures = (digits.images * 15).astype("uint8")
numpy.savez_compressed(
    folder / "pictures.npz",
    x_train=pictures[:1400],
    y_train=digits.target[:1400],
    x_test=pictures[1400:],
    y_test=digits.target[1400:],
)
numpy.savez(folder / "wine.npz", data=datasets.load_wine().data, target=datasets.load_wine().target)
inputs, labels = datasets.make_multilabel_classification(n_samples=600, n_features=12, n_classes=4, random_state=1)
with open(folder / "several.csv", "w") as file:
    print(*[f"x{k}" for k in range(12)], "tags", sep=",", file=file)
    for row, marks in zip(inputs, labels):
        print(*row, "|".join(f"label{k}" for k in range(4) if marks[k]), sep=",", file=file)
