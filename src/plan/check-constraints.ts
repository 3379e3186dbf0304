import type { RangeOf } from '../language/read-pipeline.ts';
import { type Diagnostic, mistake } from '../base/diagnostics.ts';
import { RANK } from '../base/row.ts';
import { layerRow } from '../layers/layers.ts';
import { constraintMisfit } from '../layers/weights/constraints.ts';
import type { PlacedLayer } from '../language/pipeline.ts';
import { type SchemaView, itemSchema, propertySchema, view } from '../language/schema/schema-view.ts';
import type { Path } from '../language/syntax/source-tree.ts';

/** Finds the constraints of layers, and of what is inside of layers, that do not fit their weights. */
export function checkConstraints(layers: readonly PlacedLayer[], rangeOf: RangeOf): readonly Diagnostic[] {
  return layers.flatMap(({ type, options }, index) =>
    checkOptions(view(layerRow(type).options), options, ['model', 'layers', index, type], rangeOf),
  );
}

function checkOptions(schema: SchemaView, value: unknown, path: Path, rangeOf: RangeOf): readonly Diagnostic[] {
  if (typeof value !== 'object' || value === null) return [];
  if (schema[RANK] !== undefined)
    return checkConstraint(value as Readonly<Record<string, unknown>>, schema[RANK], path, rangeOf);
  const partOf = (key: string, index: number) =>
    Array.isArray(value) ? itemSchema(schema, index) : propertySchema(schema, key);
  return Object.entries(value).flatMap(([key, inner], index) => {
    const part = partOf(key, index);
    return part === undefined ? [] : checkOptions(part, inner, [...path, Array.isArray(value) ? index : key], rangeOf);
  });
}

function checkConstraint(
  chosen: Readonly<Record<string, unknown>>,
  rank: number,
  path: Path,
  rangeOf: RangeOf,
): readonly Diagnostic[] {
  const misfit = constraintMisfit(chosen, { name: String(path.at(-1)).replace(/Constraint$/, ''), rank });
  if (misfit === undefined) return [];
  const { problem, hint, type, option } = misfit;
  return [mistake('constraint-misfit', problem, rangeOf([...path, type, option]), hint)];
}
