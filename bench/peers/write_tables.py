"""Writes a table of numbers as CSV and Parquet, the same for the same arguments: normal ones with four decimals.

usage: write_tables.py FOLDER ROWS COLUMNS writes table.csv and table.parquet
"""
import sys

import numpy, pyarrow
from pyarrow import csv, parquet

folder, rows, columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
names = [f"c{k}" for k in range(columns)]
draw = numpy.random.default_rng(0)
table = pyarrow.table({name: numpy.round(draw.standard_normal(rows), 4) for name in names})
with open(f"{folder}/table.csv", "wb") as file:
    file.write((",".join(names) + "\n").encode())
    csv.write_csv(table, file, csv.WriteOptions(include_header=False))
parquet.write_table(table, f"{folder}/table.parquet")
