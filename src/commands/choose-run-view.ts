import { canRedraw } from '../base/terminal.ts';
import type { RunView } from './run-view.ts';
import { showJson } from './show-json.ts';
import { showLines } from './show-lines.ts';
import { showTasks } from './show-tasks.ts';

/** JSON where asked for, live tasks on a terminal, plain lines elsewhere (CI, a pipe, a log file). */
export function chooseRunView(options: { readonly json: boolean }): RunView {
  const write = (text: string) => void process.stdout.write(text);
  if (options.json) return showJson(write);
  return canRedraw(process.stdout) ? showTasks(write) : showLines(write);
}
