"""Prints what scikit-learn and pandas make of columns: python3 preparations.py > preparations.json (scikit-learn 1.9.1, pandas 3.1.1)."""
import json
import warnings
import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    KBinsDiscretizer, MinMaxScaler, OneHotEncoder, OrdinalEncoder, QuantileTransformer, RobustScaler, StandardScaler,
)
from sklearn.utils import murmurhash3_32

warnings.simplefilter("ignore")
random = np.random.default_rng(9)
columns = {
    "normal": random.standard_normal(60),
    "large": 1e6 + 50 * random.standard_normal(40),
    "ties": random.integers(0, 5, 50).astype(float),
    "skewed": np.exp(random.standard_normal(80)),
    "constant": np.full(20, 0.1),
    "two": np.array([1.5, -2.0]),
    "zeros": np.concatenate([np.zeros(30), random.standard_normal(11)]),
    "long": random.standard_normal(1200),
}
scalers = {
    "standardize": ("standardize", lambda n: StandardScaler()),
    "minmax": ("minmax", lambda n: MinMaxScaler()),
    "minmax -1 1": ({"minmax": [-1, 1]}, lambda n: MinMaxScaler((-1, 1))),
    "robust": ("robust", lambda n: RobustScaler()),
    "robust 10 90": ({"robust": [10, 90]}, lambda n: RobustScaler(quantile_range=(10, 90))),
    "quantile": ("quantile", lambda n: QuantileTransformer(n_quantiles=min(1000, n))),
    "quantile normal": (
        {"quantile": "normal"}, lambda n: QuantileTransformer(n_quantiles=min(1000, n), output_distribution="normal")),
}
judged = []
columns = {name: np.round(column, 5) for name, column in columns.items()}


def judge(steps, rows, asked, expected):
    clean = lambda values: [None if isinstance(v, float) and np.isnan(v) else v for v in values]
    judged.append({"steps": steps, "rows": clean(rows), "asked": clean(asked), "expected": np.asarray(expected, dtype=float).tolist()})


for name, column in columns.items():
    asked = np.concatenate([column[:12], np.round(random.standard_normal(5), 5), [column.min() - 1, column.max() + 1, column.min()]])
    for steps, make in [scalers["quantile normal"]] if name == "long" else scalers.values():
        scaler = make(len(column)).fit(column.reshape(-1, 1))
        judge([steps], column.tolist(), asked.tolist(), scaler.transform(asked.reshape(-1, 1)))
for strategy, word in [("mean", "mean"), ("median", "median"), ("most_frequent", "mode"), ("constant", "constant(-3)")]:
    for name in ["normal", "ties"]:
        column = columns[name].copy()
        column[3::7] = np.nan
        fill = {"fill_value": -3.0} if strategy == "constant" else {}
        imputer = SimpleImputer(strategy=strategy, **fill)
        for then, scaler in [([], None), (["standardize"], StandardScaler()), (["robust"], RobustScaler())]:
            both = imputer if scaler is None else make_pipeline(imputer, scaler)
            expected = both.fit_transform(column.reshape(-1, 1))
            judge([{"missing": word}, *then], column.tolist(), column.tolist(), expected)
column = columns["ties"].copy()
column[2::5] = np.nan
for strategy, then in [("mean", []), ("median", [{"missing": "median"}])]:
    expected = SimpleImputer(strategy=strategy, add_indicator=True).fit_transform(column.reshape(-1, 1))
    judge([{"missing": "indicator"}, *then], column.tolist(), column.tolist(), expected)

skewed = columns["skewed"]
judge(["log"], skewed.tolist(), skewed.tolist(), np.log(skewed).reshape(-1, 1))
judge([{"log": 1}, "standardize"], skewed.tolist(), skewed.tolist(), StandardScaler().fit_transform(np.log(skewed + 1).reshape(-1, 1)))

bins = KBinsDiscretizer(n_bins=4, encode="ordinal", strategy="uniform").fit(skewed.reshape(-1, 1))
bounds = bins.bin_edges_[0][1:-1].tolist()
judge([{"bucketize": bounds}, "index"], skewed.tolist(), skewed.tolist(), bins.transform(skewed.reshape(-1, 1)))
bins = KBinsDiscretizer(n_bins=4, encode="onehot-dense", strategy="uniform").fit(skewed.reshape(-1, 1))
judge([{"bucketize": bounds}], skewed.tolist(), skewed.tolist(), bins.transform(skewed.reshape(-1, 1)))
ties = columns["ties"]
codes = pd.cut(ties, [-np.inf, 1, 3, np.inf], right=False).codes
judge([{"bucketize": [1, 3]}, "index"], ties.tolist(), ties.tolist(), codes.reshape(-1, 1))

hours = random.uniform(0, 48, 20)
judge([{"cyclic": 24}], hours.tolist(), hours.tolist(), np.stack([np.sin(2 * np.pi * hours / 24), np.cos(2 * np.pi * hours / 24)], 1))

texts = ["b", "a", "Zebra", "é", "a", "10", "9", "b", "日本", "a longer text"]
table = np.array(texts, dtype=object).reshape(-1, 1)
ordered = [sorted(set(texts))]
judge(["oneHot"], texts, texts, OneHotEncoder(categories=ordered, sparse_output=False).fit_transform(table))
judge(["index"], texts, texts, OrdinalEncoder(categories=ordered).fit_transform(table))
for size in [7, 64]:
    judge([{"hash": size}, "index"], texts, texts, [[murmurhash3_32(text, positive=True) % size] for text in texts])

dates = ["2024-02-29", "1999-12-31", "2024-01-01 23:59", "1969-07-20T20:17:40Z", "2023-10-29T02:30:00+02:00", "2000-03-01"]
when = pd.Series([pd.Timestamp(one) for one in dates]).map(lambda t: t.tz_localize("UTC") if t.tzinfo is None else t.tz_convert("UTC"))
parts = {"year": "year", "month": "month", "day": "day", "dayOfYear": "dayofyear", "weekday": "dayofweek", "hour": "hour", "minute": "minute"}
judge([{"dateParts": list(parts)}], dates, dates, [[getattr(t, p) for p in parts.values()] for t in when])
print("[" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in judged) + "]")
