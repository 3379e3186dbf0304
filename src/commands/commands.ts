import type { Command } from 'commander';

/** Each verb loads only when it is called: `validate` must not wait for what `run` needs. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).runCommand(),
  sweep: async () => (await import('./sweep.ts')).sweepCommand(),
  evaluate: async () => (await import('./evaluate-model.ts')).evaluateCommand(),
  register: async () => (await import('./register.ts')).registerCommand(),
  runs: async () => (await import('./runs.ts')).runsCommand(),
  compare: async () => (await import('./compare-runs.ts')).compareCommand(),
  report: async () => (await import('./write-report.ts')).reportCommand(),
  status: async () => (await import('./status.ts')).statusCommand(),
  clean: async () => (await import('./clean.ts')).cleanCommand(),
  validate: async () => (await import('./validate.ts')).validateCommand(),
  plan: async () => (await import('./plan.ts')).planCommand(),
  data: async () => (await import('./data.ts')).dataCommand(),
  'verify-resume': async () => (await import('./verify-resume.ts')).verifyResumeCommand(),
  predict: async () => (await import('./predict.ts')).predictCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  list: async () => (await import('./list.ts')).listCommand(),
  init: async () => (await import('./init.ts')).initCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  export: async () => (await import('./export.ts')).exportCommand(),
  package: async () => (await import('./package.ts')).packageCommand(),
  'verify-export': async () => (await import('./verify-export.ts')).verifyExportCommand(),
  sync: async () => (await import('./sync.ts')).syncCommand(),
  ui: async () => (await import('./ui.ts')).uiCommand(),
  engine: async () => (await import('./engine.ts')).engineCommand(),
  schema: async () => (await import('./schema.ts')).schemaCommand(),
  completion: async () => (await import('./completion.ts')).completionCommand(others),
};

/** Commands that this program alone gives, and that no list has. */
export const innerCommands: typeof commands = {
  work: async () => (await import('./work.ts')).workCommand(),
};

/** Every command but the one that completes them. */
const others = () =>
  Promise.all(
    Object.keys(commands)
      .filter((name) => name !== 'completion')
      .map((name) => commands[name]!()),
  );
