import { misuse } from '../base/diagnostics.ts';
import { readFileWithin } from '../base/read-file.ts';

/**
 * The pipeline file that the package.json of this folder names: `"pipeline": "pipelines/mnist.yaml"`.
 *
 * @throws UserError when there is none
 */
export function defaultFile(): string {
  try {
    const { pipeline } = JSON.parse(new TextDecoder().decode(readFileWithin('package.json', 1e7))) as {
      pipeline?: unknown;
    };
    if (typeof pipeline === 'string') return pipeline;
  } catch {
    // No package.json here: the message below says what is missing.
  }
  throw misuse(
    'no-file-given',
    'no pipeline file is given',
    'Name one after the command, or a default in package.json: "pipeline": "FILE". ' +
      '`pipeline init` writes one to start from.',
  );
}
