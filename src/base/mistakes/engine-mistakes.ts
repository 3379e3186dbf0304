import type { MistakeTable } from './mistake-table.ts';

/** Failures to set TensorFlow up, to load it and to run it. */
export const engineMistakes = {
  'unknown-engine': {
    means: 'PIPELINE_ENGINE names no engine.',
    fix: 'Set it to one that the hint names, or unset it.',
  },
  'engine-missing': {
    means: 'The engine is not set up on this machine.',
    fix: 'Run `pipeline engine install`.',
  },
  'engine-no-python': {
    means: 'There is no python3, whose pip downloads TensorFlow.',
    fix: 'Install Python 3 with pip.',
  },
  'engine-no-pip': {
    means: 'python3 is there, but has no pip.',
    fix: 'Install it: `python3 -m ensurepip`, or the package python3-pip.',
  },
  'engine-no-wheel': {
    means: 'TensorFlow is not published for this system.',
    fix: 'Use Linux (x64 or arm64, with glibc) or macOS (arm64), or `PIPELINE_ENGINE=wasm`.',
  },
  'engine-wheel-refused': {
    means: 'pip could not download TensorFlow.',
    fix: 'Check the network and the index that pip uses: `pip config list`.',
  },
  'engine-other-wheel': {
    means: 'pip delivered another file than TensorFlow.',
    fix: 'Let pip use an index that mirrors PyPI.',
  },
  'engine-checksum': {
    means: 'The file that pip downloaded is not the one that was published.',
    fix: "Let pip use an index that serves PyPI's own files.",
  },
  'engine-extract': {
    means: 'What was downloaded could not be unpacked.',
    fix: 'Check the disk.',
  },
  'engine-no-compiler': {
    means: 'There is no C++ compiler to build the binding of TensorFlow with.',
    fix: 'Install one, or name it with CXX.',
  },
  'engine-build-failed': {
    means: 'The C++ compiler could not build the binding of TensorFlow.',
    fix: 'Mend the compiler, or choose another with CXX.',
  },
  'engine-unusable': {
    means: 'The engine was built, but does not load on this machine.',
    fix: 'Use a machine that TensorFlow runs on, or `PIPELINE_ENGINE=wasm`.',
  },
  'engine-disk-full': {
    means: 'There is no room for the engine.',
    fix: 'Make room, or point XDG_CACHE_HOME at a larger disk.',
  },
  'engine-not-writable': {
    means: 'The engine cannot be written to where it belongs.',
    fix: 'Give write access, or point XDG_CACHE_HOME at a folder that has it.',
  },
  'engine-not-readable': {
    means: "Another user's engine is there, but this user may not read it.",
    fix: 'Have it made readable, or set XDG_CACHE_HOME.',
  },
  'engine-damaged': {
    means: 'A file of the engine is not the one that was set up.',
    fix: 'It is set up again; `pipeline engine install` does so, too.',
    severity: 'warning',
  },
  'engine-load': {
    means: 'TensorFlow does not load, for the reason that the system gives.',
    fix: 'Mend what the message names, or set the engine up again.',
  },
  'engine-noexec': {
    means: 'The engine lies on a disk that is mounted with the option noexec, from which nothing may be loaded.',
    fix: 'Set XDG_CACHE_HOME to a folder on another.',
  },
  'engine-address-space': {
    means: '`ulimit -v` allows less address space than TensorFlow reserves.',
    fix: '`ulimit -v unlimited`, or `PIPELINE_ENGINE=wasm`.',
  },
  'engine-without-proc': {
    means: 'TensorFlow looks itself up in /proc, which is not mounted.',
    fix: '`mount -t proc proc /proc`.',
  },
  'engine-out-of-memory': {
    means: 'There is not enough memory to load TensorFlow.',
    fix: 'Raise the limit if there is one, or give the machine or container more.',
  },
  'engine-parts': {
    means: 'The installed @tensorflow/tfjs-node is of another version than this program needs for compiled steps.',
    fix: 'Install the version that the hint names, or train with `step: eager`.',
  },
  'package-missing': {
    means: 'A package that this program depends on is not installed.',
    fix: 'Install Layerline again, with its dependencies.',
  },
  'wasm-not-started': {
    means: 'The wasm engine does not start.',
    fix: 'Unset PIPELINE_ENGINE to train with the native one.',
  },
  'missing-kernel': {
    means: 'The wasm engine cannot train this pipeline.',
    fix: 'Unset PIPELINE_ENGINE to train it with the native one.',
  },
  'not-compiled': {
    means: '`step: compiled` is asked for, and this step cannot be compiled.',
    fix: 'Use `step: auto`, which runs it eagerly and says so.',
  },
  'graph-not-written': {
    means: 'The compiled step cannot be written for TensorFlow in the folder for temporary files.',
    fix: 'Make room there, or set TMPDIR.',
  },
  'graph-not-loaded': {
    means: 'TensorFlow cannot take up the compiled step, as the process may open no more files.',
    fix: '`ulimit -n 4096`.',
  },
  'graph-run': {
    means: 'TensorFlow stopped in the compiled step.',
    fix: '`--set train.step=eager` runs the same op by op.',
  },
  'out-of-memory': {
    means: 'The memory was over while something was computed.',
    fix:
      'End what else takes memory, or train a smaller model or smaller batches; ' +
      '`pipeline plan` shows what takes it.',
  },
  'not-enough-memory': {
    means: 'The run is sure to need more memory than there is: it is not begun.',
    fix: 'Train a smaller model, or give more memory.',
  },
  'memory-may-not-suffice': {
    means: 'The run may need more memory than there is.',
    fix: 'Make the batches as small as the hint says.',
    severity: 'warning',
  },
} as const satisfies MistakeTable;
