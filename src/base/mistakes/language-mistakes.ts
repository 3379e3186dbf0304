import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in the words and values of a pipeline file. */
export const languageMistakes = {
  'unknown-key': {
    means: 'A section, an option or a map has a key that it does not know, such as `epoch` for `epochs`.',
    fix: 'Take the key that the hint names, or remove it.',
  },
  'misplaced-option': {
    means: 'An option stands beside the name that it belongs to, where it should stand below it.',
    fix: 'Indent it further, or write it in the braces of its name.',
  },
  'missing-key': {
    means: 'A key that is needed is not there, such as `epochs` in `train`.',
    fix: 'Add it; the hint shows an example.',
  },
  'missing-name': {
    means: 'A layer, an optimizer or another thing that has a name is a map without one.',
    fix: 'Write its name as the key: `adam: { learningRate: 0.001 }`.',
  },
  'several-names': {
    means: 'One list item or value names several things of which it can be one, such as two layers.',
    fix: 'Give each a list item of its own, or keep one.',
  },
  'wrong-type': {
    means: 'A value is of another kind than is wanted there: a text for a number, a list for a map.',
    fix: 'Write what the message says that it must be.',
  },
  'wrong-length': {
    means: 'A list or map has too few or too many items.',
    fix: 'Write as many as the message says.',
  },
  'out-of-range': {
    means: 'A number is smaller or larger than it may be, or not the multiple that it must be.',
    fix: 'Write one in the range that the message says.',
  },
  'not-one-of': {
    means: 'A value is none of the few that are allowed there.',
    fix: 'Take one of those that the message names.',
  },
  'bad-text': {
    means: 'A text is not of the form that is wanted there: a duration, a size, a name, the metric of a monitor.',
    fix: 'Write it as the message says.',
  },
  'repeated-item': {
    means: 'A list whose items must differ has one twice.',
    fix: 'Remove one of the two.',
  },
  'repeated-option': {
    means: 'An option is set twice, such as by a word of the short form and by its key.',
    fix: 'Keep one of the two.',
  },
  'unknown-word': {
    means:
      'A word of a short form, such as `conv 3x3x16 sme`, means nothing to the layer or thing that it stands with.',
    fix: 'See the usage in the hint.',
  },
  'too-many-words': {
    means: 'A short form has more words than any takes.',
    fix: 'Write its options as a map.',
  },
  'unbalanced-parenthesis': {
    means: 'A short form has a parenthesis that is never opened or never closed.',
    fix: 'Add the other one, or remove it.',
  },
  'unknown-layer': {
    means: 'There is no layer of this type, or it cannot stand here.',
    fix: 'See the hint, or `pipeline list layer`.',
  },
  'unknown-cell': {
    means: 'There is no cell of this type for a recurrent layer.',
    fix: 'See the hint, or `pipeline list cell`.',
  },
  'unknown-optimizer': {
    means: 'There is no optimizer of this name.',
    fix: 'See the hint, or `pipeline list optimizer`.',
  },
  'unknown-loss': {
    means: 'There is no loss of this name; other libraries may call it so.',
    fix: 'See the hint, or `pipeline list loss`.',
  },
  'unknown-metric': {
    means: 'There is no metric of this name.',
    fix: 'See the hint, or `pipeline list metric`.',
  },
  'unknown-schedule': {
    means: 'There is no schedule of the learning rate of this name.',
    fix: 'See the hint, or `pipeline list schedule`.',
  },
  'unknown-augmentation': {
    means: 'There is no augmentation of this name.',
    fix: 'See the hint, or `pipeline list augmentation`.',
  },
  'unknown-initializer': {
    means: 'There is no initializer of this name.',
    fix: 'See the hint, or `pipeline list initializer`.',
  },
  'unknown-regularizer': {
    means: 'There is no regularizer of this name.',
    fix: 'See the hint, or `pipeline list regularizer`.',
  },
  'unknown-constraint': {
    means: 'There is no constraint of this name.',
    fix: 'See the hint, or `pipeline list constraint`.',
  },
  'unknown-data-set': {
    means: 'There is no data set or format of this name.',
    fix: 'See the hint, or `pipeline list dataset`.',
  },
  'unknown-figure': {
    means: 'There is no figure of this name.',
    fix: 'See the hint, or `pipeline list figure`.',
  },
  'extends-cycle': {
    means: 'A file extends itself, or a file that extends it in turn.',
    fix: 'Remove one of the two `extends`.',
  },
  'extends-too-deep': {
    means: 'Too many files extend each other one after the other.',
    fix: 'Merge some of them.',
  },
  'bad-block-name': {
    means: 'The name of a block does not start with a capital letter, or has other signs than letters and digits.',
    fix: 'Write it like `Residual`; names with a small letter are those of layers.',
  },
  'unknown-block': {
    means: 'The list of layers uses a block that is not in `blocks`.',
    fix: 'Correct its name, or add it to `blocks`.',
  },
  'unused-block': {
    means: 'No layer uses a block that `blocks` has.',
    fix: 'Use it in `layers`, or remove it.',
  },
  'block-cycle': {
    means: 'A block uses itself, at once or through others.',
    fix: 'Use `repeat` to stack layers.',
  },
  'blocks-too-deep': {
    means: 'Blocks use each other over too many levels.',
    fix: 'Write some of them out.',
  },
  'bad-parameter-name': {
    means: 'The name of a block parameter has other signs than letters, digits and `_`.',
    fix: 'Rename it.',
  },
  'unknown-parameter': {
    means: 'A block uses, or is given, a parameter that it does not have.',
    fix: "Correct the name, or add it to the block's `parameters`.",
  },
  'unused-parameter': {
    means: 'No layer of a block uses one of its parameters.',
    fix: 'Write `$NAME` where it belongs, or remove it.',
  },
  'missing-parameter': {
    means: 'A use of a block gives no value to a parameter that has no default.',
    fix: 'Give the value: `- Block: { filters: 16 }`, or set a default in `blocks`.',
  },
  'parameter-in-default': {
    means: 'The default value of a parameter uses another parameter.',
    fix: 'Write the value out.',
  },
  'parameter-in-text': {
    means: 'A parameter stands inside a text, such as `conv 3x3x$n`, but its value is a list or a map.',
    fix: 'Give it a number or a text.',
  },
  'bad-arithmetic': {
    means: 'What stands in `${...}` cannot be read as a calculation.',
    fix: 'Use numbers, parameters, `+ - * /` and parentheses, as in `${filters * 2}`.',
  },
  'arithmetic-in-default': {
    means: 'The default value of a parameter is a calculation.',
    fix: 'Write the number, and calculate where it is used.',
  },
  'arithmetic-without-value': {
    means: 'A calculation has no value in this use of its block: it divides by zero, say, or the result is not whole.',
    fix: 'Give the block other parameters.',
  },
  'too-many-layers': {
    means: 'The model has more layers than one may have, with blocks and repetitions written out.',
    fix: 'Use fewer, or smaller repetitions.',
  },
  'duplicate-name': {
    means: 'Two layers have one name, or a layer has a name that the data needs.',
    fix: 'Give one of them another name.',
  },
  'bad-setting': {
    means: 'A value of `--set` is not of the form PATH=VALUE.',
    fix: "Write `--set train.epochs=3`, or `--set 'model.layers[0]=conv 5x5x32'`.",
  },
  'setting-without-value': {
    means: 'Nothing stands behind the equals sign of `--set`.',
    fix: 'Put the value there.',
  },
  'setting-of-extends': {
    means: '`--set extends=...`: what a file extends cannot be set from outside.',
    fix: 'Set what the base file would.',
  },
  'setting-too-deep': {
    means: 'The path of `--set` has more parts than a pipeline file has levels.',
    fix: 'Shorten it.',
  },
  'setting-beyond-list': {
    means: '`--set` names a place of a list that the list does not have.',
    fix: 'Count from 0; the number of items is the place that adds one.',
  },
  'setting-of-no-list': {
    means: '`--set` names a place, such as `[0]`, of something that is no list.',
    fix: 'Use the key: `train.epochs`.',
  },
  'setting-into-list': {
    means: '`--set` names a key of something that is a list.',
    fix: 'Name a place in it: `model.layers[0].filters`.',
  },
  'setting-into-parameters': {
    means: "`--set` names an option of a short form that has a block's parameters in it.",
    fix: 'Set the whole of it, or a parameter of the block.',
  },
} as const satisfies MistakeTable;
