"""Where the time of a compiled step goes: runs a step's graph in TensorFlow with its own tracer.

usage: graph_profile.py FOLDER THREADS      the folder holds the graph as bare-loop.js keeps it; threads of each op
Prints one JSON line per kind of op, then one of type "profile". Each op's time is its shortest of many runs with no other op
beside it, so that what disturbs the machine for a while falls out; the step's is the median of runs as they are in training.
"""
import json, os, statistics, sys, time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

RUNS = 60
folder, threads = sys.argv[1], int(sys.argv[2])
tf1 = tf.compat.v1
tf1.disable_eager_execution()

saved = saved_model_pb2.SavedModel()
with open(os.path.join(folder, "saved_model.pb"), "rb") as file:
    saved.ParseFromString(file.read())
graph_def = saved.meta_graphs[0].graph_def
graph = tf1.Graph()
with graph.as_default():
    tf1.import_graph_def(graph_def, name="")

random = np.random.default_rng(0)


def values(node):
    """Something of the shape and type that a placeholder takes: small numbers, classes, bytes."""
    kind = tf.dtypes.as_dtype(node.attr["dtype"].type).as_numpy_dtype
    shape = [dim.size for dim in node.attr["shape"].shape.dim]
    if kind is np.float32:
        return np.abs(random.normal(0, 0.05, shape)).astype(kind)
    return random.integers(0, 2, shape).astype(kind)


placeholders = [node for node in graph_def.node if node.op == "Placeholder"]
feeds = lambda prefix: {f"{node.name}:0": values(node) for node in placeholders if node.name.startswith(prefix)}
# What a step tells waits for all that it changes.
told = [f"{node.name}:0" for node in graph_def.node if node.name.startswith("train/0/") and node.op == "Identity" and any(name.startswith("^") for name in node.input)]


def session(beside):
    config = tf1.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=beside, use_per_session_threads=True)
    made = tf1.Session(graph=graph, config=config)
    made.run("state/written:0", {**feeds("state/"), "state/flag:0": True})
    return made


def milliseconds(run):
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


batch = feeds("train/0/")
whole = session(os.cpu_count())
step = statistics.median(milliseconds(lambda: whole.run(told, batch)) for _ in range(RUNS))

alone = session(1)
shortest = {}
for _ in range(RUNS):
    traced = tf1.RunMetadata()
    alone.run(told, batch, options=tf1.RunOptions(trace_level=tf1.RunOptions.FULL_TRACE), run_metadata=traced)
    for device in traced.step_stats.dev_stats:
        for node in device.node_stats:
            # "name = Op(inputs)"
            op = node.timeline_label.split("=")[-1].strip().split("(")[0]
            taken = (node.op_end_rel_micros - node.op_start_rel_micros) / 1000
            shortest[(node.node_name, op)] = min(taken, shortest.get((node.node_name, op), taken))

ops = {}
for (_, op), taken in shortest.items():
    ops.setdefault(op.removeprefix("_MklNative").removeprefix("_Mkl"), []).append(taken)
for op, each in sorted(ops.items(), key=lambda item: -sum(item[1])):
    print(json.dumps({"type": "op", "op": op, "count": len(each), "milliseconds": sum(each)}))
print(json.dumps({"type": "profile", "step": step, "sum": sum(shortest.values())}))
