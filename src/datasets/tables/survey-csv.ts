import { isMisfit } from '../../base/row.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import type { InParts } from '../../base/turns.ts';
import { type SplitOptions, afterTest, testSize, validationCount } from '../splits/split.ts';
import { groupsOnBothSides, unevenGroups } from './split-columns.ts';
import { type MissingCells, columnOf, missingValues, placeIn, provePoints } from './csv-cells.ts';
import { type Feature, sidesOf, inputsOf, datesOf } from './csv-columns.ts';
import { type CsvTables, readAndKeep } from './csv-files.ts';
import {
  type Finding,
  findInCategories,
  findInNumbers,
  targetsAmong,
  timeAtRandom,
  timeEvidence,
  warningsOf,
  wrongOrder,
} from './csv-findings.ts';
import { type Extremes, extremesOf, indexFacts } from './csv-indices.ts';
import { type CsvOptions, at, standardizedIn } from './csv-options.ts';
import { type Parts, orderColumn } from './csv-rows.ts';
import { columnsTogether } from './csv-table.ts';
import { classWarnings, constantTargets, testIsTrain } from '../findings/data-warnings.ts';
import type { DataMisfit, DataWarning, DatasetSpec, Division } from '../dataset.ts';
import { inOption, WrongOption } from '../wrong-option.ts';
import { divideTables, testCount } from './divide-csv.ts';
import { withinMemory } from '../generated.ts';
import type { FittedColumn } from '../preparations/prepared-column.ts';
import { fitTexts, hasTexts, memoryOfCounts, proveTexts } from './prepare-texts.ts';
import { findInPrepared, surveyPrepared } from './survey-prepared.ts';
import { type Fitted, fitScale } from '../scale.ts';
import type { Table, TableFormat } from './table.ts';
import { columnsOfTargets, isPackable, isTextOption, valuesOfTarget } from './table-targets.ts';
import { surveyTexts } from './text-targets.ts';

/** Reads each cell that will be used, so that a wrong one is found before anything starts. */
export function* survey(
  given: CsvOptions,
  folder: string,
  division: Partial<Division>,
  format: TableFormat,
): InParts<DatasetSpec | DataMisfit> {
  return yield* surveyTables(given, yield* readAndKeep(given, folder, format), division);
}

