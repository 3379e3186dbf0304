export { npy, npz } from './arrays.ts';
