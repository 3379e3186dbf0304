import { type Diagnostic, mistake } from '../../base/diagnostics.ts';
import { addressMisfit, showAddress } from '../../tracking/server/server-address.ts';
import { type Node, nodesAlong } from '../syntax/source-tree.ts';

/** What is wrong with the address in `tracking.uri`: more than the pattern of its schema can say. */
export function checkTracking(root: Node): readonly Diagnostic[] {
  const along = nodesAlong(root, ['tracking', 'uri']);
  const node = along[2]?.node;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return [];
  const misfit = addressMisfit(node.value);
  if (misfit === undefined) return [];
  const message =
    `\`uri\` must be the address of an MLflow server, ` +
    `not the text '${showAddress(node.value)}': ${misfit.problem}.`;
  return [mistake('tracking-uri', message, node.range, misfit.hint)];
}
