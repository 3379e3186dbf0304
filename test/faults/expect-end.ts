import type { Ended } from '../rig.ts';

/** What is wrong with how a command ended. @param says what has to be in its output */
export function expectEnd({ code, stdout, stderr }: Ended, codes: readonly number[], says?: RegExp): string[] {
  const trace = /\n\s+at .*:\d+:\d+|This is a mistake in Layerline/.test(stderr) ? [`a stack trace: ${stderr}`] : [];
  const silent = code === 1 && stderr === '' ? ['it fails without a word'] : [];
  return [
    ...(codes.includes(code ?? -1) ? [] : [`exit code ${code}: ${stderr}`]),
    ...trace,
    ...silent,
    ...(says === undefined || says.test(stdout + stderr) ? [] : [`it says ${stderr}`]),
  ];
}
