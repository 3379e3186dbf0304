export { npy, npyPieces, npz, npzPieces } from './arrays.ts';
