"""Trials of functions whose important parameters are known, and what Optuna's fANOVA says of them.

    pip install optuna==5.0.0 scikit-learn==1.9.1
    python importances.py > importances.json
"""

import json
import math
import sys

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)

UNIT = FloatDistribution(0, 1)


def peak(v):
    """The optimum of what counts most lies between the bounds."""
    return -((math.log10(v["rate"]) + 2.5) ** 2) - 0.02 * abs(v["filters"] - 64) - 0.001 * v["batch"]


def choice(v):
    return {"adam": 0.0, "sgd": 3.0, "rmsprop": 1.0}[v["optimizer"]] + v["a"] + 0.1 * v["b"]


def diverging(v):
    """A tenth of the trials is 1e4 times worse."""
    return (v["a"] * 4 + v["b"]) * (1e4 if v["a"] > 0.9 else 1) + 0.1 * v["c"]


SWEEPS = {
    "peak": (peak, "maximize", {
        "rate": FloatDistribution(1e-5, 1e-1, log=True),
        "filters": IntDistribution(16, 128, step=16),
        "batch": CategoricalDistribution([50, 100, 200]),
    }),
    "choice": (choice, "minimize", {
        "optimizer": CategoricalDistribution(["adam", "sgd", "rmsprop"]), "a": UNIT, "b": UNIT,
    }),
    "linear": (lambda v: 8 * v["a"] + 3 * v["b"] + v["c"], "minimize", {"a": UNIT, "b": UNIT, "c": UNIT}),
    "diverging": (diverging, "minimize", {"a": UNIT, "b": UNIT, "c": UNIT}),
}


def asked(name, sampler, count):
    function, direction, space = SWEEPS[name]
    study = optuna.create_study(direction=direction, sampler=sampler)
    trials = []
    for _ in range(count):
        trial = study.ask(space)
        score = function(trial.params)
        study.tell(trial, score)
        trials.append([list(trial.params.values()), score])
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
    importance = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {"direction": direction, "paths": list(space), "trials": trials, "importance": importance}


out = {}
for name in SWEEPS:
    out[f"{name}, random"] = asked(name, optuna.samplers.RandomSampler(seed=1), 80)
    out[f"{name}, tpe"] = asked(name, optuna.samplers.TPESampler(seed=2), 80)
json.dump(out, sys.stdout)
