"""What scikit-learn and the exported net make of raw rows: python3 asked-packages.py TABLE MODEL prints JSON.

Fitted to the rows whose part is "train"; each row of the table is asked about, in its order.
"""

import csv
import json
import os
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="")

import keras
import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, QuantileTransformer, RobustScaler, StandardScaler

table, model = sys.argv[1:]
rows = list(csv.DictReader(open(table, encoding="utf-8")))
texts = ("island", "sex")
columns = ("island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "sex", "year")


def cell(row, column):
    if row[column] == "NA":
        return None if column in texts else np.nan
    return row[column] if column in texts else float(row[column])


train = [row for row in rows if row["part"] == "train"]
frame = lambda some: np.array([[cell(row, column) for column in columns] for row in some], dtype=object)


class Numbers(StandardScaler):
    """Objects as numbers, for what reads them next."""

    def fit(self, x, y=None):
        self.n_features_in_ = x.shape[1]
        return self

    def transform(self, x):
        return x.astype(float)


prepared = ColumnTransformer(
    [
        ("island", OneHotEncoder(sparse_output=False), [0]),
        ("bill_length_mm", make_pipeline(Numbers(), SimpleImputer(strategy="median"), RobustScaler()), [1]),
        ("bill_depth_mm", make_pipeline(Numbers(), SimpleImputer(), StandardScaler()), [2]),
        ("flipper_length_mm", make_pipeline(Numbers(), SimpleImputer(strategy="constant", fill_value=200), MinMaxScaler()), [3]),
        ("sex", make_pipeline(SimpleImputer(strategy="most_frequent", missing_values=None), OneHotEncoder(sparse_output=False)), [4]),
        ("year", make_pipeline(Numbers(), QuantileTransformer(n_quantiles=min(1000, len(train)))), [5]),
    ]
).fit(frame(train))

net = keras.saving.load_model(model, compile=False)
x = prepared.transform(frame(rows)).astype("float32")
logits, mass = (np.asarray(part) for part in net.predict(x, verbose=0))
shares = np.exp(logits - logits.max(-1, keepdims=True))
shares /= shares.sum(-1, keepdims=True)
print(json.dumps({"shares": shares.tolist(), "mass": mass[:, 0].tolist()}))
