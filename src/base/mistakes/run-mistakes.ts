import type { MistakeTable } from './mistake-table.ts';

/** What can go wrong in a run: training, budget, kept outcomes, checkpoints, going on and replay. */
export const runMistakes = {
  'loss-not-finite': {
    means: 'The loss of a batch or of the validation became infinite or NaN: training cannot go on.',
    fix: 'Use a smaller learning rate or `clipNorm`, and look for values in the data that are very large.',
  },
  'monitor-is-nan': {
    means: 'The metric that a schedule or early stopping waits for is NaN after an epoch, which is passed over.',
    fix: 'Give the validation samples of several classes, or monitor another metric.',
    severity: 'warning',
  },
  'all-masked': {
    means: 'Masks leave out all steps of a target, so that its loss is 0 and its metrics are NaN.',
    fix: 'Look at `maskZero`, and at index 0 in the data.',
    severity: 'warning',
  },
  'nothing-learnt': {
    means: 'Of the test samples the model tells a target no better than who always says the same.',
    fix: 'Train longer, or change the learning rate or the layers. `--overfit 10` says whether the model can learn.',
    severity: 'warning',
  },
  'not-overfitted': {
    means: '`--overfit` could not learn a few samples by heart.',
    fix: 'Look for a learning rate that is too small or too large, a missing activation, or labels of other samples.',
  },
  'tried-once': {
    means: 'A file with `repeat` or `data.folds` is tried out by `--smoke` or `--overfit`, which is one training.',
    fix: 'Nothing need be done; without the flag, all of them run.',
    severity: 'warning',
  },
  'gate-failed': {
    means: 'A number of the trained model is not within what `evaluate.require` says. All of the run is recorded.',
    fix: 'Train a better model, or require less.',
  },
  interrupted: {
    means: 'The run was stopped by Ctrl+C or a signal.',
    fix: 'Give the command that the hint shows: it goes on from its last checkpoint.',
  },
  'until-epoch': {
    means: 'A program asks `runPipeline` to pause a trial, or at the end of an epoch that there is none of.',
    fix: 'Ask for a whole number of epochs, 1 or more, of a run in earnest.',
  },
  'over-budget': {
    means: 'The forecast is above the budget of time or memory: the run is not begun.',
    fix: 'Raise the budget, or train fewer epochs or smaller batches, as the hint says.',
  },
  'budget-exceeded': {
    means: 'The run broke its budget of time or memory, or was about to, and was stopped.',
    fix: 'Raise the budget and run the file again: it goes on from its last checkpoint.',
  },
  'calibration-not-kept': {
    means: 'What was measured of this machine cannot be kept for the next forecast.',
    fix: 'Make the folder that the message names writable.',
    severity: 'warning',
  },
  'cache-damaged': {
    means: 'The kept outcome of a stage cannot be used.',
    fix: 'Nothing: the stage runs again and replaces it.',
    severity: 'either',
  },
  'cache-not-written': {
    means: 'Outcomes of stages cannot be kept.',
    fix: 'Make room, or give the right to write; the run goes on without.',
    severity: 'warning',
  },
  'damaged-checkpoint': {
    means: 'A checkpoint is damaged; the one before it is taken.',
    fix: 'Nothing.',
    severity: 'either',
  },
  'no-checkpoint': {
    means: 'No checkpoint can be written.',
    fix: 'Make room; training goes on, and tries again.',
    severity: 'warning',
  },
  'checkpoint-misfit': {
    means: 'A checkpoint is of another model or optimizer than the run.',
    fix: 'Use `pipeline run --fresh` to start over.',
  },
  'data-changed': {
    means: 'The data is no longer what the interrupted run was trained on: it cannot go on.',
    fix: 'Put the data back, or use `pipeline run --fresh` to start over.',
  },
  'started-over': {
    means: 'An interrupted run of the file is not gone on with, as its training or data changed: a new one starts.',
    fix: 'Undo the change to go on with that one.',
    severity: 'warning',
  },
  'interrupted-elsewhere': {
    means: 'An interrupted run of the file is recorded for another server, or for none: a new one starts.',
    fix: 'Give the same command the `--tracking-uri` that the hint shows.',
    severity: 'warning',
  },
  'unfinished-record-damaged': {
    means: 'The note of an interrupted run is damaged: a new run starts.',
    fix: 'Nothing can be done for that run.',
    severity: 'warning',
  },
  'unfinished-run-unusable': {
    means:
      'The interrupted run that a note names cannot be found where it says, ' +
      'or leads out of the store: a new one starts.',
    fix: 'Put the run back where it was.',
    severity: 'warning',
  },
  'not-resumable': {
    means: 'The run cannot be noted as one that could go on after an interruption.',
    fix: 'Make the folder that the message names writable.',
    severity: 'warning',
  },
  'other-machine': {
    means:
      'The run went on on another machine, so that its last bits may differ from those of one without interruption.',
    fix: 'Go on with it where it began, where that matters.',
    severity: 'warning',
  },
  'other-step': {
    means: 'The run goes on with steps that run otherwise, compiled or eager, so that its last bits may differ.',
    fix: 'Go on with it under the same conditions, where that matters.',
    severity: 'warning',
  },
  'figure-left-out': {
    means: 'A figure is left out, as what it needs was not measured.',
    fix: 'Evaluate what it needs, or remove it from `visualize`.',
    severity: 'warning',
  },
  'run-not-written': {
    means: 'The run cannot be written to its folder.',
    fix: 'Make it writable and make room, then run the file again: it goes on with what is done.',
  },
  'no-model': {
    means: 'The run has no model yet, or the folder that should hold one cannot be read.',
    fix: 'Name a run that has trained, or the folder `artifacts/model` of one.',
  },
  'doubtful-model': {
    means: 'The model that is asked for is that of a trial, or of a run that failed, such as by `evaluate.require`.',
    fix: 'Name another run, unless it is meant.',
    severity: 'warning',
  },
  'model-too-large': {
    means: 'The model of a run on a server is larger than any that is fetched from there.',
    fix: 'Fetch it with MLflow, and name the folder that it is in.',
  },
  'model-damaged': {
    means: 'The files of a model are damaged, do not belong together, or are of another program.',
    fix: 'Take both files, model.json and weights.bin, from the run again.',
  },
  'replay-differs': {
    means: 'A replay gives other numbers or weights than the run recorded.',
    fix: 'What is told above it may be why; so may another processor, or another number of threads.',
  },
  'nothing-recorded': {
    means: 'The run that is to be replayed has no epoch that could be compared.',
    fix: 'Replay one that trained for an epoch at least.',
  },
  'not-resolved': {
    means: 'The recorded pipeline extends another file, which none that this program recorded does.',
    fix: 'Do not trust the run.',
  },
  'unknown-trial': {
    means: "The run's tag `pipeline.trial` names no trial.",
    fix: 'Correct it where the run is recorded: `smoke`, or `overfit-` and a number.',
  },
  'other-data': {
    means: 'The data of the run that is evaluated is no longer what the run was trained on.',
    fix: 'Put it back; `--data` evaluates the model on other data.',
  },
  'no-such-split': {
    means: '`pipeline evaluate --split validation` is given for a run that held back no samples.',
    fix: 'Evaluate another split.',
  },
  'data-elsewhere': {
    means: "The recorded run's data lies outside the folder that you are in: a record chooses no file there.",
    fix: 'Where the file is your own, stand in a folder above both the data and the pipeline file.',
  },
  'run-failed': {
    means: '`verify-resume`: the run fails even without an interruption.',
    fix: 'See its own message.',
  },
  'resume-differs': {
    means: '`verify-resume`: the run that was killed and went on ended with other weights.',
    fix: 'Please report this with your pipeline file.',
  },
  'no-temporary-folder': {
    means: '`verify-resume` cannot record its runs in the folder for temporary files.',
    fix: 'Make room there, or set TMPDIR.',
  },
} as const satisfies MistakeTable;
