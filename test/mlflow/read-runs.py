"""Prints, as JSON, all that MLflow's own client reads of the runs of one experiment.

usage: read-runs.py TRACKING_URI EXPERIMENT_NAME
"""

import hashlib
import json
import os
import sys
import tempfile

from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts

uri, name = sys.argv[1:]
client = MlflowClient(tracking_uri=uri)
experiment = client.get_experiment_by_name(name)
runs = []
for run in client.search_runs([experiment.experiment_id]):
    run_id = run.info.run_id
    artifacts = {}
    with tempfile.TemporaryDirectory() as target:
        root = download_artifacts(run_id=run_id, tracking_uri=uri, dst_path=target)
        for folder, _, files in os.walk(root):
            for file in files:
                path = os.path.join(folder, file)
                with open(path, "rb") as opened:
                    artifacts[os.path.relpath(path, root)] = hashlib.sha256(opened.read()).hexdigest()
    runs.append({
        "run_id": run_id,
        "name": run.info.run_name,
        "user": run.info.user_id,
        "status": run.info.status,
        "start_time": run.info.start_time,
        "end_time": run.info.end_time,
        "params": run.data.params,
        "tags": run.data.tags,
        # Values as text: JSON has no NaN.
        "metrics": {key: [[m.step, m.timestamp, repr(m.value)] for m in client.get_metric_history(run_id, key)] for key in run.data.metrics},
        "inputs": [{"name": i.dataset.name, "digest": i.dataset.digest, "profile": i.dataset.profile, "tags": {t.key: t.value for t in i.tags}} for i in run.inputs.dataset_inputs],
        "artifacts": artifacts,
    })
print(json.dumps({"experiment_id": experiment.experiment_id, "tags": experiment.tags, "runs": runs}))
