import { Command } from 'commander';
import { checkFile } from '../plan/check-pipeline.ts';
import { defaultFile } from '../language/default-file.ts';
import { verifyResume } from '../run/prove-resume.ts';
import { setOption } from './set-option.ts';
import { tellProgress } from './tell-progress.ts';

/** `pipeline verify-resume`: proves that a run which is killed goes on to the same weights. */
export function verifyResumeCommand(): Command {
  return new Command('verify-resume')
    .description(
      'Train twice, once killing the process at random steps and going on each time, and compare the weights to the bit',
    )
    .argument('[file]', 'pipeline file; without it, the one that package.json names under "pipeline"')
    .addOption(setOption())
    .action(verify);
}

async function verify(given: string | undefined, { set }: { readonly set: readonly string[] }): Promise<void> {
  const file = given ?? defaultFile();
  await checkFile(file, set, { emit: tellProgress() });
  const stop = new AbortController();
  const interrupt = () => {
    process.exitCode = 130;
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const weights = await verifyResume({
      program: process.argv[1]!,
      file,
      settings: set,
      signal: stop.signal,
      tell: (line) => void process.stdout.write(`${line}\n`),
    });
    process.stdout.write(`the same to the bit: ${weights}\n`);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
