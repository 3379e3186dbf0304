"""Answers all that MLflow's own client reads of the runs of one experiment, again and again: for each line
`[TRACKING_URI, EXPERIMENT_NAME]` of its input a line of JSON.
"""

import hashlib
import json
import os
import sys
import tempfile

from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts

# What MLflow prints is no answer.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def artifacts_of(run_id, uri):
    artifacts = {}
    with tempfile.TemporaryDirectory() as target:
        root = download_artifacts(run_id=run_id, tracking_uri=uri, dst_path=target)
        for folder, _, files in os.walk(root):
            for file in files:
                path = os.path.join(folder, file)
                with open(path, "rb") as opened:
                    artifacts[os.path.relpath(path, root)] = hashlib.sha256(opened.read()).hexdigest()
    return artifacts


def read(uri, name):
    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(name)
    runs = []
    for run in client.search_runs([experiment.experiment_id]):
        run_id = run.info.run_id
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
            "artifacts": artifacts_of(run_id, uri),
        })
    return {"experiment_id": experiment.experiment_id, "tags": experiment.tags, "runs": runs}


def answer(line):
    try:
        return read(*json.loads(line))
    except Exception as error:  # What one experiment lacks leaves the others their answers.
        return {"error": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(answer(line)), file=answers, flush=True)
