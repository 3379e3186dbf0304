import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in how layers, data and training fit each other. */
export const modelMistakes = {
  'unknown-layer-name': {
    means: '`from`, `share` or `outputs` names a layer that is not there, or not above.',
    fix: 'Correct the name, or give the layer that you mean a `name`.',
  },
  'layer-cycle': {
    means: 'A layer takes its own output as input, at once or through others.',
    fix: 'Name a layer above it. Recurrent layers, such as `lstm`, have their loop inside.',
  },
  'layer-comes-later': {
    means: 'A layer takes the output of one that stands below it.',
    fix: 'Move that one above it.',
  },
  'layer-outside-block': {
    means: 'A layer of a block takes the output of a layer outside.',
    fix: 'A block sees its own layers and `input`, which is what its use takes.',
  },
  'names-in-one-text': {
    means: '`from: a, b` is one text and not two names.',
    fix: 'Write a list: `from: [a, b]`.',
  },
  'wrong-inputs': {
    means: 'A layer of one input is given several, or one that joins several is given one.',
    fix: 'Put `add` or `concatenate` in between, or name the inputs: `from: [a, b]`.',
  },
  'inputs-unsaid': {
    means: 'The data has several inputs, and the first layer does not say which one it takes.',
    fix: 'Name it: `from: NAME`.',
  },
  'unused-layer': {
    means: 'Nothing takes the output of a layer.',
    fix: 'Name it in a `from` below, or remove it.',
  },
  'unused-input': {
    means: 'No layer takes one of the inputs of the data.',
    fix: 'Name it in a `from`, or take it out of the data.',
  },
  'share-mismatch': {
    means: 'A layer shares the weights of one that is of another type or has other options.',
    fix: 'Write `share: NAME` by itself.',
  },
  'shape-mismatch': {
    means: 'A layer cannot take what it gets: too few dimensions, a size that does not fit, a window larger than it.',
    fix: 'Change the layer or what is above it; `pipeline plan` shows all shapes.',
  },
  'layer-too-large': {
    means: 'What a layer gives, or its weights, are more values than one array can hold.',
    fix: 'Make its sizes smaller.',
  },
  'constraint-misfit': {
    means: 'A constraint has an axis that the weights do not have.',
    fix: 'Name an axis that they have.',
  },
  'not-indices': {
    means: 'A layer that looks numbers up, such as `embedding`, gets numbers that are not whole, or below 0.',
    fix: 'Number them from 0 on in the data, and do not standardize them.',
  },
  'calculated-indices': {
    means: 'A layer above one that looks numbers up makes other numbers of the indices.',
    fix: 'Put the `embedding` above it, or remove one of the two.',
  },
  'index-out-of-range': {
    means:
      'A layer that looks numbers up, such as `embedding`, gets one beyond its table; ' +
      'found by the check or in the run.',
    fix: 'Make the table larger (`inputDim`), or correct the data.',
  },
  'mask-of-data': {
    means: '`maskZero` leaves out each 0 of an input in which 0 is a value like any other.',
    fix: 'Leave `maskZero` out, or let the data keep 0 for what is not there.',
    severity: 'warning',
  },
  'mask-lost': {
    means: 'A layer knows no masks, so that from there on steps that are masked count like the others.',
    fix: 'Put what needs the mask above it.',
    severity: 'warning',
  },
  'several-targets': {
    means: 'The data has several targets, and `train.loss` is for one.',
    fix: 'Give each its own in `train.outputs`.',
  },
  'unknown-target': {
    means: '`train.outputs` names a target that the data does not have.',
    fix: 'Correct the name.',
  },
  'missing-output': {
    means: 'The data has a target that no output predicts.',
    fix: "Add it to `train.outputs`, or take it out of the data's targets.",
  },
  'same-layer': {
    means: 'One layer predicts two targets.',
    fix: 'Give each a layer of its own.',
    severity: 'warning',
  },
  'loss-misfit': {
    means:
      'A loss does not fit the target or the layer that predicts it: their sizes, or an activation that it has inside.',
    fix: 'Change the last layer or the loss, as the hint says.',
  },
  'far-bias': {
    means: 'A target is trained on as it is, and its numbers are far from what the last layer gives at the start.',
    fix: 'Standardize it, or start with its mean.',
    severity: 'warning',
  },
  'far-delta': {
    means: 'The `delta` of `huberLoss` is beyond all numbers of the target, or far below them.',
    fix: 'Set `delta`, or standardize the target.',
    severity: 'warning',
  },
  'metric-misfit': {
    means: 'A metric cannot be measured on any target: one for classes on a number, say.',
    fix: 'Take one that fits.',
  },
  'shared-metric-name': {
    means: 'Two metrics would be told under one name.',
    fix: 'Keep one, or give one another `name`.',
  },
  'unmeasured-metric': {
    means: 'A schedule or early stopping waits for a metric that no epoch tells.',
    fix: 'Name one that is told, such as `val_loss`; `val_` needs a validation split.',
  },
  'schedule-misfit': {
    means: 'A schedule does not fit the training: it is longer than that, or its rates do not fit the first one.',
    fix: 'Change its options or `epochs`.',
  },
  'augmentation-misfit': {
    means:
      'An augmentation does not fit the data, the loss or its own options: ' +
      'there are no pictures, masks would not move with them, or labels cannot be mixed.',
    fix: 'See the hint, or remove it.',
  },
  'clipped-twice': {
    means: 'Both `clipNorm` and `clipValue` are set.',
    fix: 'Keep one.',
  },
  'balanced-twice': {
    means: 'Classes are balanced by `sampling` and by `classWeights`, too.',
    fix: 'Keep one.',
  },
  'sampling-sources': {
    means: 'The shares in `sampling` are not those of the files or folders that the source lists.',
    fix: 'Give each of several a share, by the name that the source has for it.',
  },
  'not-classes': {
    means: '`classWeights` or `sampling: balanced` are set where no target is one class per sample.',
    fix: 'Remove them.',
  },
  'unknown-class': {
    means: '`classWeights`, or the `of` of a metric, names a class that the data does not have.',
    fix: 'Correct the name.',
  },
  'bad-gate': {
    means: '`evaluate.require` names a number that is not measured, or a bound that no good model is told apart by.',
    fix: 'See the hint.',
  },
  'bad-input-name': {
    means: 'An input of the data has a name that no layer could name it by.',
    fix: 'Use letters, digits, `_`, `.` and `-`, the first a letter.',
  },
  'split-too-large': {
    means: 'The validation takes all training samples.',
    fix: 'Use a smaller number, or a fraction such as 0.1.',
  },
  'split-conflict': {
    means: '`data.split` divides in two ways at once, or against the source.',
    fix: 'Keep one of them.',
  },
  'too-many-folds': {
    means: 'There are fewer samples, or groups of them, than folds.',
    fix: 'Use fewer folds, or more data.',
  },
  'fold-without-folds': {
    means: '`data.fold` says which of several folds is held back, and `data.folds` does not say how many there are.',
    fix: 'Give both, or leave `fold` out.',
  },
  'no-split-column': {
    means: '`data.split` names a column to divide by where the data has none.',
    fix: 'Leave it out.',
  },
  'no-order': {
    means: '`data.split.order` names a column where the data has none.',
    fix: 'Leave it out, or use `order: time`.',
  },
} as const satisfies MistakeTable;
