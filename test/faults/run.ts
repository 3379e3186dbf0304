import { availableParallelism, cpus, loadavg } from 'node:os';
import { faults } from './faults.ts';

/** `npm run faults`: all of them, in full. `npm run faults -- kill-resume=20`: one of them, so many times. */
async function main(args: readonly string[]): Promise<void> {
  const chosen = args.length === 0 ? Object.keys(faults) : args;
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const rows = [];
  for (const [name, count] of chosen.map((arg) => arg.split('='))) {
    const fault = faults[name!];
    if (fault === undefined) throw new Error(`there is no fault ${name}; there are ${Object.keys(faults).join(', ')}`);
    const tried = count === undefined ? fault.tries.full : Number(count);
    const start = performance.now();
    const wrong = await fault.run(tried, (line) => say(`${name}: ${line}`));
    for (const line of wrong) say(`${name} WRONG: ${line}`);
    rows.push(`| ${fault.title} | ${tried} | ${wrong.length} | ${Math.round((performance.now() - start) / 1000)} s |`);
    if (wrong.length > 0) process.exitCode = 1;
  }
  say(['', '| fault | tried | lost or wrong | took |', '|---|---|---|---|', ...rows, ''].join('\n'));
  say(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ` +
      `${availableParallelism()} x ${cpus()[0]!.model}, load ${loadavg()[0]!.toFixed(1)}`,
  );
}

await main(process.argv.slice(2));
