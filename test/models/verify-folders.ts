import { verifyExport } from '../../src/models/prove-export.ts';
import { runtimes } from '../../src/models/runtimes/runtimes.ts';

// What of JavaScript makes of the golden rows of the folders that it is given, a line for each: a program of its own,
// since what trains replaces parts of TensorFlow.js. Engine by engine, as their order in one process matters.
for (const runtime of runtimes.filter(({ name }) => !name.startsWith('Python')))
  for (const folder of process.argv.slice(2))
    for await (const row of verifyExport(folder, new AbortController().signal, [runtime]))
      process.stdout.write(`${JSON.stringify({ folder, ...row })}\n`);
