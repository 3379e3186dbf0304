export { audio } from './audio/audio.ts';
export { cifar10, cifar100 } from './pictures/cifar.ts';
export { fashionMnist } from './pictures/fashion-mnist.ts';
export { imagePieces, images } from './pictures/images.ts';
export { maskPieces, masks } from './pictures/mask-pictures.ts';
export { pairs } from './pictures/pairs.ts';
