import { rmSync } from 'node:fs';
import { Command } from 'commander';
import { temporaryFolder } from '../base/temporary-folder.ts';
import { openRemoteStore } from '../run/open-remote-store.ts';
import { bringJob, homeOf, readManifest, workAtJob } from '../sweeps/transport/work-at-job.ts';
import { chooseRunView } from './choose-run-view.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** `pipeline work`: what a job runs that came from another machine. */
export function workCommand(): Command {
  return new Command('work')
    .description('Run a job that another machine sent')
    .argument('<store>', 'the place that both reach')
    .argument('<manifest>', 'SHA-256 of what the job is')
    .argument('<job>', 'its id')
    .action(work);
}

async function work(address: string, sha256: string, id: string): Promise<void> {
  const folder = temporaryFolder('job');
  const home = process.cwd();
  try {
    const store = await openRemoteStore(address);
    const manifest = await readManifest(store, sha256, folder);
    const job = { id, manifest, sha256, store, folder };
    const view = chooseRunView({ json: manifest.json });
    try {
      await bringJob(job);
      // Files are named from the folder that the command was given in.
      process.chdir(homeOf(job));
      const { exitCode, thrown } = await untilInterrupted((signal) => workAtJob(job, { emit: view.emit, signal }));
      await view.close();
      if (exitCode === 130) process.exitCode = 130;
      if (exitCode === 0 || thrown === undefined) return;
      throw thrown;
    } finally {
      await view.close();
      await store.close();
    }
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  }
}
