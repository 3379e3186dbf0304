import { createInterface } from 'node:readline';
import { type UserError, failure } from '../../base/diagnostics.ts';
import { hasForm, object, optional, text } from '../../base/json-form.ts';
import { shorten } from '../../base/shorten.ts';
import { startDialogue } from '../../base/start-program.ts';
import { optunaProgram } from './optuna-program.ts';

/** A process of Python that answers, a line of JSON for each. */
export interface OptunaChild {
  /**
   * Of one request at a time.
   *
   * @returns what it says, of whatever form @throws UserError `search-failed` where it ends instead
   */
  ask(request: unknown): Promise<unknown>;
  /** Ends it. */
  close(): Promise<void>;
}

/** The first version whose sampler is told here what it takes. */
const leastVersion = 5;
const install = 'pip install optuna';
const greeting = object({ missing: optional(text()), version: optional(text()) });

/**
 * Starts the Python that Optuna runs in.
 *
 * @param python a path or a name on the PATH
 * @throws UserError `no-python` or `no-optuna`, with the command that installs it
 */
export async function startOptuna(python: string): Promise<OptunaChild> {
  let child: ReturnType<typeof startDialogue>;
  try {
    child = startDialogue(python, ['-c', optunaProgram]);
  } catch {
    throw failure(
      'no-python',
      '`search: tpe` needs Python with Optuna, and there is no python3 on the PATH',
      `Install Python 3, then Optuna with: ${install}; or search by \`random\`.`,
    );
  }
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (said = (said + part).slice(-10_000)));
  // That it no longer listens is told by its end.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<undefined>((done) => {
    child.on('error', ({ message }) => {
      said += message;
      done(undefined);
    });
    child.on('close', () => done(undefined));
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const listen = async (): Promise<unknown> => {
    const next = await Promise.race([lines.next(), ended]);
    if (next === undefined || next.done === true) {
      // What it says of its end comes with it.
      await ended;
      throw searchFailed(`its process ended: ${shorten(said.trim().split('\n').at(-1)!, 300) || 'it says nothing'}`);
    }
    return parse(next.value);
  };
  const optuna: OptunaChild = {
    ask: (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return listen();
    },
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
  try {
    expectOptuna(await listen());
    return optuna;
  } catch (error) {
    await optuna.close();
    throw error;
  }
}

function expectOptuna(told: unknown): void {
  if (!hasForm(greeting, told)) throw nonsense(told);
  const { missing, version } = told;
  if (missing !== undefined)
    throw failure(
      'no-optuna',
      `\`search: tpe\` needs Optuna, and this Python has no ${shorten(missing, 100)}`,
      `Install it with: ${install}`,
    );
  if (version === undefined || !(Number.parseInt(version, 10) >= leastVersion))
    throw failure(
      'no-optuna',
      `\`search: tpe\` needs Optuna ${leastVersion} or newer, and this Python has ${shorten(version ?? 'none', 100)}`,
      `Install it with: ${install} --upgrade`,
    );
}

/** That what Optuna's process answers is no answer. */
export function nonsense(told: unknown): UserError {
  return searchFailed(`it answers ${shorten(JSON.stringify(told) ?? 'no JSON', 100)}`);
}

function searchFailed(why: string): UserError {
  return failure(
    'search-failed',
    `Optuna suggests nothing: ${why}`,
    'No trial is lost: give the same command again to go on.',
  );
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
