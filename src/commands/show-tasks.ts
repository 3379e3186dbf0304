import { Listr, type ListrTaskWrapper } from 'listr2';
import type { SampleNoun } from '../base/events.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showDuration } from '../base/quantities.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { progressLine } from './progress-line.ts';
import { stageNames as allStages } from '../stages/stages.ts';
import {
  type RunView,
  describeEpoch,
  describeProgress,
  describeResumed,
  describeSkipped,
  describeStart,
  describeValidation,
} from './run-view.ts';

type Task = ListrTaskWrapper<unknown, never, never>;
/** A promise of the stage's last title. */
interface Settle {
  readonly promise: Promise<string>;
  readonly resolve: (title: string) => void;
  readonly reject: (error: Error) => void;
}

/** Live tasks on a terminal: the stages, what each is doing, what came of it. */
export function showTasks(write: (text: string) => void, stageNames: readonly string[] = allStages): RunView {
  const stages = new Map<string, { readonly end: Settle; task?: Pick<Task, 'title' | 'output'> }>(
    stageNames.map((name) => [name, { end: withResolvers() }]),
  );
  const progress = progressLine(write);
  let current = '';
  let samples: SampleNoun = 'samples';
  let started: Promise<unknown> | undefined;
  const start = () => {
    const tasks = stageNames.map((name) => ({
      title: name,
      task: async (_: unknown, task: Pick<Task, 'title' | 'output'>) => {
        stages.get(name)!.task = task;
        task.title = await stages.get(name)!.end.promise;
      },
    }));
    const list = new Listr(tasks, { registerSignalListeners: false, rendererOptions: { collapseSubtasks: false } });
    // The failure itself is told by whoever caused it.
    started = list.run().catch(() => undefined);
  };
  const say = (text: string) => {
    const task = stages.get(current)?.task;
    if (task !== undefined) task.output = makeVisible(text);
  };
  // Columns of the data name outputs and metrics.
  const settle = (name: string, title: string) => stages.get(name)!.end.resolve(makeVisible(title));
  return {
    emit: (event) => {
      switch (event.type) {
        case 'engine-progress':
          progress(event.phase, event.fraction);
          break;
        case 'fetch-progress':
          progress(event.url, event.fraction);
          break;
        case 'run-started':
          samples = event.samples;
          write(`${makeVisible(describeStart(event))}\n`);
          start();
          break;
        case 'step-chosen':
          say(`step: ${event.step}`);
          break;
        case 'training-resumed':
          say(describeResumed(event));
          break;
        case 'progress':
          say(describeProgress(event, samples));
          break;
        case 'validation-progress':
          say(describeValidation(event));
          break;
        case 'epoch-finished':
          say(describeEpoch(event, samples));
          break;
        case 'stage-finished':
          settle(event.stage, `${event.stage}: ${event.summary} (${showDuration(event.seconds)})`);
          break;
        case 'stage-skipped':
          settle(event.stage, `${event.stage}: ${describeSkipped(event)}`);
          break;
        case 'diagnostic':
          write(printDiagnostics([event.diagnostic], { color: showsColors(process.stdout), cwd: process.cwd() }));
          break;
        case 'stage-started':
          current = event.stage;
          break;
        case 'checkpoint-written':
        case 'artifact':
        case 'run-finished':
          break;
      }
    },
    close: async () => {
      for (const [name, { end }] of stages) end.reject(new Error(`${name} stopped`));
      await started;
    },
  };
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers(): Settle {
  let settle: Omit<Settle, 'promise'> | undefined;
  const promise = new Promise<string>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => undefined);
  return { promise, ...settle! };
}
