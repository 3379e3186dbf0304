import { r as onnxNet } from "./onnx-model-B18sXMkj.js";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
// src/models/formats/onnx.ts
/** The operators' version, which ONNX Runtime has since 1.17, and that of the file's format. */
const [opset, irVersion] = [20, 9];
/** What TensorProto calls kinds of numbers. */
const kinds = {
	float32: 1,
	int64: 7
};
/**
* The bytes of `model.onnx`: a ModelProto (onnx.proto, of which the numbers of fields here are). It computes what the
* saved model computes, in float32: inputs that are scaled already, [batch, ...shape], outputs in their own unit.
*
* @throws Error where onnxMisfit names a layer
*/
function writeOnnx({ name, ...source }) {
	const { inputs, outputs, graph } = onnxNet(source);
	const model = new BinaryWriter();
	int(model, 1, irVersion);
	text(model, 2, "layerline");
	part(model, 7, (net) => {
		for (const node of graph.nodes) part(net, 1, (to) => writeNode(to, node));
		text(net, 2, name);
		for (const tensor of graph.tensors) part(net, 5, (to) => writeTensor(to, tensor));
		for (const port of inputs) part(net, 11, (to) => writePort(to, port));
		for (const port of outputs) part(net, 12, (to) => writePort(to, port));
	});
	part(model, 8, (operators) => {
		text(operators, 1, "");
		int(operators, 2, opset);
	});
	return model.finish();
}
function writeNode(to, { name, op, inputs, outputs, attributes }) {
	for (const input of inputs) text(to, 1, input);
	for (const output of outputs) text(to, 2, output);
	text(to, 3, name);
	text(to, 4, op);
	for (const [key, value] of Object.entries(attributes)) part(to, 5, (attribute) => {
		text(attribute, 1, key);
		int(attribute, 20, writeAttribute(attribute, value));
	});
}
/** @returns what AttributeProto calls its kind */
function writeAttribute(to, value) {
	if ("float" in value) {
		to.tag(2, WireType.Bit32).float(value.float);
		return 1;
	}
	if ("int" in value) {
		int(to, 3, value.int);
		return 2;
	}
	if ("text" in value) {
		text(to, 4, value.text);
		return 3;
	}
	if ("floats" in value) {
		for (const one of value.floats) to.tag(7, WireType.Bit32).float(one);
		return 6;
	}
	if ("ints" in value) {
		for (const one of value.ints) int(to, 8, one);
		return 7;
	}
	for (const one of value.texts) text(to, 9, one);
	return 8;
}
function writeTensor(to, { name, shape, values }) {
	for (const size of shape) int(to, 1, size);
	int(to, 2, values instanceof Float32Array ? kinds.float32 : kinds.int64);
	text(to, 8, name);
	to.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}
function writePort(to, { name, shape }) {
	text(to, 1, name);
	part(to, 2, (type) => part(type, 1, (tensor) => {
		int(tensor, 1, kinds.float32);
		part(tensor, 2, (sizes) => {
			part(sizes, 1, (batch) => text(batch, 2, "batch"));
			for (const size of shape) part(sizes, 1, (one) => int(one, 1, size));
		});
	}));
}
function part(to, field, write) {
	to.tag(field, WireType.LengthDelimited).fork();
	write(to);
	to.join();
}
function text(to, field, value) {
	to.tag(field, WireType.LengthDelimited).string(value);
}
function int(to, field, value) {
	to.tag(field, WireType.Varint).int64(value);
}
export { writeOnnx };
