"""What scikit-learn makes of a table of pictures: see picture-targets.test.ts.

Run it: `python picture-targets.py > picture-targets.json`.
"""

import csv
import io
import json

from sklearn.preprocessing import MultiLabelBinarizer, OrdinalEncoder, StandardScaler

rows = []
for k in range(40):
    tags = [tag for tag, step in (("cat", 2), ("dog", 3), ("owl", 5)) if k % step == 0]
    state = ["bad", "fair", "good"][k * 7 % 3]
    rows.append((f"{k}.png", "|".join(tags), f"{4200 + k * k * 3.25:.2f}", state, k * 7 % 3 + 1))
text = io.StringIO()
writer = csv.writer(text, lineterminator="\n")
writer.writerow(("file", "tags", "rent", "state", "stars"))
writer.writerows(rows)

lists = [[tag for tag in tags.split("|") if tag] for _, tags, *_ in rows]
labels = MultiLabelBinarizer().fit(lists)
states = OrdinalEncoder(categories=[["bad", "fair", "good"]]).fit_transform([[row[3]] for row in rows])
scaler = StandardScaler().fit([[float(row[2])] for row in rows])
print(
    json.dumps(
        {
            "table": text.getvalue(),
            "labels": labels.classes_.tolist(),
            "marks": labels.transform(lists).tolist(),
            "states": [int(one) for one in states[:, 0]],
            "rents": [float(row[2]) for row in rows],
            "mean": scaler.mean_[0],
            "deviation": scaler.scale_[0],
        }
    )
)
