import { diagnosticToJson } from '../base/print-diagnostics.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import type { RunView } from './run-view.ts';

/** One JSON object per line, for programs. */
export function showJson(write: (text: string) => void): RunView {
  return {
    emit: (event) => {
      const shown =
        event.type === 'diagnostic'
          ? { type: 'diagnostic', diagnostic: diagnosticToJson(event.diagnostic) }
          : hideSecretsIn(event);
      write(`${JSON.stringify(shown)}\n`);
    },
    close: async () => {},
  };
}
