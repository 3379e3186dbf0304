import { bs as failure, gs as formatShape } from "./checks-359mGJ3h.js";
import { i as shapeAfter, n as decodePrepared, r as needsSharp, s as decodePicture, t as decodeNow } from "./prepare-picture-CBP5mDy-.js";
import { a as isTensor, c as labelsIn, d as proveNames, i as isNamed, o as kindOf, p as valuesOf } from "./given-values-DXROl_Cm.js";
import { c as readHeader, l as shapeOf, n as readHead, r as within, s as isPng } from "./picture-head-DbcYK8VE.js";
// src/datasets/encode-picture.ts
const pngAlone = {
	isFile: isPng,
	decode: (...given) => pictureFrom(...given)
};
/**
* The encoder of a model that learnt from pictures. By itself it needs nothing of Node, and reads PNG files alone.
*
* @param files what else reads them
*/
function pictureEncoder({ inputs, targets }, files = pngAlone) {
	const names = inputs.map(({ name }) => name);
	const [input] = inputs;
	const isOne = inputs.length === 1;
	return (row, where, read) => {
		const parts = isNamed(row) && !isTensor(row) && !isImageData(row) ? row : { [input.name]: row };
		if (!isOne && parts !== row) throw failure("missing-input", `${where} is ${kindOf(row)}, not an object with ${names.map((name) => `\`${name}\``).join(" and ")}`, "Give a picture for each: { \"left\": \"a.png\", \"right\": \"b.png\" }.");
		proveNames(parts, names, where);
		return {
			x: inputs.map((input) => pictureOf(parts[input.name], {
				input,
				where: isOne ? where : `${where}: ${input.name}`,
				read,
				files
			})),
			...labelsIn(parts, targets, where)
		};
	};
}
function pictureOf(given, { input, where, read, files }) {
	if (typeof given === "string" && read !== void 0) return files.decode(read(given), input, `${where}: ${given.split(/[\\/]/).at(-1)}`);
	if (isImageData(given)) return valuesOf(pixelsOf(given, input, where), input, where);
	if (given instanceof Uint8Array && files.isFile(given, input)) return files.decode(given, input, where);
	return valuesOf(given, input, where);
}
function isImageData(value) {
	if (!isNamed(value)) return false;
	const { width, height, data } = value;
	return data instanceof Uint8ClampedArray && data.length === 4 * Number(width) * Number(height);
}
/** As a file of it would be read. @throws UserError where it has transparency, or colours where there are greys */
function pixelsOf({ width, height, data }, { shape }, where) {
	const channels = shape[2] === 1 ? 1 : 3;
	const values = new Uint8Array(width * height * channels);
	for (let pixel = 0; pixel < width * height; pixel++) {
		const [red, green, blue] = [
			data[4 * pixel],
			data[4 * pixel + 1],
			data[4 * pixel + 2]
		];
		if (data[4 * pixel + 3] !== 255) throw failure("transparent-picture", `${where} has transparency: not all of its pixels are opaque`, "Fill the canvas with what is behind the picture, such as white, before it is drawn.");
		if (channels === 1 && (red !== green || green !== blue)) throw failure("wrong-shape", `${where} has colours, and the model takes greys`, "Make it grey before.");
		values.set([
			red,
			green,
			blue
		].slice(0, channels), pixel * channels);
	}
	return {
		shape: [
			height,
			width,
			channels
		],
		values
	};
}
/** The values of a PNG file. @throws UserError where it is none, or of another shape */
function pictureFrom(bytes, input, name) {
	const shape = shapeOf(readHeader(name, bytes));
	proveTaken(shape, input, name);
	return decodePicture(name, bytes, shape);
}
/** @throws UserError where a picture is not of the shape that the model takes */
function proveTaken(found, { shape }, name) {
	if (String(found) === String(shape)) return;
	const [height, width, channels] = shape;
	const colours = channels === 1 ? "-colorspace Gray " : "-define png:color-type=2 ";
	throw failure("wrong-shape", `${name} is ${formatShape(found)}, and the model takes ${formatShape(shape)}`, `Make it as the pictures were that it was trained on, such as with ImageMagick: \`magick PICTURE -resize '${width}x${height}!' ${colours}NEW.png\`.`);
}
// src/datasets/picture-file.ts
/**
* The values of a picture's file as a model takes them; later where another decoder gives them.
*
* @param name what messages call it
* @throws UserError where it cannot be taken
*/
function valuesOfFile(bytes, name, { input, preparation }) {
	const head = readHead(name, within(bytes));
	proveTaken(shapeAfter(head.shape, preparation), input, name);
	if (!needsSharp(head, preparation)) return decodeNow(name, bytes, head, preparation);
	return async () => decodePrepared(name, bytes, head, preparation);
}
export { pictureEncoder as n, valuesOfFile as t };
