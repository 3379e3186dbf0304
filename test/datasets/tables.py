"""Writes tables/ and prints what pandas reads of it, as tables.json holds it: python3 tables.py > tables.json (pandas 3.1.1, pyarrow 26.0.1)."""
import datetime
import decimal
import gzip
import json
import pathlib

import numpy as np
import pandas
import pyarrow
import pyarrow.parquet

folder = pathlib.Path(__file__).parent / "tables"
random = np.random.default_rng(7)
rows = 24
table = pandas.DataFrame({
    "x": random.standard_normal(rows) * 10.0 ** random.integers(-4, 5, rows),
    "n": random.integers(-(2**31), 2**31, rows),
    "colour": [["red, dark", 'gr"ün', "#blue", "€ 雪"][k % 4] for k in range(rows)],
    "y": random.random(rows),
})
judged = []


def judge(file, read, type="csv", **options):
    values = {name: read[name].tolist() for name in read}
    judged.append({"type": type, "options": {"file": file, **options}, "values": values})


def write(name, text):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


write("tab.tsv", table.to_csv(index=False, sep="\t"))
judge("tab.tsv", pandas.read_csv(folder / "tab.tsv", sep="\t"))
write("packed.csv.gz", gzip.compress(table.to_csv(index=False).encode(), mtime=0))
judge("packed.csv.gz", pandas.read_csv(folder / "packed.csv.gz"))
write("packed.tsv.gz", gzip.compress(table.to_csv(index=False, sep="\t").encode(), mtime=0))
judge("packed.tsv.gz", pandas.read_csv(folder / "packed.tsv.gz", sep="\t"))
write("nameless.csv", table.to_csv(index=False, header=False))
names = list(table)
judge("nameless.csv", pandas.read_csv(folder / "nameless.csv", header=None, names=names), columns=names)
lines = table.drop(columns="colour").to_csv(index=False).split("\n")
write("comments.csv", "\n".join(["# \"made\", by hand", *lines[:5], "#1,2,3", "", *lines[5:]]) + "# end")
judge("comments.csv", pandas.read_csv(folder / "comments.csv", comment="#"), comment="#")
write("windows.csv", b"\xef\xbb\xbf" + table.to_csv(index=False, lineterminator="\r\n").encode())
judge("windows.csv", pandas.read_csv(folder / "windows.csv"))
parts = [table[:9], table[9:10], table[10:]]
for k, part in enumerate(parts):
    write(f"part-{k + 1}.csv", part.to_csv(index=False).removesuffix("\n"))
whole = pandas.concat([pandas.read_csv(folder / f"part-{k + 1}.csv") for k in range(3)])
judge("part-*.csv", whole)
judge(["part-1.csv", "part-2.csv", "part-3.csv"], whole)
write("lines.jsonl", table.to_json(orient="records", lines=True, double_precision=15, force_ascii=False))
judge("lines.jsonl", pandas.read_json(folder / "lines.jsonl", lines=True, precise_float=True), "jsonl")

typed = table.assign(
    small=random.integers(-128, 128, rows).astype("int8"),
    unsigned=random.integers(2**31, 2**32, rows).astype("uint32"),
    large=random.integers(-(2**53), 2**53, rows),
    half=random.random(rows).astype("float16"),
    single=random.random(rows).astype("float32"),
    price=[decimal.Decimal(int(cents)).scaleb(-2) for cents in random.integers(-(10**9), 10**9, rows)],
    day=[datetime.date(1969, 12, 1) + datetime.timedelta(days=int(k)) for k in range(rows)],
    time=pandas.date_range("2024-02-28T23:59:58", periods=rows, freq="h"),
    flag=[k % 3 == 0 for k in range(rows)],
    group=pandas.Categorical([["b", "a"][k % 2] for k in range(rows)]),
)
kinds = {
    "snappy": {},
    "gzip": {"compression": "gzip", "row_group_size": 7},
    "brotli": {"compression": "brotli", "use_dictionary": False},
    "zstd": {"compression": "zstd", "data_page_version": "2.0", "data_page_size": 64},
    "none": {"compression": "none", "use_dictionary": False, "version": "1.0", "use_deprecated_int96_timestamps": True},
    "delta": {"use_dictionary": False, "column_encoding": {
        "n": "DELTA_BINARY_PACKED", "large": "DELTA_BINARY_PACKED", "colour": "DELTA_BYTE_ARRAY",
        "group": "DELTA_LENGTH_BYTE_ARRAY", "x": "BYTE_STREAM_SPLIT", "single": "BYTE_STREAM_SPLIT"}},
}
for kind, options in kinds.items():
    path = folder / f"{kind}.parquet"
    # pyarrow reads no categories that are written as differences.
    written = typed.assign(group=typed.group.astype(str)) if kind == "delta" else typed
    pyarrow.parquet.write_table(pyarrow.Table.from_pandas(written, preserve_index=False), path, **options)
    read = pandas.read_parquet(path)
    read = read.assign(
        price=read.price.astype(float),
        day=[day.isoformat() for day in read.day],
        time=[time.isoformat() for time in read.time],
        flag=["true" if flag else "false" for flag in read.flag],
        group=read.group.astype(str),
    )
    judge(f"{kind}.parquet", read, "parquet")
nested = pyarrow.table({"x": [1.0, 2.0], "tags": [["a"], ["b", "c"]], "y": [1, 2]})
pyarrow.parquet.write_table(nested, folder / "nested.parquet")

# Columns of numbers between columns that are stored as several.
deep = pyarrow.table(
    {
        "x": [1.0, 2.0, 3.0],
        "of": pyarrow.array([{"a": 1, "b": {"c": [1, 2]}}] * 3),
        "map": pyarrow.array([[("k", 1)]] * 3, pyarrow.map_(pyarrow.string(), pyarrow.int32())),
        "y": [4, 5, 6],
    }
)
pyarrow.parquet.write_table(deep, folder / "deep.parquet", row_group_size=2)
print("[" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in judged) + "]")
