"""Writes data sets of scikit-learn as tables into a folder: python write-toys.py FOLDER"""

import sys
from pathlib import Path

from sklearn import datasets

folder = Path(sys.argv[1])
for name in ["iris", "wine", "breast_cancer", "diabetes", "digits"]:
    data = getattr(datasets, f"load_{name}")()
    names = getattr(data, "target_names", None)
    with open(folder / f"{name}.csv", "w") as file:
        print(*[str(one).replace(",", " ") for one in data.feature_names], "target", sep=",", file=file)
        for row, target in zip(data.data, data.target):
            print(*row, target if name in ("diabetes", "digits") else names[target], sep=",", file=file)
