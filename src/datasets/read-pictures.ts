export { audio } from './audio.ts';
export { cifar10, cifar100 } from './cifar.ts';
export { fashionMnist } from './fashion-mnist.ts';
export { imagePieces, images } from './images.ts';
export { maskPieces, masks } from './mask-pictures.ts';
export { pairs } from './pairs.ts';
