import { onnxRuntime } from './onnx-runtime.ts';
import { pythonRuntimes } from './python-runtimes.ts';
import type { Runtime } from './runtime.ts';
import { tfjsRuntimes } from './tfjs-runtimes.ts';

/** Every program that models are proven in. */
export const runtimes: readonly Runtime[] = [...tfjsRuntimes, onnxRuntime, ...pythonRuntimes];
