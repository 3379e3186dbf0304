/**
 * What Python is told. It prints one line of JSON: the version of Optuna, or what is missing; then, for each line that
 * it is given, one that answers. Nothing is kept from one to the next: each names the space, the seed and the whole
 * history. A value is a number: of a choice its index.
 *
 * A point that was tried before is left as a trial at work, which the sampler keeps away from, and it is asked again.
 * Where only such points come, the answer is null.
 */
export const optunaProgram = `
import json, signal, sys, warnings

out, sys.stdout = sys.stdout, sys.stderr
signal.signal(signal.SIGINT, signal.SIG_IGN)
warnings.simplefilter("ignore")


def say(**told):
    print(json.dumps(told), file=out, flush=True)


try:
    import optuna
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
    from optuna.samplers import TPESampler
    from optuna.trial import TrialState, create_trial
except ImportError as error:
    say(missing=error.name or str(error))
    sys.exit()

optuna.logging.set_verbosity(optuna.logging.CRITICAL)
say(version=optuna.__version__)


def distribution(one):
    if one["kind"] == "choice":
        return CategoricalDistribution(list(range(one["count"])))
    if one["kind"] == "float":
        return FloatDistribution(one["low"], one["high"], log=one["log"])
    return IntDistribution(one["low"], one["high"], step=one["step"], log=one["log"])


def past(trial, space):
    state = TrialState[trial["state"]]
    score = trial.get("score")
    return create_trial(
        state=state,
        params=dict(zip(space, trial["values"])),
        distributions=space,
        value=score if state == TrialState.COMPLETE else None,
        intermediate_values={trial["epochs"]: score} if state == TrialState.PRUNED else {},
    )


for line in sys.stdin:
    asked = json.loads(line)
    space = {str(place): distribution(one) for place, one in enumerate(asked["space"])}
    sampler = TPESampler(seed=asked["seed"], multivariate=True, constant_liar=True)
    study = optuna.create_study(direction=asked["direction"], sampler=sampler)
    for trial in asked["history"]:
        study.add_trial(past(trial, space))
    taken = {tuple(trial["values"]) for trial in asked["history"]}
    found = None
    for _ in range(50):
        trial = study.ask(space)
        values = [trial.params[name] for name in space]
        if tuple(values) not in taken:
            found = values
            break
    say(values=found)
`;
