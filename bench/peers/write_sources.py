"""Writes a source of each kind of a little more than 1 MB, the same each time.

usage: write_sources.py FOLDER
"""
import datetime, json, os, random, sys, wave

import numpy, pyarrow
from pyarrow import parquet

folder = sys.argv[1]
at = lambda *names: os.path.join(folder, *names)
draw = numpy.random.default_rng(0)

rows, columns = 20_000, 10
values = numpy.round(draw.standard_normal((rows, columns)), 4)
names = [f"c{k}" for k in range(columns)]
with open(at("table.csv"), "w") as file:
    file.write(",".join(names) + "\n")
    file.writelines(",".join(map(str, row)) + "\n" for row in values.tolist())
with open(at("table.jsonl"), "w") as file:
    file.writelines(json.dumps(dict(zip(names, row))) + "\n" for row in values.tolist())
noise = draw.standard_normal((rows, columns))
parquet.write_table(pyarrow.table({name: noise[:, k] for k, name in enumerate(names)}), at("table.parquet"))

pictures = draw.integers(0, 256, (2000, 28, 28), dtype=numpy.uint8)
numpy.savez(at("pictures.npz"), x=pictures, y=draw.integers(0, 10, 2000))

start = datetime.datetime(2000, 1, 1)
with open(at("series.csv"), "w") as file:
    file.write("time,load\n")
    for hour in range(60_000):
        value = numpy.sin(hour / 24) + 0.1 * draw.standard_normal()
        file.write(f"{(start + datetime.timedelta(hours=hour)).isoformat(timespec='minutes')},{value:.4f}\n")

words = random.Random(0)
with open(at("letters.txt"), "w") as file:
    for _ in range(30_000):
        file.write(" ".join("".join(words.choices("etaoinshrdlu", k=6)) for _ in range(7)) + "\n")

for name, pitch in (("low", 220), ("high", 880)):
    os.makedirs(at("sounds", name), exist_ok=True)
    for k in range(25):
        time = numpy.arange(16_000) / 16_000
        sound = 8000 * numpy.sin(2 * numpy.pi * pitch * time) + 500 * draw.standard_normal(16_000)
        with wave.open(at("sounds", name, f"{k:02}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(16_000)
            file.writeframes(sound.astype("<i2").tobytes())
