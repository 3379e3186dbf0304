"""Reads a table with pandas, and tells what that took.

usage: read_table.py csv|csv-pyarrow|parquet FILE
"""
import json, resource, sys, time

import pandas, pyarrow

kind, file = sys.argv[1:]


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


start, before = time.perf_counter(), cpu_seconds()
if kind == "csv":
    table = pandas.read_csv(file, engine="c")
elif kind == "csv-pyarrow":
    table = pandas.read_csv(file, engine="pyarrow")
else:
    table = pandas.read_parquet(file, engine="pyarrow")
print(
    json.dumps(
        {
            "type": "source-read",
            "count": len(table),
            "seconds": time.perf_counter() - start,
            "cpuSeconds": cpu_seconds() - before,
        }
    )
)
