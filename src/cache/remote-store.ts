/**
 * A place that several machines reach, for files under names: a folder that they share, a bucket, an artifact store.
 * What lies there is untrusted: whoever reads proves it by what it says of itself or by the hash in its name.
 */
export interface RemoteStore {
  /** The address, without credentials. */
  readonly address: string;
  /**
   * Reads what lies under a name into a file, which is whole or not there.
   *
   * @param limit bytes; more is refused before it is on the disk
   * @returns whether anything lies there
   * @throws UserError where the place cannot be reached, or holds more
   */
  read(name: RemoteName, file: string, limit: number): Promise<boolean>;
  /** Puts a file under a name: whole or not at all, in the place of what was there. @throws UserError */
  write(name: RemoteName, file: string): Promise<void>;
  /** @throws UserError where the place cannot be reached */
  has(name: RemoteName): Promise<boolean>;
  close(): Promise<void>;
}

/** `outcomes/STAGE/KEY`, `data/SHA256`: lower-case letters, digits and `-`, in up to four parts. */
export type RemoteName = `${'outcomes' | 'data' | 'jobs'}/${string}`;
