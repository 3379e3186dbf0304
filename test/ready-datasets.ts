import { readyAtOnce } from '../src/datasets/all-readers.ts';

// `checkSource` waits for nothing.
readyAtOnce();
