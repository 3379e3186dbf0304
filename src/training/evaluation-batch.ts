/** Bytes that the outputs of all layers may take in evaluation: enough samples at a time to keep the cores busy. */
const evaluationBytes = 64e6;

/** Samples that are evaluated at a time. @param outputs bytes that all layers, and the inputs, give for one */
export function evaluationBatchOf(batchSize: number, outputs: number): number {
  return Math.max(batchSize, Math.min(500, Math.floor(evaluationBytes / outputs)));
}
