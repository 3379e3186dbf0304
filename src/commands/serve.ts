import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Command } from 'commander';
import { type Diagnostic, misuse } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showCount } from '../base/quantities.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { findModel } from '../models/find-model.ts';
import { isLoopback } from '../models/serve/token.ts';
import { wholeNumberFrom } from './option-values.ts';
import { modelArgument, runsOption, trackingUriOption } from './shared-options.ts';
import { tellProgress } from './tell-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly runs: string;
  readonly trackingUri?: string;
}

/** `pipeline serve`: a trained model that answers over HTTP. */
export function serveCommand(): Command {
  return new Command('serve')
    .description(
      "Let a trained model answer over HTTP: MLflow's /invocations, Open Inference's /v2, and a page to try it at /",
    )
    .addArgument(modelArgument())
    .option('--port <number>', 'port to serve on; 0 for a free one', wholeNumberFrom(0, 65_535), 5001)
    .option('--host <address>', 'address to listen on; others than this machine itself need a token', '127.0.0.1')
    .addOption(trackingUriOption('MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action((run: string, options: ServeOptions) =>
      untilInterrupted((signal) => serve(run, options, signal), { isItsEnd: true }),
    );
}

async function serve(run: string, { host, port, runs, trackingUri }: ServeOptions, signal: AbortSignal): Promise<void> {
  const tell = (line: string) => void process.stdout.write(`${makeVisible(line)}\n`);
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const { token, isNew } = tokenFor(host);
  const uri = trackingUri ?? process.env['MLFLOW_TRACKING_URI'];
  const { folder, title, runId } = await findModel(run, { runs, trackingUri: uri }, { warn, signal });
  const { startServer } = await import('../models/serve/server.ts');
  const { loadServedModel } = await import('../models/serve/served-model.ts');
  const report = (text: string) => void process.stderr.write(`This is a mistake in Layerline: ${makeVisible(text)}\n`);
  const server = await startServer({ host, port, token, runId, report });
  let model;
  try {
    tell(title);
    model = await loadServedModel(folder, { emit: tellProgress(), warn });
    server.serve(model);
    if (isNew) tell(`token: ${token}`);
    tell(`${server.address} is ready: POST /invocations, or open it in a browser. Ctrl-C ends it`);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    const answered = await server.close();
    model?.dispose();
    if (model !== undefined) tell(`${showCount(answered)} ${answered === 1 ? 'request' : 'requests'} answered`);
  }
}

/** What requests have to bring. @throws UserError where the environment has one that is none */
function tokenFor(host: string): { readonly token: string | undefined; readonly isNew: boolean } {
  const given = process.env['PIPELINE_SERVE_TOKEN'];
  if (given !== undefined && given !== '') {
    if (/^[!-~]{16,}$/.test(given)) return { token: given, isNew: false };
    throw misuse(
      'weak-token',
      'PIPELINE_SERVE_TOKEN has to be 16 characters or more, without spaces and without letters beyond ASCII',
      'Make one with: openssl rand -hex 24',
    );
  }
  return isLoopback(host)
    ? { token: undefined, isNew: false }
    : { token: randomBytes(24).toString('hex'), isNew: true };
}
