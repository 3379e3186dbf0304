import type { Diagnostic } from '../../base/diagnostics.ts';
import { isMisfit } from '../../base/row.ts';
import { wrongAddress } from '../../cache/remote/wrong-address.ts';
import { readRemoteAddress } from '../../cache/remote/remote-address.ts';
import { type Node, nodesAlong } from '../syntax/source-tree.ts';

/** What is wrong with the address in `cache.remote`: more than the pattern of its schema can say. */
export function checkRemote(root: Node): readonly Diagnostic[] {
  const node = nodesAlong(root, ['cache', 'remote'])[2]?.node;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return [];
  const read = readRemoteAddress(node.value);
  return isMisfit(read) ? wrongAddress(node.value, read, node.range).diagnostics : [];
}
