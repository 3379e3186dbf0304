import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import type { parquetMetadata } from 'hyparquet/src/metadata.js';
import { damaged } from './parquet-pages.ts';
import { unpackSnappy } from './unpack-snappy.ts';

type Metadata = ReturnType<typeof parquetMetadata>;

/** How the pages of a column are packed. */
type Codec = NonNullable<Metadata['row_groups'][number]['columns'][number]['meta_data']>['codec'];

/** Unpacks pages one after the other. */
export class PageUnpacker {
  /** Memory of its own for each page would be garbage of the size of the table. */
  private room = new Uint8Array();

  /**
   * @param size that it must have unpacked
   * @returns bytes that are there until the next page is unpacked
   * @throws where it is damaged, or packed in another way than those that are read
   */
  unpack(packed: Uint8Array, size: number, codec: Codec): Uint8Array {
    const bytes = this.unpacked(packed, size, codec);
    if (bytes === undefined)
      throw damaged(`it is packed as ${codec}, which is not read; pandas writes others with \`compression='zstd'\``);
    if (bytes.length !== size) throw damaged(`a page of it has ${bytes.length} bytes instead of ${size}`);
    return bytes;
  }

  private unpacked(packed: Uint8Array, size: number, codec: Codec): Uint8Array | undefined {
    switch (codec) {
      case 'UNCOMPRESSED':
        return packed;
      case 'SNAPPY': {
        if (this.room.length < size) this.room = new Uint8Array(size);
        const bytes = this.room.subarray(0, size);
        unpackSnappy(packed, bytes);
        return bytes;
      }
      case 'GZIP':
        return gunzipSync(packed, { maxOutputLength: Math.max(size, 1) });
      case 'BROTLI':
        return brotliDecompressSync(packed, { maxOutputLength: Math.max(size, 1) });
      case 'ZSTD': {
        const bytes = new Uint8Array(size);
        decompress(packed, bytes);
        return bytes;
      }
      default:
        return undefined;
    }
  }
}