/** As `survey`, of tables that are read. */
export function* surveyTables(
  given: CsvOptions,
  tables: CsvTables,
  { split, seed }: Partial<Division>,
): InParts<DatasetSpec | DataMisfit> {
  const { table, divided, other } = tables;
  const sides = sidesOf(given, table, split);
  const isShare = other === undefined && split?.column === undefined;
  const test = other?.count ?? testSize(Number(given.test), divided, split?.fold);
  const counts = table.count + (other?.count ?? 0);
  // Some columns of doubles at a time, and those before are not collected yet; rows of each part, and their classes.
  const doubles = 2 * Math.min(columnsTogether, table.columns.length) * Float64Array.BYTES_PER_ELEMENT;
  const labelled = sides.targets.reduce((sum, { shape: places }) => sum + sizeOf(places), 0);
  const classes = 6 * Uint32Array.BYTES_PER_ELEMENT + labelled;
  const counted = hasTexts(given) ? memoryOfCounts(table.memory) : 0;
  const reading = table.memory + (other?.memory ?? 0) + (doubles + classes) * counts + counted;
  const train = table.count - (other === undefined ? test : 0);
  const drawsTest = isShare ? ({ drawsTest: true } as const) : {};
  const all = { ...sides, count: { train, test }, reading, ...drawsTest };
  const spec = isPackable(given) ? { ...all, packs: 'cells' as const } : withinMemory(all);
  if (isMisfit(spec)) return spec;
  // More than there are is a mistake of its own.
  const wanted = split === undefined ? 0 : validationCount(afterTest(split, drawsTest), train);
  const parts =
    split === undefined || seed === undefined || (isShare && test === 0)
      ? undefined
      : yield* divideTables(
          given,
          tables,
          { seed, split: { ...split, validation: wanted < train ? split.validation : 0 } },
          new Map(),
        );
  const both = other === undefined ? [table] : [table, other];
  const answers = yield* surveyTexts(given.targets, sides.targets, both, parts?.trained);
  const surveyed = { ...spec, targets: answers.targets, ...(parts && { count: countsOf(parts) }) };
  const findings: Finding[] = [];
  const extremes = new Map<string, Extremes>();
  const inputs = inputsOf(given, table, split);
  // Each once, however many inputs it is in.
  const used = new Map(inputs.flatMap(({ features }) => features).map((feature) => [feature.column, feature]));
  // Whether dates are wrong there, only the order can tell.
  if (split === undefined)
    for (const column of datesOf(table, split)) if (isPlain(used.get(column))) used.delete(column);
  const prepared = new Map<string, FittedColumn>();
  const labels: Uint8Array[][] = [];
  const fitted: (readonly Fitted[] | undefined)[] = [];
  const fileOf = (one: Table) => at(one === table ? 'file' : 'test');
  for (const one of both) {
    const missing: MissingCells = new Map();
    const file = fileOf(one);
    for (const column of [...used.keys(), ...columnsOfTargets(given.targets)]) placeIn(one, column, ...file);
    for (const { column, categories, prepared: steps, texts } of used.values()) {
      if (texts !== undefined) {
        yield* proveTexts(texts, one);
        if (one === table && parts !== undefined) yield* fitTexts(texts, table, parts.trained);
        continue;
      }
      if (steps !== undefined) {
        const seen = yield* surveyPrepared(one, steps, { missing, trained: parts?.trained, fitted: prepared });
        if (!steps.plan.isOneHot) extremes.set(column, extremesOf(one, seen.values, extremes.get(column)));
        if (one === table && parts !== undefined)
          findings.push(
            ...findInPrepared(table, steps.plan, { ...seen, trained: parts.trained, isOnly: used.size === 1 }),
          );
        continue;
      }
      const numbers = yield* inOption(categories === undefined ? file : at('categories', column), () =>
        columnOf(one, column, categories, missing),
      );
      if (categories === undefined) extremes.set(column, extremesOf(one, numbers, extremes.get(column)));
      if (one === table && parts !== undefined)
        findings.push(
          ...(categories === undefined
            ? findInNumbers(table, column, { numbers, trained: parts.trained, isOnly: used.size === 1 })
            : findInCategories(table, { column, categories }, { indices: numbers, trained: parts.trained })),
        );
    }
    const ofTable: Uint8Array[] = [];
    for (const [target, kind] of Object.entries(given.targets)) {
      // Which tokens are absent is not told of texts.
      const column = isTextOption(kind)
        ? new Uint8Array()
        : yield* inOption(kind === 'number' ? file : at('targets', target), () =>
            valuesOfTarget(one, target, kind, missing),
          );
      if (one === table && parts !== undefined)
        fitted.push(column instanceof Float64Array ? [fitScale(column, parts.trained)] : undefined);
      ofTable.push(Uint8Array.from(column));
    }
    labels.push(ofTable);
    if (missing.size > 0) throw new WrongOption(file, missingValues(one, missing));
  }
  const ofNumbers = [...used.values()].flatMap(({ column, categories, prepared: steps, texts }) =>
    categories === undefined && texts === undefined && (steps?.plan.reads ?? 'numbers') === 'numbers' ? [column] : [],
  );
  const numbers = Object.keys(given.targets).filter((target) => given.targets[target] === 'number');
  for (const one of both) yield* inOption(fileOf(one), () => provePoints(one, both, [...ofNumbers, ...numbers]));
  if (isShare) testCount(given, tables, split?.fold);
  const indices = (input: string) =>
    indexFacts(inputs.find(({ name }) => name === input)!.features, extremes, standardizedIn(given));
  if (parts === undefined || split === undefined) return { ...surveyed, indexFacts: indices };
  const { order, group } = split;
  const predicted = columnsOfTargets(given.targets);
  const random = [
    ...(isShare ? ['the test'] : []),
    ...(parts.split.validation.length > 0 && !parts.isValidationSaid ? ['validation'] : []),
  ];
  const evidence =
    order === undefined && group === undefined && random.length > 0 ? timeEvidence(table, predicted) : undefined;
  const backwards =
    typeof order !== 'string' || orderColumn(table, order) !== undefined ? undefined : wrongOrder(table);
  const [trained, tested = trained] = labels as [Uint8Array[], Uint8Array[]?];
  const warnings: readonly DataWarning[] = [
    ...(other?.files.some(({ sha256 }) => table.files.some((one) => one.sha256 === sha256))
      ? [
          {
            ...testIsTrain(`${other.name}, the test, holds the rows that are trained on`),
            path: ['source', 'csv', 'test'],
          },
        ]
      : []),
    ...(evidence === undefined ? [] : [timeAtRandom(evidence, random)]),
    ...(group === undefined
      ? []
      : yield* groupWarnings(group, parts, { test: isShare ? test : 0, split: afterTest(split, drawsTest) })),
    ...(backwards === undefined ? [] : [backwards]),
    ...(yield* targetsAmong(table, [...used.keys()], predicted)),
    ...warningsOf(findings, parts.trained.length),
    ...answers.warnings,
    ...sides.targets.flatMap((target, k) =>
      constantTargets([target], [fitted[k]], parts.trained.length).map((warning) => ({
        ...warning,
        path: at('targets', target.name),
      })),
    ),
    ...classWarnings(sides.targets, [
      { name: 'training', targets: trained, rows: parts.trained },
      { name: 'validation', targets: trained, rows: parts.split.validation.map((place) => parts.train.rows[place]!) },
      { name: 'test', targets: tested, rows: parts.test.rows },
    ]).map((warning) => ({ ...warning, path: ['source', 'csv', 'targets'] })),
  ];
  return { ...surveyed, indexFacts: indices, warnings };
}

function countsOf({ train, test, split }: Parts): NonNullable<DatasetSpec['count']> {
  const count = { train: train.rows.length, test: test.rows.length };
  return split.validation.length === 0 ? count : { ...count, validation: split.validation.length };
}

/** What is strange about parts that groups are divided into. @param asked.test rows that were to be drawn for it */
function* groupWarnings(
  group: string,
  { train, test, split: parted, trained, isValidationSaid }: Parts,
  asked: { readonly test: number; readonly split: SplitOptions },
): InParts<readonly DataWarning[]> {
  const validation = parted.validation.map((place) => train.rows[place]!);
  return [
    ...(yield* groupsOnBothSides(group, { table: train.table, rows: trained }, [
      { part: 'validation', table: train.table, rows: validation },
      { part: 'test', ...test },
    ])),
    ...unevenGroups(group, [
      { part: 'test', wanted: asked.test, rows: test.rows.length },
      {
        part: 'validation',
        wanted: isValidationSaid ? 0 : validationCount(asked.split, train.rows.length),
        rows: validation.length,
      },
    ]),
  ];
}

/** Whether a column is read as numbers because nothing else is said of it. */
const isPlain = (feature: Feature | undefined) =>
  feature !== undefined &&
  feature.categories === undefined &&
  feature.prepared === undefined &&
  feature.texts === undefined;
