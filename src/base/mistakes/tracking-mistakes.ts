import type { MistakeTable } from './mistake-table.ts';

/** What can go wrong where runs are recorded: in the local store, in journals and on an MLflow server. */
export const trackingMistakes = {
  'tracking-uri': {
    means: 'What should be the address of a tracking server, or a folder, is neither.',
    fix: 'Write it like `http://127.0.0.1:5000`.',
  },
  'unsupported-tracking-uri': {
    means: 'No runs can be kept in what the tracking address names, such as a database.',
    fix: 'Give the address of an MLflow server, which can keep its runs in one, or a folder.',
  },
  'tracking-trusted': {
    means: 'From now on credentials go to the server that the file names, as you asked.',
    fix: 'Nothing.',
    severity: 'warning',
  },
  'trust-not-kept': {
    means: 'That a server is trusted cannot be remembered: it holds for this run.',
    fix: 'Say it again with the next one.',
    severity: 'warning',
  },
  'credentials-in-clear': {
    means: 'Credentials go to a server over http, where others can read them.',
    fix: 'Give an address that begins with https://.',
    severity: 'warning',
  },
  'tracker-certificate': {
    means: 'A file of certificates that a variable of MLflow names cannot be read.',
    fix: 'Correct the variable or unset it.',
  },
  'tracker-login': {
    means: 'The MLflow server wants to know who you are.',
    fix: "Set MLflow's variables for credentials.",
  },
  'tracker-forbidden': {
    means: 'The MLflow server does not let you in.',
    fix: "Ask its keeper for the right; where it says 'Invalid Host header', start it with --allowed-hosts.",
  },
  'tracker-refused': {
    means: 'The MLflow server answered, and did not start the run: most often it is no MLflow server.',
    fix: 'Check the address.',
  },
  'tracker-unreachable': {
    means: 'The MLflow server does not answer. The run is recorded here, and delivered as soon as it does.',
    fix: 'Check the address, and whether the server is up.',
    severity: 'warning',
  },
  proxy: {
    means: 'A variable such as HTTPS_PROXY names no http proxy.',
    fix: 'Give it as `http://HOST:PORT`, or unset it.',
  },
  'not-delivered': {
    means: 'A server does not have all of a run yet. Nothing is lost: the local store has it.',
    fix: '`pipeline sync` delivers it, and so does the next `pipeline run` that is recorded there.',
    severity: 'warning',
  },
  'not-taken': {
    means: 'A server refused a part of a run for good. Nothing is lost: the local store has it.',
    fix: 'Mend the server, then `pipeline sync --again RUN --to ADDRESS` sends the run anew.',
    severity: 'warning',
  },
  'not-sent-again': {
    means: '`pipeline sync --again` could not send the run. Nothing is changed.',
    fix: 'See the reason.',
  },
  'journal-damaged': {
    means: 'Lines of the journal that keeps what a server is to be told are damaged; they are made anew from the run.',
    fix: 'Nothing.',
    severity: 'warning',
  },
  'journal-without-server': {
    means: 'A journal is so damaged that it does not tell which server the run is for.',
    fix: '`pipeline sync --again RUN --to ADDRESS` sends it anew.',
  },
  'journal-too-long': {
    means: 'A journal has more lines than any of this program: it is left alone.',
    fix: 'Remove it where it is not yours.',
  },
  'record-too-large': {
    means: 'A file of a recorded run is larger than any of this program: it is left alone.',
    fix: 'Remove it where it is not yours.',
  },
  'too-many-values': {
    means: 'A recorded run has more metric values than any of this program: it is left alone.',
    fix: 'Remove it where it is not yours.',
  },
  'leads-out': {
    means: 'A path of a recorded run leads out of the store, by a link say: it is left alone.',
    fix: 'Remove the link.',
  },
  'own-folder-is-link': {
    means: 'A folder in `.layerline` is a link: nothing is kept or removed where it leads.',
    fix: 'Remove the link.',
  },
  'unknown-run': {
    means: 'There is no such run where it is looked for.',
    fix: '`pipeline runs` lists those that there are; name the server with --tracking-uri, or the folder with --runs.',
  },
  'unrecorded-metric': {
    means: '`best:METRIC` names a metric that no finished run of the experiment has a value of.',
    fix: 'See the hint; `pipeline runs` shows what they have.',
  },
  'unknown-model-version': {
    means: 'There is no registered model of this name, or it has no such version or alias.',
    fix: '`pipeline register RUN --name NAME` registers the model of a run.',
  },
  'bad-model-uri': {
    means: 'What begins with `models:` names no version of a registered model.',
    fix: 'Write it as `models:/NAME/3` or `models:/NAME@ALIAS`.',
  },
  'bad-model-name': {
    means: 'MLflow takes no registered model, or no alias, of such a name.',
    fix: 'See the hint.',
  },
  'not-registered': {
    means: 'A model cannot be registered in the local store.',
    fix: 'Make its folder writable and make room there.',
  },
  'model-not-fetched': {
    means: "The model of a server's run cannot be kept in `.layerline/models`.",
    fix: 'Make the folder writable and make room there.',
  },
  'ambiguous-run': {
    means: 'Several runs begin with the id that was given.',
    fix: 'Give more of it.',
  },
  'run-not-readable': {
    means: 'A run cannot be read from the tracking server.',
    fix: 'Check the tracking address, and whether the server is up.',
  },
  'no-artifact': {
    means: 'A recorded run lacks a file that is needed to replay it.',
    fix: 'Only runs of this program that recorded it can be replayed.',
  },
  'unknown-experiment': {
    means: 'MLFLOW_EXPERIMENT_ID names no experiment of the store.',
    fix: 'Correct the variable, or unset it and name the experiment in the pipeline file.',
  },
  'unreadable-experiment': {
    means: 'An experiment of the store cannot be read: its runs are left out.',
    fix: 'Mend or remove its meta.yaml.',
    severity: 'either',
  },
  'store-not-readable': {
    means: 'The folder of the runs cannot be read.',
    fix: 'Name it with --runs.',
  },
  'store-not-writable': {
    means: 'No run can be recorded in the folder of the runs.',
    fix: 'Make it writable and make room there, or name another.',
  },
  'run-taken': {
    means: 'Another process records a run of the same id.',
    fix: 'Start it again: it gets another id.',
  },
  'run-taken-over': {
    means: 'The run was silent for so long that another process took it over.',
    fix: 'Let that one go on.',
  },
  'run-in-use': {
    means: 'The run is being recorded or delivered by another process.',
    fix: 'Wait for it.',
  },
  'looks-for-life': {
    means: 'The interrupted run may be at work in another container or on another host, and is watched for a while.',
    fix: 'Nothing.',
    severity: 'warning',
  },
  'at-work': {
    means: 'Runs are being recorded or delivered by another process: `sync` leaves them to it.',
    fix: 'Run `pipeline sync` again when it has ended.',
    severity: 'warning',
  },
  'may-be-at-work': {
    means: 'Runs may be at work in another container or on another host: `sync` leaves them alone.',
    fix: 'Run `pipeline sync` again in 20 s.',
    severity: 'warning',
  },
  'not-closed': {
    means: 'A run whose process died could not be marked as ended.',
    fix: 'Make its folder writable, and run `pipeline sync`.',
    severity: 'warning',
  },
  'not-writable': {
    means: 'A run is left as it is, since its files cannot be written.',
    fix: 'Make room, or run `pipeline sync` as a user who may write there.',
    severity: 'warning',
  },
  'not-recorded': {
    means: 'Parts of a run could not be written to the local store.',
    fix: 'Make room before the next run.',
    severity: 'warning',
  },
  'tracking-write': {
    means: 'The run cannot be recorded at the moment; what is missing is written as soon as it can be.',
    fix: 'Make room.',
    severity: 'warning',
  },
  'tracking-key': {
    means: 'MLflow does not take a key as it is: it is recorded under another.',
    fix: 'Nothing.',
    severity: 'warning',
  },
  'tracking-value': {
    means: 'A value is longer than MLflow keeps: the whole is an artifact of the run.',
    fix: 'Nothing.',
    severity: 'warning',
  },
  'earlier-runs': {
    means: 'What earlier runs left to do could not be done.',
    fix: 'See the reason; `pipeline sync` tries again.',
    severity: 'warning',
  },
} as const satisfies MistakeTable;
