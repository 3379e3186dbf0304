"""Prints arrays and archives as NumPy writes them, and what it reads of them: python3 arrays.py > arrays.json (NumPy 2.4.6)."""
import base64
import io
import json
import zipfile

import numpy as np

random = np.random.default_rng(3)


def packed(write):
    file = io.BytesIO()
    write(file)
    return base64.b64encode(file.getvalue()).decode()


def told(array):
    if array.dtype.kind in "US":
        return [one.decode() if isinstance(one, bytes) else str(one) for one in array.ravel()]
    if array.dtype.kind == "f":
        return [str(float(one)) for one in array.ravel()]
    return [str(int(one)) for one in array.ravel()]


judged = []
for kind in ["?", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8", "U3", "S4"]:
    for order in "<>":
        for layout in "CF":
            dtype = np.dtype(kind if kind == "?" else order + kind)
            if dtype.kind == "f":
                values = np.append(random.standard_normal(9) * 10.0 ** random.integers(-4, 4, 9), [np.inf, np.nan, -0.0])
            elif dtype.kind in "US":
                values = np.array(["a", "bcd", "", "x y"] * 3 if kind == "S4" else ["ä", "雪b", "", "🙂"] * 3)
            elif dtype.kind == "b":
                values = random.integers(0, 2, 12)
            else:
                limits = np.iinfo(dtype)
                bits = min(limits.bits, 53)
                low = 0 if dtype.kind == "u" else -(2 ** (bits - 1))
                values = np.append(random.integers(low, 2 ** (bits - 1), 10), [low, 2 ** (bits - 1) - 1])
            array = np.asarray(values.astype(dtype).reshape(2, 3, 2), order=layout)
            for version in [(1, 0), (2, 0), (3, 0)] if kind == "f4" else [(1, 0)]:
                file = packed(lambda out: np.lib.format.write_array(out, array, version=version))
                name = f"{array.dtype.str} {layout} {version[0]}.0"
                judged.append({"name": name, "file": file, "shape": list(array.shape), "values": told(array)})

refused = {
    "objects": np.array([{}, [1]], dtype=object),
    "structures": np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]),
    "complex": np.array([1 + 2j]),
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "wide": np.array([1], dtype=np.longdouble),
}
x = random.standard_normal((12, 4)).astype(np.float32)
y = np.array(["cat", "dog", "owl"] * 4)
set_of = {"x": x, "y": y}
archives = {
    "stored": packed(lambda out: np.savez(out, **set_of)),
    "deflated": packed(lambda out: np.savez_compressed(out, **set_of)),
}
zipfile.ZIP64_LIMIT = 20
archives["zip64"] = packed(lambda out: np.savez_compressed(out, **set_of))
print(json.dumps({
    "arrays": judged,
    "refused": {name: packed(lambda out: np.save(out, array, allow_pickle=True)) for name, array in refused.items()},
    "archives": archives,
    "x": told(x),
    "y": told(y),
}, indent=1))
