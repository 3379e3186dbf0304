import { usualOf } from '../../datasets/preparations/prepared-column.ts';
import { readsWords } from '../../datasets/texts/encode-text.ts';
import { seriesEncoder } from '../../datasets/series/encode-series.ts';
import { type PreparedColumn, hasSteps, hasTokens, tableEncoder } from '../../datasets/tables/encode-table.ts';
import { wasmMisfit } from '../../layers/volume-classes.ts';
import { type Packaging, type Typed, declarationsOf, isIdentifier, quoted, sureOf, tfjs } from './package-types.ts';
import type { PackagedFacts } from './packaged-model.ts';

/** How to use a package, and where it comes from. Names of the data stand in code alone, where they are no markup. */
export function readmeOf(about: PackagedFacts & Omit<Packaging, 'name'> & { readonly name: string }): string {
  const { name, runId, metrics, targets } = about;
  const measured = Object.entries(metrics).map(([key, value]) => `| \`${key}\` | ${round(value)} |`);
  const asked = targets.map((target) => {
    const sure = sureOf(target);
    const told = `told${memberOf(target.name)};`;
    return sure === undefined ? told : `${told} // and told.${sure}${memberOf(target.name)}`;
  });
  const misfit = wasmMisfit(about.topology);
  const wasm =
    misfit === undefined
      ? `WebAssembly is several times faster:

\`\`\`sh
npm install ${tfjs}-backend-wasm
\`\`\`

\`\`\`js
import * as tf from '${tfjs}';
import '${tfjs}-backend-wasm';

await tf.setBackend('wasm'); // before the first predict
\`\`\`
`
      : `Not on WebAssembly: ${misfit}.\n`;
  return `# ${name}

A trained model${runId === undefined ? '' : `, of the run ${runId}`}, made a package by Layerline.
${measured.length === 0 ? '' : `\n| on the test split | |\n|---|---|\n${measured.join('\n')}\n`}
\`\`\`ts
import { predict } from '${name}';

const told = await predict(${exampleOf(about)});
${asked.join('\n')}
\`\`\`

It is asynchronous, as weights, WebAssembly and graphics cards are. \`predictAll\` takes many at once. An input that
cannot be used is a \`TypeError\` that says why. The types name every column and class: with another model, a program
that does not fit it any more fails when it is compiled.

\`\`\`ts
${declarationsOf(about).trimEnd()}
\`\`\`

## In Node and in a browser

It needs \`${tfjs}\` and nothing native, and runs on the backend that is set there: in Node plain
JavaScript. ${wasm}
All is in modules, the weights too, so that bundlers need no rules for it. In a page without a bundler:

\`\`\`html
<script type="importmap">
{ "imports": {
  "${tfjs}": "/node_modules/${tfjs}/dist/tf.fesm.min.js",
  "${name}": "/node_modules/${name}/index.js"
} }
</script>
\`\`\`

\`npm test\` computes the rows in \`golden/\` again, which the run computed when it had trained the model.
`;
}

/** An input that the model takes. */
function exampleOf({ kind, ...trained }: Typed): string {
  const { inputs } = trained;
  if (kind === 'text') return `'...' /* ${inputs[0]!.shape[0]!} ${readsWords(trained) ? 'words' : 'characters'} */`;
  if (kind === 'pictures') {
    const pictures = inputs.map(({ name }) => `${quoted(name)}: ${quoted(`${name}.png`)}`);
    return inputs.length === 1 ? "'picture.png'" : `{ ${pictures.join(', ')} }`;
  }
  if (kind === 'recordings') return quoted('recording.wav');
  if (kind === 'arrays') {
    const arrays = inputs.map(({ name, shape }) => [name, `new Float32Array(${shape.join(' * ')})`] as const);
    return inputs.length === 1
      ? arrays[0]![1]
      : `{ ${arrays.map(([name, array]) => `${quoted(name)}: ${array}`).join(', ')} }`;
  }
  if (kind === 'series') {
    const { columns, window } = seriesEncoder({ ...trained, options: {} });
    const lists = [...columns.values()].map(
      (one) => `  ${quoted(one.column)}: [${exampleIn(one)} /* and ${window - 1} more, the oldest first */],`,
    );
    return `{\n${lists.join('\n')}\n}`;
  }
  const { taken } = tableEncoder({ ...trained, options: {} });
  const values = [...taken].map(([name, one]) => `  ${quoted(name)}: ${exampleIn(one)},`);
  return `{\n${values.join('\n')}\n}`;
}

function exampleIn(column: PreparedColumn | undefined): string {
  if (column === undefined) return quoted('...');
  if ('categories' in column && column.categories !== undefined) return quoted(column.categories[0] ?? '');
  if (hasTokens(column)) return quoted('...');
  if (!hasSteps(column)) return 'mean' in column ? round(column.mean) : '0';
  if (column.reads === 'dates') return quoted('2024-12-31');
  return column.reads === 'hash' ? quoted('...') : round(usualOf(column));
}

const memberOf = (name: string) => (isIdentifier(name) ? `.${name}` : `[${quoted(name)}]`);
const round = (value: number) => String(Number(value.toPrecision(4)));
