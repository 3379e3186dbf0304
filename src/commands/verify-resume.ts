import { Command } from 'commander';
import { checkFile } from '../plan/check-pipeline.ts';
import { defaultFile } from '../language/default-file.ts';
import { verifyResume } from '../run/prove-resume.ts';
import { pipelineArgument, setOption } from './shared-options.ts';
import { tellProgress } from './tell-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** `pipeline verify-resume`: proves that a run which is killed goes on to the same weights. */
export function verifyResumeCommand(): Command {
  return new Command('verify-resume')
    .description(
      'Train twice, once killing the process at random steps and going on each time, ' +
        'and compare the weights to the bit',
    )
    .addArgument(pipelineArgument())
    .addOption(setOption())
    .action(verify);
}

async function verify(given: string | undefined, { set }: { readonly set: readonly string[] }): Promise<void> {
  const file = given ?? defaultFile();
  await checkFile(file, set, { emit: tellProgress() });
  const weights = await untilInterrupted((signal) =>
    verifyResume({
      program: process.argv[1]!,
      file,
      settings: set,
      signal,
      tell: (line) => void process.stdout.write(`${line}\n`),
    }),
  );
  process.stdout.write(`the same to the bit: ${weights}\n`);
}
