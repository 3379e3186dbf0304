"""Prints the windows that NumPy's sliding_window_view makes of small series, proven to be those of Keras'
timeseries_dataset_from_array, and naive forecasts: python3 series.py > series.json (NumPy 2.4.6, Keras 3.15.1)."""
import json
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from keras.utils import timeseries_dataset_from_array

random = np.random.default_rng(13)
cases = []
for sizes, window, horizon, stride, test, validation, season in [
    ([60], 6, 1, 1, 0.2, 0.2, 4),
    ([80], 7, 3, 2, 0.25, 0.0, 3),
    ([50, 50, 50], 5, 2, 1, 0.2, 0.25, None),
    ([64, 40, 52], 4, 4, 3, 0.25, 0.25, 2),
]:
    series = [np.stack([random.integers(0, 1000, size), random.integers(0, 50, size)], axis=1) for size in sizes]
    lines = [f"{day},s{k},{sold},{rain}" for k, rows in enumerate(series) for day, (sold, rain) in enumerate(rows)]
    points = np.arange(max(sizes))
    tested = int(test * len(points) + 1e-9)
    validated = int(validation * (len(points) - tested) + 1e-9)
    ends = {"train": len(points) - tested - validated, "validation": len(points) - tested, "test": len(points)}
    parts, begin = {}, 0
    for part, end in ends.items():
        x, y, last, before = [], [], [], []
        for rows in series:
            values = rows[begin:end]
            if len(values) < window + horizon:
                continue
            views = sliding_window_view(values, window + horizon, axis=0)[::stride].transpose(0, 2, 1)
            inputs, targets = views[:, :window], views[:, window:, 0]
            batches = timeseries_dataset_from_array(
                values[: len(values) - horizon], None, window, sequence_stride=stride, batch_size=None
            )
            assert np.array_equal(np.stack([np.array(batch) for batch in batches]), inputs)
            sold = values[:, 0]
            starts = np.arange(len(views)) * stride
            x += inputs.tolist()
            y += targets.tolist()
            last += np.repeat(sold[starts + window - 1][:, None], horizon, axis=1).tolist()
            if season is not None:
                for start in starts:
                    known = sold[: start + window]
                    # Hyndman and Athanasopoulos, Forecasting: principles and practice, 5.2: y(T + h - m(k + 1)).
                    before.append([int(known[len(known) + h - season * ((h - 1) // season + 1) - 1]) for h in range(1, horizon + 1)])
        begin = end
        parts[part] = {"x": x, "y": y, "lastValue": last, "seasonBefore": before}
    random.shuffle(lines)
    cases.append({
        "csv": "day,shop,sold,rain\n" + "\n".join(lines) + "\n",
        "options": {"window": window, "horizon": horizon, "stride": stride, "test": test, **({} if season is None else {"season": season})},
        "validation": validation,
        "parts": parts,
    })
print(json.dumps(cases, separators=(",", ":")))
