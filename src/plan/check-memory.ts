import type { MemoryEstimate } from './planned-model.ts';
import { addressSpaceLimit, availableMemory } from '../base/available-memory.ts';
import { failure, warning } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import { showBytes } from '../base/quantities.ts';
import { addressSpaceNeeds } from '../engine/check-process.ts';
import { engineKind } from '../engine/install/engine-site.ts';

/** What a process may have, in bytes. */
export interface MemoryLimits {
  readonly memory: number;
  /** Of the native engine; WebAssembly reserves what it gets. */
  readonly addressSpace: number;
}

/**
 * Refuses a run whose data, and what is surely there of its weights at a time, are more than the memory there is; where
 * all that is expected is more, it is a warning.
 *
 * @throws UserError when it cannot run
 */
export function checkMemory(memory: MemoryEstimate, emit: Emit, limits = limitsHere()): void {
  const there = `the ${showLimit(limits.memory)} of memory there is`;
  check(
    memory,
    {
      limit: limits.memory,
      there,
      atLeast: 0,
      end: 'the system would kill it then',
      more: 'give the machine or container more memory',
    },
    emit,
  );
  // With less, TensorFlow is not loaded, which says why.
  if (limits.addressSpace < addressSpaceNeeds.start) return;
  const allowed =
    `the ${showBytes(limits.addressSpace)} of address space ` +
    `that \`ulimit -v ${limits.addressSpace / 1024}\` allows`;
  check(
    { ...memory, runtime: addressSpaceNeeds.run },
    {
      limit: limits.addressSpace,
      there: allowed,
      atLeast: addressSpaceNeeds.start,
      end: 'it would break off then',
      more: 'raise the limit (`ulimit -v unlimited`)',
    },
    emit,
  );
}

interface Limit {
  readonly limit: number;
  readonly there: string;
  /** What TensorFlow surely takes of it. */
  readonly atLeast: number;
  /** What happens beyond it. */
  readonly end: string;
  /** The way out that is always one. */
  readonly more: string;
}

function check(memory: MemoryEstimate, { limit, there, atLeast, end, more }: Limit, emit: Emit): void {
  const parts = describeMemory(memory);
  // In graph and optimizer, and as gradients; the rest of their copies may come and go.
  const sure = atLeast + memory.data + memory.weights / 2;
  if (sure > limit)
    throw failure(
      'not-enough-memory',
      `the run needs more than ${there}: ${parts}`,
      `Train a smaller model, whose parameters \`pipeline plan FILE\` shows layer by layer, or ${more}.`,
    );
  const total = totalMemory(memory);
  if (total <= limit) return;
  const message = `the run may need more than ${there}, and ${end}: about ${showBytes(total)}, ${parts}`;
  emit({
    type: 'diagnostic',
    diagnostic: warning('memory-may-not-suffice', message, wayOut(memory, limit, more)),
  });
}

/** Only what would make it fit. */
function wayOut(memory: MemoryEstimate, limit: number, more: string): string {
  const sentence = more.charAt(0).toUpperCase() + more.slice(1);
  if (memory.runtime > limit)
    return `TensorFlow and this program alone take about ${showBytes(memory.runtime)}: ${more}.`;
  if (totalMemory(memory) - memory.activations < limit) return `Make \`train.batchSize\` smaller, or ${more}.`;
  return memory.runtime + memory.data + memory.reading > limit
    ? `${sentence}, or train on less data.`
    : `${sentence}, or train a smaller model.`;
}

function limitsHere(): MemoryLimits {
  return { memory: availableMemory(), addressSpace: engineKind() === 'wasm' ? Infinity : addressSpaceLimit() };
}

/** A limit as it was likely typed: `300 MiB (314.6 MB)`. */
function showLimit(bytes: number): string {
  const units = [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
  ] as const;
  const unit = units.find(([, size]) => bytes >= size && bytes % size === 0);
  return unit === undefined ? showBytes(bytes) : `${bytes / unit[1]} ${unit[0]} (${showBytes(bytes)})`;
}

/** All that a process is expected to take at its peak, in bytes. */
export function totalMemory({ runtime, data, reading, weights, activations, checkpoints }: MemoryEstimate): number {
  return runtime + data + reading + weights + activations + checkpoints;
}

/** Its parts in words. */
export function describeMemory({ runtime, data, reading, weights, activations, checkpoints }: MemoryEstimate): string {
  return [
    `TensorFlow and this program ${showBytes(runtime)}`,
    `data ${showBytes(data)}`,
    `reading it ${showBytes(reading)}`,
    `weights with gradients and optimizer ${showBytes(weights)}`,
    `activations of a batch and their gradients ${showBytes(activations)}`,
    `copies for checkpoints ${showBytes(checkpoints)}`,
  ].join(', ');
}
