export { npy, npyPieces, npz, npzPieces } from './arrays/arrays.ts';
