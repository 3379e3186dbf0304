import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Range, UserError, mistake } from '../../base/diagnostics.ts';
import { makeFolder } from '../../base/files.ts';
import { ownFolder } from '../../base/own-folder.ts';
import { temporaryFolder } from '../../base/temporary-folder.ts';
import type { RemoteStore } from '../../cache/remote-store.ts';
import { openRemoteStore } from '../../run/open-remote-store.ts';
import type { SharedAddress } from '../../run/shared-address.ts';
import type { Job, Resources } from '../executor.ts';
import { pushFile } from './held-files.ts';
import type { JobManifest, JobResult } from './job-manifest.ts';
import type { Portable } from './make-manifest.ts';
import { programOf } from './make-manifest.ts';
import { packProgram } from './pack-program.ts';
import { readResult } from './work-at-job.ts';
import { workerCommand } from './worker-script.ts';

/** Where jobs are sent by way of. */
export interface SenderPlace {
  /** What all of them reach; undefined, or no folder: one of the project, for machines that share it. */
  readonly shared: SharedAddress | undefined;
  /** The executor's name. */
  readonly on: string;
  /** Where `on` is written, for messages. */
  readonly range?: Range;
  /** The program's main file. */
  readonly program: string;
}

/** What is left out of a manifest to make it that of one job. */
export type JobPart = Pick<JobManifest, 'run' | 'untilEpoch' | 'json' | 'after'>;

/** Brings what jobs need to a place that all machines reach, and gives the commands by which they find it. */
export class JobSender {
  readonly store: RemoteStore;
  readonly #program: ReturnType<typeof packProgram>;
  #isProgramThere = false;
  /** Pipelines whose data is there. */
  readonly #sent = new WeakSet<Portable>();

  private constructor(store: RemoteStore, program: ReturnType<typeof packProgram>) {
    [this.store, this.#program] = [store, program];
  }

  /** @throws UserError where there is no place that the machines reach, or it is none */
  static async open({ shared, on, range, program }: SenderPlace): Promise<JobSender> {
    // A shell unpacks the program there: other places keep outcomes alone.
    const folder = shared !== undefined && /^file:/i.test(shared.address) ? shared.address : undefined;
    if (folder === undefined && on === 'ray') {
      const message =
        'The nodes of Ray share nothing with this machine: what they work at has to lie where both reach it.';
      const hint = 'Name a folder that all of them reach in the pipeline file: `cache: { remote: file:///FOLDER }`.';
      throw new UserError(mistake('executor-without-store', message, range, hint), 2);
    }
    const store = await openRemoteStore(folder ?? sharedFolder(), range === undefined ? {} : { range });
    return new JobSender(store, packProgram(program));
  }

  /**
   * Brings a job to the store, what lacks there of program and data first.
   *
   * @returns the job for an executor
   * @throws UserError where the store takes it not, or data changed since it was hashed
   */
  async send(
    portable: Portable,
    part: JobPart,
    { id, need }: { readonly id: string; readonly need: Resources },
  ): Promise<Job> {
    const { sha256 } = this.#program;
    const manifest: JobManifest = { ...portable.part, ...part, program: programOf(sha256) };
    if (!this.#isProgramThere) await this.#push(this.#program.tar, sha256);
    this.#isProgramThere = true;
    if (!this.#sent.has(portable))
      for (const held of manifest.data) await pushFile(this.store, portable.sources.get(held.path)!, held);
    this.#sent.add(portable);
    const json = JSON.stringify(manifest);
    const hash = createHash('sha256').update(json).digest('hex');
    await this.#push(json, hash);
    const { address } = this.store;
    return {
      id,
      argv: workerCommand({ sha256, archive: this.#archive(sha256) }, ['work', address, hash, id]),
      // The same for all machines that the run comes to: bits depend on it.
      env: { PIPELINE_CORES: String(Math.ceil(need.cpu)), TF_NUM_INTEROP_THREADS: String(Math.ceil(need.cpu)) },
      need,
    };
  }

  /** What a job left; undefined: it did not come to that. @throws UserError where the store cannot be read */
  async resultOf(id: string): Promise<JobResult | undefined> {
    const folder = temporaryFolder('result');
    try {
      return await readResult(this.store, id, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** Where a shell finds the packed program. */
  #archive(sha256: string): string {
    return join(fileURLToPath(this.store.address), 'data', sha256);
  }

  async #push(content: string | Uint8Array, sha256: string): Promise<void> {
    const folder = temporaryFolder('push');
    try {
      const file = join(folder, 'file');
      writeFileSync(file, content);
      await pushFile(this.store, file, { sha256 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** A folder of the project: machines of one cluster share the file system that it is on. */
function sharedFolder(): string {
  const folder = ownFolder(process.cwd(), '.layerline', 'remote');
  makeFolder(folder);
  return pathToFileURL(folder).href;
}
