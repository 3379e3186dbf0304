"""Answers what Keras makes of each case: a list of JSON objects in, a list of answers out, over the Unix socket that it is told.

An array is {"shape": [...], "data": base64 of float32}. An object of Keras is {"class": name, "options": {...}}, with
objects inside of objects. A case that fails is answered by {"error": ...}.
"""

import base64
import json
import os
import socket
import sys

# Before all that takes seconds to load: who asks meanwhile waits.
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="")

import warnings

import keras
import numpy as np
import sklearn.datasets as datasets
import sklearn.metrics as scores
import tensorflow as tf
from scipy.special import expit, logsumexp
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import LinearRegression
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler

tf.config.threading.set_inter_op_parallelism_threads(1)
tf.config.threading.set_intra_op_parallelism_threads(1)


class OldResizing(keras.layers.Layer):
    """What TensorFlow 1 and TensorFlow.js make of resizing: pixels are points, the first of which is the corner."""

    def __init__(self, interpolation, height=None, width=None, factors=None):
        super().__init__()
        self.size, self.factors = (height, width), factors
        self.resize = tf.raw_ops.ResizeBilinear if interpolation == "bilinear" else tf.raw_ops.ResizeNearestNeighbor

    def size_of(self, shape):
        return self.size if self.factors is None else tuple(size * factor for size, factor in zip(shape[1:3], self.factors))

    def call(self, inputs):
        return self.resize(images=inputs, size=self.size_of(inputs.shape))

    def compute_output_shape(self, shape):
        return (shape[0], *self.size_of(shape), shape[3])


class PositionEmbedding(keras.layers.Layer):
    """Not in Keras itself; keras-hub has one that gives the vectors alone."""

    def __init__(self, embeddings_initializer, embeddings_regularizer, embeddings_constraint):
        super().__init__()
        self.supports_masking = True  # As that of keras-hub.
        self.given = {"initializer": embeddings_initializer, "regularizer": embeddings_regularizer, "constraint": embeddings_constraint}

    def build(self, shape):
        self.embeddings = self.add_weight(shape=shape[1:], **self.given)

    def call(self, inputs):
        return inputs + self.embeddings


@keras.saving.register_keras_serializable()
def old_hard_sigmoid(x):
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)


@keras.saving.register_keras_serializable()
def gelu_tanh(x):
    return keras.activations.gelu(x, approximate=True)


# Layers and functions by names that Keras does not have.
OURS = {"OldResizing": OldResizing, "PositionEmbedding": PositionEmbedding}
ACTIVATIONS = {"gelu_tanh": gelu_tanh, "old_hard_sigmoid": old_hard_sigmoid}
MODULES = {"layer": keras.layers, "loss": keras.losses, "metric": keras.metrics, "optimizer": keras.optimizers, "schedule": keras.optimizers.schedules, "callback": keras.callbacks, "regularizer": keras.regularizers, "constraint": keras.constraints}


def read(array):
    return np.frombuffer(base64.b64decode(array["data"]), "<f4").reshape(array["shape"])


