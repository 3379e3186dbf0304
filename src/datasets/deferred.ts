import type { Row } from '../base/row.ts';
import type { DatasetRow } from './dataset.ts';

/** What is loaded when something asks for it. */
export class Later<Loaded> {
  private readonly load: () => Promise<Loaded>;
  private loaded: Loaded | undefined;

  constructor(load: () => Promise<Loaded>) {
    this.load = load;
  }

  async ready(): Promise<void> {
    this.loaded ??= await this.load();
  }

  /** Makes it ready without waiting, by one who has loaded it. */
  take(loaded: Loaded): void {
    this.loaded = loaded;
  }

  /** @throws Error before it is ready */
  get now(): Loaded {
    if (this.loaded === undefined) throw new Error('a data set is asked before it is ready');
    return this.loaded;
  }
}

/** What a pipeline file is checked against that names a data set. */
export type DatasetFace = Row & Pick<DatasetRow, 'order' | 'sources'>;

/** The row of a data set that is read by code which is loaded where a file names it: all of it is a third of ours. */
export function deferred<Loaded>(
  face: DatasetFace,
  reader: Later<Loaded>,
  rowIn: (loaded: Loaded) => DatasetRow,
): DatasetRow {
  const row = () => rowIn(reader.now);
  return {
    ...face,
    ready: async (what) => {
      await reader.ready();
      await row().ready?.(what);
    },
    describe: (...given) => row().describe(...given),
    settle: (options, ...given) => row().settle?.(options, ...given) ?? options,
    named: (options) => row().named(options),
    files: (...given) => row().files(...given),
    load: (...given) => row().load(...given),
    rows: (trained) => row().rows(trained),
  };
}
