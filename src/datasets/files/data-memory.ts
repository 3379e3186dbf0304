import { byteSize } from '../../base/quantities.ts';
import { bytesOf, type DatasetSpec } from '../dataset.ts';

/** Bytes that samples may take in memory where `data.memory` says nothing. */
const usual = 2e9;

/** What `data.memory` allows, in bytes. @param memory as it is written */
export function allowedMemory(memory: string | undefined): number {
  return memory === undefined ? usual : byteSize.read(memory);
}

/** Whether samples are packed on the disk, as they are more than memory may hold. @param memory see allowedMemory */
export function arePacked(spec: DatasetSpec, memory: string | undefined): boolean {
  return spec.packs !== undefined && (spec.isLong === true || bytesOf(spec) > allowedMemory(memory));
}