def write(value):
    array = np.asarray(value, "<f4")
    return {"shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


def make(value):
    """Objects of Keras for what describes them, at any depth."""
    if isinstance(value, list):
        return [make(item) for item in value]
    if isinstance(value, dict):
        name = value["class"]
        options = {key: make(option) for key, option in value["options"].items()}
        if isinstance(options.get("initial_learning_rate"), int):
            options["initial_learning_rate"] = float(options["initial_learning_rate"])  # JSON knows no other 0.
        found = OURS.get(name) or getattr(MODULES[value["kind"]], name)
        return found(**options)
    return ACTIVATIONS.get(value, value) if isinstance(value, str) else value


def build(case, shape):
    """The layers, each below the one before or those that it names, over the input; the first one over several inputs made of it."""
    source = keras.Input(shape)
    branches = [branch(source, *given) for given in case["inputs"]]
    values = []
    for given in case["layers"]:
        layer, call = make(given), given.get("call", {})
        named = [branches[-1 - at] if at < 0 else values[at] for at in given.get("from", [])]
        taken = named or (values[-1:] if values else branches)
        if given.get("spread"):
            values.append(layer(*(taken if len(taken) > 1 else taken * 2), **call))
        else:
            values.append(layer(taken if len(taken) > 1 else taken[0], **call))
    return keras.Model(source, [values[at] for at in case["outputs"]] if "outputs" in case else values[-1])


def branch(source, scale, offset, mask_value=None):
    scaled = keras.layers.Rescaling(scale, offset)(source)
    return scaled if mask_value is None else keras.layers.Masking(mask_value)(scaled)


def assign(variables, arrays):
    if len(variables) != len(arrays):
        raise ValueError(f"Keras has {len(variables)} weights {[v.path for v in variables]}, not {len(arrays)}")
    for variable, array in zip(variables, arrays):
        variable.assign(read(array).reshape(variable.shape))


def judge_layer(case):
    x = read(case["x"])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        model = build(case, x.shape[1:])
    lost = len({str(warning.message) for warning in told if "destroy the mask" in str(warning.message)})
    assign(model.trainable_weights + model.non_trainable_weights, case["weights"])
    inference = model(x, training=False)
    mask = getattr(inference, "_keras_mask", None)
    answer = {"lost": lost, "mask": None if mask is None else write(mask), "parameters": sum(int(np.prod(weight.shape)) for weight in model.weights), "inference": write(inference)}
    x = tf.constant(x)
    with tf.GradientTape(persistent=False) as tape:
        tape.watch(x)
        output = model(x, training=case["training"])
        loss = tf.reduce_sum(output * read(case["probe"])) + sum(model.losses)
    weights = [variable.value for variable in model.trainable_weights]
    by_input, *by_weights = tape.gradient(loss, [x, *weights], unconnected_gradients="zero")
    moved = [write(variable) for variable in model.non_trainable_weights]
    constrained = [write(v.constraint(v.value) if v.constraint is not None else v.value) for v in model.trainable_weights]
    gradients = [write(tf.convert_to_tensor(gradient)) for gradient in [by_input, *by_weights]]
    return {**answer, "output": write(output), "gradients": gradients, "moved": moved, "constrained": constrained}


def judge_loss(case):
    loss = make({**case["loss"], "options": {**case["loss"]["options"], "reduction": "none"}})
    z = tf.constant(read(case["z"]))
    with tf.GradientTape() as tape:
        tape.watch(z)
        values = loss(read(case["labels"]), keras.activations.get(case["end"])(z))
        mean = tf.reduce_mean(values)
    return {"values": write(values), "gradient": write(tape.gradient(mean, z))}


def judge_training(case):
    """The weights, and their moving averages where the optimizer keeps some, after a step for each batch."""
    batches = [read(batch) for batch in case["batches"]]
    model = build({"inputs": [[1, 0]], **case}, batches[0].shape[1:])
    assign(model.trainable_weights, case["weights"])
    optimizer, loss = make(case["optimizer"]), make(case["loss"])
    optimizer.build(model.trainable_weights)
    for step, (x, y) in enumerate(zip(batches, case["labels"]), 1):
        if case["correctsEpsilon"]:
            optimizer.epsilon = case["optimizer"]["options"]["epsilon"] * np.sqrt(1 - optimizer.beta_2**step)
        with tf.GradientTape() as tape:
            value = loss(read(y), model(x, training=True)) + sum(model.losses)
        optimizer.apply(tape.gradient(value, [v.value for v in model.trainable_weights]))
    averages = getattr(optimizer, "_model_variables_moving_average", None) or []
    return {"weights": [write(v) for v in model.trainable_weights], "averages": [write(v) for v in averages]}


def judge_epoch(case):
    """What `fit` makes of the data in one epoch, and what `evaluate` then says of it: in one batch, as its losses are means of batches."""
    x, y, weights = read(case["x"]), [read(values) for values in case["y"]], [read(values) for values in case["sampleWeights"]]
    model = build(case, x.shape[1:])
    assign(model.trainable_weights, case["weights"])
    # Compiled, Keras does not know the size of a batch, and the loss of one of several outputs is a mean of batches that all count the same.
    model.compile(make(case["optimizer"]), make(case["losses"]), case["lossWeights"], [[name] for name in case["metrics"]], run_eagerly=True)
    history = model.fit(x, y, case["batchSize"], sample_weight=weights, shuffle=False, verbose=0).history
    measured = model.evaluate(x, y, len(x), verbose=0, return_dict=True)

    def told(values):
        outputs = list(zip(model.output_names, case["metrics"]))
        keys = ["loss", *(f"{name}_{what}" for name, score in outputs for what in ("loss", score))] if len(outputs) > 1 else ["loss", outputs[0][1]]
        return [float(np.ravel(values[key])[-1]) for key in keys]

    return {"weights": [write(v) for v in model.trainable_weights], "trained": told(history), "evaluated": told(measured)}


def judge_callback(case):
    """The learning rate after each epoch with these metrics, and whether the training was to stop."""
    model = keras.Sequential([keras.Input([1]), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(case["learningRate"]), "mse")
    callback = make(case["callback"])
    callback.set_model(model)
    callback.on_train_begin()
    model.stop_training = False
    rates, stops = [], []
    for epoch, metrics in enumerate(case["history"]):
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, metrics)
        rates.append(float(model.optimizer.learning_rate))
        stops.append(model.stop_training)
    return {"rates": rates, "stops": stops, "best": getattr(callback, "best_epoch", None)}


def judge_metric(case):
    metric = make(case["metric"])
    metric.update_state(read(case["labels"]), read(case["predictions"]))
    return {"value": float(np.mean(metric.result()))}


def judge_scores(case):
    """What scikit-learn makes of the outputs of a model, by the names of our metrics; null where that is not a number."""
    warnings.simplefilter("ignore")
    output, actual = read(case["output"]).astype("f8"), read(case["actual"])
    judges = of_numbers(output.ravel(), actual.astype("f8").ravel()) if case["classes"] is None else of_classes(case, output, actual.astype(int))
    values = [float(judges[row](options)) for row, options in case["metrics"]]
    return {"values": [None if np.isnan(value) else value for value in values]}


def of_numbers(predicted, actual):
    return {
        "meanAbsoluteError": lambda _: scores.mean_absolute_error(actual, predicted),
        "meanSquaredError": lambda _: scores.mean_squared_error(actual, predicted),
        "rootMeanSquaredError": lambda _: scores.root_mean_squared_error(actual, predicted),
        "meanAbsolutePercentageError": lambda _: 100 * scores.mean_absolute_percentage_error(actual, predicted),
        "r2Score": lambda _: scores.r2_score(actual, predicted),
    }


def of_classes(case, output, actual):
    classes, one = list(range(case["classes"])), output.shape[1] == 1
    predicted = (output[:, 0] > case["threshold"]).astype(int) if one else np.argmax(output, axis=1)
    ranks = np.concatenate([-output, output], axis=1) if one else output
    if case["softmax"]:
        others = [logsumexp(np.delete(output, k, axis=1), axis=1) for k in classes]
        ranks = output - np.stack(others, axis=1)
    probabilities = expit(ranks)  # Read only where the output is logits of classes that exclude each other.

    def averaged(score):
        def judge(options):
            if "of" in options:
                return score(actual, predicted, labels=[case["names"].index(options["of"])], average=None)[0]
            return score(actual, predicted, average=options.get("mean", "binary" if len(classes) == 2 else "macro"))

        return judge

    def area(_):
        if len(classes) == 2:
            return scores.roc_auc_score(actual, ranks[:, 1])
        areas = [scores.roc_auc_score(actual == k, ranks[:, k]) for k in classes if 0 < np.sum(actual == k) < len(actual)]
        return np.mean(areas) if areas else np.nan

    loss = lambda _: scores.log_loss(actual, probabilities, labels=classes)
    return {
        "accuracy": lambda _: scores.accuracy_score(actual, predicted),
        "balancedAccuracy": lambda _: scores.balanced_accuracy_score(actual, predicted),
        "precision": averaged(scores.precision_score),
        "recall": averaged(scores.recall_score),
        "f1": averaged(scores.f1_score),
        "meanIoU": lambda _: scores.jaccard_score(actual, predicted, average="macro"),
        "cohenKappa": lambda _: scores.cohen_kappa_score(actual, predicted),
        "topK": lambda options: scores.top_k_accuracy_score(actual, ranks if len(classes) > 2 else ranks[:, 1], k=options["k"], labels=classes),
        "auc": area,
        "logLoss": loss,
        "perplexity": lambda options: np.exp(loss(options)),
    }


def judge_table(case):
    """A table that scikit-learn brings along, by columns; `y` is to be predicted."""
    frame = getattr(datasets, f"load_{case['name']}")(scaled=False)
    columns = {name: frame.data[:, k].tolist() for k, name in enumerate(frame.feature_names)}
    return {"columns": {**columns, "y": frame.target.tolist()}}


def judge_regression(case):
    """How well others predict the same test rows from the same rows trained on, their targets standardized; and what predictions are worth."""
    warnings.simplefilter("ignore")
    x, y, test_x, test_y = (np.asarray(case[key], "f8") for key in ("x", "y", "testX", "testY"))
    net = lambda seed: MLPRegressor(hidden_layer_sizes=case["units"], learning_rate_init=0.01, batch_size=16, max_iter=case["epochs"], alpha=0, random_state=seed)
    standardized = lambda model: TransformedTargetRegressor(model, transformer=StandardScaler()).fit(x, y).predict(test_x)
    keras.utils.set_random_seed(1)
    inner = keras.Sequential([*(keras.layers.Dense(units, "relu") for units in case["units"]), keras.layers.Dense(1)])
    inner.compile(keras.optimizers.Adam(0.01), "mse")
    inner.fit(x, (y - y.mean()) / y.std(), batch_size=16, epochs=case["epochs"], verbose=0)
    of_keras = inner.predict(test_x, verbose=0)[:, 0] * y.std() + y.mean()
    judges = of_numbers(np.asarray(case["predicted"], "f8"), test_y)
    return {
        "metrics": {name: float(judge(None)) for name, judge in judges.items()},
        "nets": [float(scores.r2_score(test_y, predicted)) for predicted in [*(standardized(net(seed)) for seed in range(3)), of_keras]],
        "linear": float(scores.r2_score(test_y, LinearRegression().fit(x, y).predict(test_x))),
    }


def judge_augmentation(case):
    """What a layer makes of pictures with what it draws, or with what is given in the place of that."""
    images, layer = read(case["x"]), make(case["layer"])
    given = {name: np.asarray(value) for name, value in case.get("drawn", {}).items()}
    drawn = {name: value.astype("f4") if value.dtype.kind == "f" else value for name, value in given.items()}
    return {"images": write(layer.transform_images(tf.constant(images), {**layer.get_random_transformation(images), **drawn}))}


def judge_defaults(case):
    """What an object says of itself, options that it was not made with included; objects inside by their class."""
    config = make(case["object"]).get_config()
    return {"config": {key: value["class_name"] if isinstance(value, dict) else value for key, value in config.items()}}


def judge_onnx(case):
    """What ONNX's own checker says of a model, with its shapes inferred, and what ONNX Runtime computes with it."""
    # Only these cases need them.
    import onnx
    import onnxruntime

    data = base64.b64decode(case["model"])
    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    ports = lambda values: [{"name": one.name, "shape": one.shape, "type": one.type} for one in values]
    return {
        "version": [model.ir_version, model.opset_import[0].version],
        "inputs": ports(session.get_inputs()),
        "outputs": ports(session.get_outputs()),
        "batches": [[write(output) for output in session.run(case["outputs"], {name: read(array) for name, array in feed.items()})] for feed in case["batches"]],
    }


JUDGES = {"layer": judge_layer, "loss": judge_loss, "training": judge_training, "epoch": judge_epoch, "callback": judge_callback, "metric": judge_metric, "scores": judge_scores, "table": judge_table, "regression": judge_regression, "augmentation": judge_augmentation, "defaults": judge_defaults, "onnx": judge_onnx}


def judge(case):
    try:
        return JUDGES[case["kind"]](case)
    except Exception as error:  # One case that Keras refuses leaves the others their answers.
        return {"error": f"{type(error).__name__}: {error}"}


while True:
    connection, _ = listener.accept()
    with connection, connection.makefile("rw", encoding="utf-8") as asked:
        json.dump([judge(case) for case in json.load(asked)], asked)
