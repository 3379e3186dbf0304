// node_modules/typebox/build/system/memory/metrics.mjs
/** TypeBox instantiation metrics */
const Metrics = {
	assign: 0,
	create: 0,
	clone: 0,
	discard: 0,
	update: 0
};
// node_modules/typebox/build/guard/guard.mjs
/** Returns true if this value is an array */
function IsArray(value) {
	return Array.isArray(value);
}
/** Returns true if this value is null */
function IsNull(value) {
	return IsEqual(value, null);
}
/** Returns true if this value is an object but not an array */
function IsObjectNotArray(value) {
	return IsObject(value) && !IsArray(value);
}
/** Returns true if this value is an object */
function IsObject(value) {
	return IsEqual(typeof value, "object") && !IsNull(value);
}
function IsEqual(left, right) {
	return left === right;
}
/** Returns true if the PropertyKey is Unsafe (ref: prototype-pollution). */
function IsUnsafePropertyKey(key) {
	return IsEqual(key, "__proto__") || IsEqual(key, "constructor") || IsEqual(key, "prototype");
}
/** Returns true if this value has this property key */
function HasPropertyKey(value, key) {
	return IsUnsafePropertyKey(key) ? Object.prototype.hasOwnProperty.call(value, key) : key in value;
}
/** Returns property keys for this object via `Object.getOwnPropertyNames({ ... })` */
function Keys$1(value) {
	return Object.getOwnPropertyNames(value);
}
/** Returns the property keys for this object via `Object.getOwnPropertySymbols({ ... })` */
function Symbols(value) {
	return Object.getOwnPropertySymbols(value);
}
// node_modules/typebox/build/system/settings/settings.mjs
const settings = {
	immutableTypes: false,
	maxErrors: 8,
	maxParseErrors: 1,
	maxInstantiationCount: 128,
	useAcceleration: true,
	exactOptionalPropertyTypes: false,
	enumerableKind: false,
	correctiveParse: false,
	unionPrioritySort: true
};
/** Gets current system settings */
function Get() {
	return settings;
}
// node_modules/typebox/build/system/memory/keys.mjs
/** Returns the own string and symbol keys of the given object. */
function Keys(value) {
	return [...Keys$1(value), ...Symbols(value)];
}
// node_modules/typebox/build/system/memory/finalize.mjs
function Freeze(value, seen) {
	if (seen.has(value)) return;
	seen.add(value);
	for (const key of Keys(value)) {
		const descriptor = Object.getOwnPropertyDescriptor(value, key);
		if (!descriptor || !("value" in descriptor)) continue;
		if (IsObject(descriptor.value)) Freeze(descriptor.value, seen);
	}
	Object.freeze(value);
}
/** Finalizes a type. Will recursively freeze if `immutableTypes` is true, otherwise no action. */
function Finalize(value) {
	if (!Get().immutableTypes) return value;
	Freeze(value, /* @__PURE__ */ new WeakSet());
	return value;
}
// node_modules/typebox/build/system/memory/create.mjs
function WithEnumerable$1(left, right) {
	return {
		...left,
		...right
	};
}
function WithHidden$1(left, right) {
	for (const key of Object.keys(right)) Object.defineProperty(left, key, {
		configurable: true,
		writable: true,
		enumerable: false,
		value: right[key]
	});
	return left;
}
/** Creates an object with hidden, enumerable, and optional property sets. */
function Create(hidden, enumerable, options = {}) {
	Metrics.create += 1;
	const withEnumerable = WithEnumerable$1(enumerable, options);
	return Finalize(Get().enumerableKind ? WithEnumerable$1(withEnumerable, hidden) : WithHidden$1(withEnumerable, hidden));
}
// node_modules/typebox/build/system/memory/update.mjs
function WithCurrent(current, hiddenKeys, enumerableKeys, result) {
	for (const key of Keys(current)) {
		if (IsUnsafePropertyKey(key) || hiddenKeys.includes(key) || enumerableKeys.includes(key)) continue;
		const descriptor = Object.getOwnPropertyDescriptor(current, key);
		Object.defineProperty(result, key, descriptor);
	}
}
function WithHidden(hidden, keys, result) {
	const enumerableKind = Get().enumerableKind;
	for (const key of keys) {
		if (IsUnsafePropertyKey(key)) continue;
		Object.defineProperty(result, key, {
			configurable: true,
			writable: true,
			enumerable: enumerableKind,
			value: hidden[key]
		});
	}
}
function WithEnumerable(enumerable, keys, result) {
	for (const key of keys) {
		if (IsUnsafePropertyKey(key)) continue;
		Object.defineProperty(result, key, {
			configurable: true,
			enumerable: true,
			writable: true,
			value: enumerable[key]
		});
	}
}
/** Updates an existing type with additional hidden and enumerable properties while preserving property configuration. */
function Update(current, hidden, enumerable) {
	Metrics.update += 1;
	const result = {}, hiddenKeys = Keys(hidden), enumerableKeys = Keys(enumerable);
	WithCurrent(current, hiddenKeys, enumerableKeys, result);
	WithHidden(hidden, hiddenKeys, result);
	WithEnumerable(enumerable, enumerableKeys, result);
	return Finalize(result);
}
// node_modules/typebox/build/type/types/schema.mjs
function IsSchema(value) {
	return IsObject(value);
}
// node_modules/typebox/build/type/engine/optional/instantiate_add.mjs
function AddOptionalAction(type, options) {
	return Update(type, { "~optional": true }, options);
}
// node_modules/typebox/build/type/types/array.mjs
/** Creates an Array type. */
function _Array_(items, options) {
	return Create({ "~kind": "Array" }, {
		type: "array",
		items
	}, options);
}
// node_modules/typebox/build/type/action/_add_optional.mjs
/** Applies an AddOptional action to a type. */
function AddOptional(type, options = {}) {
	return AddOptionalAction(type, options);
}
// node_modules/typebox/build/type/types/_optional.mjs
/** Applies an Optional modifier to the given type. */
function Optional(type) {
	return AddOptional(type);
}
/** Returns true if the given value is TOptional */
function IsOptional(value) {
	return IsSchema(value) && HasPropertyKey(value, "~optional");
}
// node_modules/typebox/build/type/types/properties.mjs
/** Creates a RequiredArray derived from the given TProperties value. */
function RequiredArray(properties) {
	return Keys$1(properties).filter((key) => !IsOptional(properties[key]));
}
// node_modules/typebox/build/type/types/object.mjs
/** Creates an Object type. */
function _Object_(properties, options = {}) {
	const requiredKeys = RequiredArray(properties);
	return Create({ "~kind": "Object" }, {
		type: "object",
		...requiredKeys.length > 0 ? { required: requiredKeys } : {},
		properties
	}, options);
}
// node_modules/typebox/build/type/types/unsafe.mjs
/** Creates a Unsafe type. */
function Unsafe(schema) {
	return Update(schema, { ["~unsafe"]: null }, {});
}
// node_modules/typebox/build/type/engine/enum/typescript_enum_to_enum_values.mjs
function IsTypeScriptEnumLike(value) {
	return IsObjectNotArray(value);
}
function TypeScriptEnumToEnumValues(type) {
	return Keys$1(type).filter((key) => isNaN(key)).reduce((result, key) => [...result, type[key]], []);
}
// node_modules/typebox/build/type/types/enum.mjs
/** Creates an Enum type. */
function Enum(value, options) {
	return Create({ "~kind": "Enum" }, { enum: IsTypeScriptEnumLike(value) ? TypeScriptEnumToEnumValues(value) : value }, options);
}
// node_modules/typebox/build/type/types/boolean.mjs
/** Creates a Boolean type. */
function Boolean$1(options) {
	return Create({ "~kind": "Boolean" }, { type: "boolean" }, options);
}
// node_modules/typebox/build/type/types/integer.mjs
/** Creates a Integer type. */
function Integer(options) {
	return Create({ "~kind": "Integer" }, { type: "integer" }, options);
}
// node_modules/typebox/build/type/types/null.mjs
/** Creates a Null type. */
function Null(options) {
	return Create({ "~kind": "Null" }, { type: "null" }, options);
}
// node_modules/typebox/build/type/types/number.mjs
/** Creates a Number type. */
function Number$1(options) {
	return Create({ "~kind": "Number" }, { type: "number" }, options);
}
// node_modules/typebox/build/type/types/union.mjs
/** Creates a Union type. */
function Union(anyOf, options = {}) {
	return Create({ "~kind": "Union" }, { anyOf }, options);
}
// src/base/tensor-shape.ts
/** Number of values in one sample. */
function sizeOf(shape) {
	return shape.reduce((product, size) => product * size, 1);
}
/** A shape as people write it: 28 x 28 x 1. */
function formatShape(shape) {
	return shape.length === 0 ? "scalar" : shape.join(" x ");
}
// src/base/numbers.ts
/** The largest whole number that a file may hold: to TensorFlow, sizes and places in tensors are numbers of 32 bits. */
const largestWhole = 2 ** 31 - 1;
/** The largest number that a file may hold: the weights are float32, in which a larger one is infinite. */
const largestReal = 34028234663852886e22;
/** Schema of a whole number; every one in a pipeline file is made here, so that none sizes memory without a limit. */
function wholeNumber(about = {}) {
	const { minimum = -largestWhole, maximum = largestWhole } = about;
	return Integer({
		...about,
		minimum,
		maximum
	});
}
/** Schema of a number; every one in a pipeline file is made here. */
function realNumber(about = {}) {
	const lower = about.minimum === void 0 && about.exclusiveMinimum === void 0 ? { minimum: -34028234663852886e22 } : {};
	const upper = about.maximum === void 0 && about.exclusiveMaximum === void 0 ? { maximum: largestReal } : {};
	return Number$1({
		...about,
		...lower,
		...upper
	});
}
// src/layers/layer.ts
/** Types a row; checks its options against its functions, and forgets them for the table. */
function defineLayer(row) {
	return row;
}
/** The misfit of a layer that needs another number of dimensions. */
function wrongRank(layer, wanted, input) {
	return {
		problem: `${layer} needs an input of ${wanted}, but the layer above gives ${formatShape(input)}`,
		...input.length === 1 ? { hint: "Put this layer above `flatten`, or remove it." } : {}
	};
}
// src/layers/padding-masks.ts
/** The masks as calls of TensorFlow.js have them: a lone one without a list. */
function listed(masks) {
	return [masks].flat().map((mask) => mask ?? null);
}
/**
* 1 and 0 in these sizes, the first axes of the values: what is there in part is there, and of what is not there no
* part is.
*/
function presence(tf, mask, sizes) {
	const numbers = tf.cast(mask, "float32");
	if (mask.rank === sizes.length) return numbers;
	if (mask.rank > sizes.length) return tf.max(numbers, Array.from({ length: mask.rank - sizes.length }, (_, index) => sizes.length + index));
	return tf.mul(tf.reshape(numbers, sizes.map((_, axis) => mask.shape[axis] ?? 1)), tf.ones([...sizes]));
}
/** The same with a last axis of 1: it multiplies the values. */
function presenceIn(tf, mask, values) {
	return tf.expandDims(presence(tf, mask, values.shape.slice(0, -1)), -1);
}
/**
* The mask of values that are laid over each other, last axes together, as Keras 3 has it: what any of them has is
* there, and all where one has no mask.
*/
function eitherMask(tf, inputs, masks) {
	const known = masks.filter((mask) => mask !== null);
	if (known.length === 0 || known.length < inputs.length) return null;
	const rank = Math.max(...inputs.map((input) => input.rank));
	const laid = (mask, index) => {
		const axes = Array.from({ length: rank - inputs[index].rank }, () => 1);
		return axes.length === 0 ? mask : tf.reshape(mask, mask.shape.toSpliced(1, 0, ...axes));
	};
	return tf.tidy(() => known.map(laid).reduce((either, mask) => tf.logicalOr(either, mask)));
}
/** The mask of values side by side, as Keras 3 has it: a step is there where any of its values is. */
function joinedMask(tf, inputs, masks, axis) {
	if (masks.every((mask) => mask === null)) return null;
	return tf.tidy(() => {
		const whole = inputs.map((input, index) => {
			const mask = masks[index];
			return mask == null ? tf.ones(input.shape) : tf.mul(presenceIn(tf, mask, input), tf.ones(input.shape));
		});
		return tf.greater(tf.max(tf.concat(whole, axis), -1), 0);
	});
}
// src/base/row.ts
/** Tells a misfit from a result. */
function isMisfit(value) {
	return typeof value === "object" && value !== null && "problem" in value;
}
/**
* The keyword that marks, in our schemas, a place where one row of a table is chosen. The value is the table's name.
*/
const CHOICE = "x-choice";
/** The keyword that tells, of the constraint of a weight, how many axes the weight has. */
const RANK = "x-rank";
/**
* Schema of a place where exactly one row is chosen, in full form: `{ adam: { learningRate: 0.001 } }`.
* Compact texts (`adam`) are expanded to it before the check.
*
* @param tableName what messages call a member, such as `optimizer`
* @param beside keys allowed beside the row's name, such as a layer's `name`
*/
function choice(tableName, table, about, beside = {}) {
	return _Object_({
		...beside,
		...schemasOf(table)
	}, {
		...closed,
		...about,
		[CHOICE]: tableName
	});
}
const rowSchemas = /* @__PURE__ */ new WeakMap();
/** The schema of each row, made once: hundreds of options choose an initializer. */
function schemasOf(table) {
	const known = rowSchemas.get(table);
	if (known !== void 0) return known;
	const made = Object.fromEntries(Object.entries(table).map(([name, row]) => [name, Optional(_Object_(row.options.properties, {
		...closed,
		description: `${row.doc}\n\nExample: ${row.example}`
	}))]));
	rowSchemas.set(table, made);
	return made;
}
const closed = { additionalProperties: false };
// node_modules/pure-rand/lib/esm/generator/xoroshiro128plus.js
const jumps = [
	3639956645,
	3750757012,
	1261568508,
	386426335
];
var XoroShiro128Plus = class XoroShiro128Plus {
	constructor(s01, s00, s11, s10) {
		this.s01 = s01;
		this.s00 = s00;
		this.s11 = s11;
		this.s10 = s10;
	}
	clone() {
		return new XoroShiro128Plus(this.s01, this.s00, this.s11, this.s10);
	}
	next() {
		const out = this.s00 + this.s10 | 0;
		const a0 = this.s10 ^ this.s00;
		const a1 = this.s11 ^ this.s01;
		const s00 = this.s00;
		const s01 = this.s01;
		this.s00 = s00 << 24 ^ s01 >>> 8 ^ a0 ^ a0 << 16;
		this.s01 = s01 << 24 ^ s00 >>> 8 ^ a1 ^ (a1 << 16 | a0 >>> 16);
		this.s10 = a1 << 5 ^ a0 >>> 27;
		this.s11 = a0 << 5 ^ a1 >>> 27;
		return out;
	}
	jump() {
		let ns01 = 0;
		let ns00 = 0;
		let ns11 = 0;
		let ns10 = 0;
		let s01 = this.s01;
		let s00 = this.s00;
		let s11 = this.s11;
		let s10 = this.s10;
		for (let i = 0; i !== 4; ++i) {
			const ji = jumps[i];
			for (let mask = 1; mask; mask <<= 1) {
				if (ji & mask) {
					ns01 ^= s01;
					ns00 ^= s00;
					ns11 ^= s11;
					ns10 ^= s10;
				}
				const a0 = s10 ^ s00;
				const a1 = s11 ^ s01;
				const s00_ = s00;
				const s01_ = s01;
				s00 = s00_ << 24 ^ s01_ >>> 8 ^ a0 ^ a0 << 16;
				s01 = s01_ << 24 ^ s00_ >>> 8 ^ a1 ^ (a1 << 16 | a0 >>> 16);
				s10 = a1 << 5 ^ a0 >>> 27;
				s11 = a0 << 5 ^ a1 >>> 27;
			}
		}
		this.s01 = ns01;
		this.s00 = ns00;
		this.s11 = ns11;
		this.s10 = ns10;
	}
	getState() {
		return [
			this.s01,
			this.s00,
			this.s11,
			this.s10
		];
	}
};
function xoroshiro128plus(seed) {
	return new XoroShiro128Plus(-1, ~seed, seed | 0, 0);
}
// node_modules/pure-rand/lib/esm/distribution/uniformFloat64.js
const scale26 = 1.4901161193847656e-8;
const scale53 = 11102230246251565e-32;
const mask1 = 67108863;
const mask2 = 134217727;
/**
* Uniformly generate random 64-bit floating point values between 0 (included) and 1 (excluded)
*
* @remarks Generated values are multiples of 2**-53, providing 53 bits of randomness.
*
* @param rng - Instance of RandomGenerator to extract random values from
*
* @public
*/
function uniformFloat64(rng) {
	const value1 = rng.next() & mask1;
	const value2 = rng.next() & mask2;
	return value1 * scale26 + value2 * scale53;
}
// src/layers/weights/orthogonal.ts
/**
* A matrix with orthonormal rows (or columns, where there are more rows than columns), times gain: random normal
* vectors, made orthogonal one after the other by the modified Gram-Schmidt process, which gives the distribution of
* the QR decomposition with a positive diagonal that Saxe et al. (2014) start from.
*
* @returns rows * columns values, row by row
*/
function orthogonalMatrix([rows, columns], gain, seed) {
	const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
	const random = xoroshiro128plus(seed);
	const normal = () => Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
	const vectors = [];
	while (vectors.length < count) {
		const vector = Float64Array.from({ length }, normal);
		for (const other of vectors) {
			const along = dot$1(vector, other);
			other.forEach((value, i) => vector[i] -= along * value);
		}
		const size = Math.sqrt(dot$1(vector, vector));
		if (size > 1e-6) vectors.push(vector.map((value) => value / size));
	}
	return Float32Array.from({ length: rows * columns }, (_, i) => {
		const [row, column] = [Math.floor(i / columns), i % columns];
		return gain * (rows <= columns ? vectors[row][column] : vectors[column][row]);
	});
}
function dot$1(a, b) {
	return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
// src/layers/weights/initializers.ts
function defineInitializer(row) {
	return row;
}
/** Compact text of numbers by position: `normal(0.01)` is stddev, `uniform(-1, 1)` is minval, maxval. */
function positional(usage, ...names) {
	return {
		usage,
		word: (word, position) => {
			const name = names[position];
			return name !== void 0 && word !== "" && Number.isFinite(Number(word)) ? { [name]: Number(word) } : void 0;
		}
	};
}
const normalOptions = _Object_({
	mean: realNumber({
		description: "Mean of the distribution.",
		default: 0
	}),
	stddev: realNumber({
		description: "Standard deviation of the distribution.",
		default: .05,
		minimum: 0
	})
});
const none = _Object_({});
/** All initializers. */
const initializers = {
	zeros: defineInitializer({
		doc: "All weights 0.",
		example: "biasInitializer: zeros",
		options: none,
		build: (tf) => tf.initializers.zeros()
	}),
	ones: defineInitializer({
		doc: "All weights 1.",
		example: "gammaInitializer: ones",
		options: none,
		build: (tf) => tf.initializers.ones()
	}),
	constant: defineInitializer({
		doc: "All weights the same value.",
		example: "biasInitializer: { constant: { value: 0.1 } }",
		options: _Object_({ value: realNumber({ description: "The value of every weight." }) }),
		text: positional("constant(VALUE)", "value"),
		build: (tf, options) => tf.initializers.constant(options)
	}),
	randomNormal: defineInitializer({
		doc: "Normal distribution.",
		example: "kernelInitializer: { randomNormal: { stddev: 0.01 } }",
		options: normalOptions,
		aliases: { normal: {} },
		text: positional("normal(STDDEV)", "stddev"),
		build: (tf, options, seed) => tf.initializers.randomNormal({
			...options,
			seed
		})
	}),
	truncatedNormal: defineInitializer({
		doc: "Normal distribution without the values further than two standard deviations from the mean.",
		example: "kernelInitializer: { truncatedNormal: { stddev: 0.01 } }",
		options: normalOptions,
		text: positional("truncatedNormal(STDDEV)", "stddev"),
		build: (tf, options, seed) => tf.initializers.truncatedNormal({
			...options,
			seed
		})
	}),
	randomUniform: defineInitializer({
		doc: "Uniform distribution between minval and maxval.",
		example: "kernelInitializer: { randomUniform: { minval: -0.05, maxval: 0.05 } }",
		options: _Object_({
			minval: realNumber({
				description: "Lower end.",
				default: -.05
			}),
			maxval: realNumber({
				description: "Upper end.",
				default: .05
			})
		}),
		aliases: { uniform: {} },
		text: positional("uniform(MINVAL, MAXVAL)", "minval", "maxval"),
		build: (tf, options, seed) => tf.initializers.randomUniform({
			...options,
			seed
		})
	}),
	glorotNormal: defineInitializer({
		doc: "Truncated normal with variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010). The Layers API takes it for kernels where nothing is said.",
		example: "kernelInitializer: glorotNormal",
		options: none,
		build: (tf, _, seed) => tf.initializers.glorotNormal({ seed })
	}),
	glorotUniform: defineInitializer({
		doc: "Uniform with limit sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010); also called Xavier.",
		example: "kernelInitializer: glorotUniform",
		options: none,
		aliases: {
			xavier: {},
			glorot: {}
		},
		build: (tf, _, seed) => tf.initializers.glorotUniform({ seed })
	}),
	heNormal: defineInitializer({
		doc: "Truncated normal with variance 2 / fanIn (He et al. 2015); made for relu.",
		example: "kernelInitializer: heNormal",
		options: none,
		aliases: { he: {} },
		build: (tf, _, seed) => tf.initializers.heNormal({ seed })
	}),
	heUniform: defineInitializer({
		doc: "Uniform with limit sqrt(6 / fanIn) (He et al. 2015); made for relu.",
		example: "kernelInitializer: heUniform",
		options: none,
		build: (tf, _, seed) => tf.initializers.heUniform({ seed })
	}),
	leCunNormal: defineInitializer({
		doc: "Truncated normal with variance 1 / fanIn (LeCun et al. 1998); made for selu.",
		example: "kernelInitializer: leCunNormal",
		options: none,
		aliases: { lecun: {} },
		build: (tf, _, seed) => tf.initializers.leCunNormal({ seed })
	}),
	leCunUniform: defineInitializer({
		doc: "Uniform with limit sqrt(3 / fanIn) (LeCun et al. 1998).",
		example: "kernelInitializer: leCunUniform",
		options: none,
		build: (tf, _, seed) => tf.initializers.leCunUniform({ seed })
	}),
	orthogonal: defineInitializer({
		doc: "A random matrix whose rows or columns are at right angles (Saxe et al. 2014); made for recurrent layers. A kernel with more dimensions counts as a matrix with the last one as columns.",
		example: "recurrentInitializer: orthogonal",
		options: _Object_({ gain: realNumber({
			description: "Length of each row or column.",
			default: 1
		}) }),
		text: positional("orthogonal(GAIN)", "gain"),
		build: (tf, { gain }, seed) => {
			const initializer = tf.initializers.orthogonal({
				gain,
				seed
			});
			initializer.apply = (shape) => tf.tensor(orthogonalMatrix([rowsOf(shape), shape.at(-1)], gain, seed), shape);
			return initializer;
		}
	}),
	varianceScaling: defineInitializer({
		doc: "The family that Glorot, He and LeCun belong to: a distribution with variance scale / n, where n counts inputs, outputs or their mean.",
		example: "kernelInitializer: { varianceScaling: { scale: 2, mode: fanIn } }",
		options: _Object_({
			scale: realNumber({
				description: "Factor of the variance.",
				default: 1,
				exclusiveMinimum: 0
			}),
			mode: Enum([
				"fanIn",
				"fanOut",
				"fanAvg"
			], {
				description: "What n is: inputs, outputs, or the mean of both.",
				default: "fanIn"
			}),
			distribution: Enum(["normal", "uniform"], {
				description: "The distribution; `normal` is without the values further than two standard deviations from the mean.",
				default: "normal"
			})
		}),
		build: (tf, options, seed) => tf.initializers.varianceScaling({
			...options,
			seed
		})
	}),
	identity: defineInitializer({
		doc: "Ones on the diagonal, zeros elsewhere (Le et al. 2015); made for recurrent layers. A kernel with more dimensions counts as a matrix with the last one as columns.",
		example: "recurrentInitializer: identity",
		options: _Object_({ gain: realNumber({
			description: "Value on the diagonal.",
			default: 1
		}) }),
		text: positional("identity(GAIN)", "gain"),
		build: (tf, { gain }) => {
			const initializer = tf.initializers.identity({ gain });
			initializer.apply = (shape) => tf.tidy(() => tf.reshape(tf.mul(tf.eye(rowsOf(shape), shape.at(-1)), gain), shape));
			return initializer;
		}
	})
};
/** Rows of a kernel that counts as a matrix. */
function rowsOf(shape) {
	return shape.slice(0, -1).reduce((product, size) => product * size, 1);
}
// src/layers/weights/constraints.ts
function defineConstraint(row) {
	return row;
}
const axis = wholeNumber({
	description: "Axis of the weight along which norms are taken: 0 gives each unit of a dense layer one norm. It must be an axis that the weight has.",
	default: 0,
	minimum: 0,
	maximum: 4
});
function axisMisfit({ axis: along }, { name, rank }) {
	if (along < rank) return void 0;
	return {
		option: "axis",
		problem: `the constraint is along axis ${along}, but the ${name} has ${rank === 1 ? "one axis" : `${rank} axes`}`,
		hint: rank === 1 ? "Use axis 0." : `Use an axis from 0 to ${rank - 1}.`
	};
}
/** All constraints. */
const constraints = {
	maxNorm: defineConstraint({
		doc: "Scales weights down whose norm is larger than maxValue (Srivastava et al. 2014).",
		example: "kernelConstraint: { maxNorm: { maxValue: 2 } }",
		options: _Object_({
			maxValue: realNumber({
				description: "Largest norm.",
				default: 2,
				minimum: 0
			}),
			axis
		}),
		text: positional("maxNorm(MAXVALUE)", "maxValue"),
		misfit: axisMisfit,
		build: (tf, options) => tf.constraints.maxNorm(options)
	}),
	minMaxNorm: defineConstraint({
		doc: "Scales weights so that their norm comes to lie between minValue and maxValue.",
		example: "kernelConstraint: { minMaxNorm: { minValue: 0.5, maxValue: 1.5 } }",
		options: _Object_({
			minValue: realNumber({
				description: "Smallest norm.",
				default: 0,
				minimum: 0
			}),
			maxValue: realNumber({
				description: "Largest norm.",
				default: 1,
				minimum: 0
			}),
			axis,
			rate: realNumber({
				description: "How far weights are moved at each update; 1 is all the way.",
				default: 1,
				minimum: 0,
				maximum: 1
			})
		}),
		text: positional("minMaxNorm(MINVALUE, MAXVALUE)", "minValue", "maxValue"),
		misfit: (options, weight) => options.minValue <= options.maxValue ? axisMisfit(options, weight) : {
			option: "minValue",
			problem: `minMaxNorm has a minValue of ${options.minValue}, above its maxValue of ${options.maxValue}`,
			hint: "Swap the two."
		},
		build: (tf, options) => tf.constraints.minMaxNorm(options)
	}),
	nonNeg: defineConstraint({
		doc: "Sets negative weights to 0.",
		example: "kernelConstraint: nonNeg",
		options: _Object_({}),
		build: (tf) => tf.constraints.nonNeg()
	}),
	unitNorm: defineConstraint({
		doc: "Scales weights so that their norm is 1.",
		example: "kernelConstraint: unitNorm",
		options: _Object_({ axis }),
		misfit: axisMisfit,
		build: (tf, options) => tf.constraints.unitNorm(options)
	})
};
// src/layers/weights/regularizers.ts
function defineRegularizer(row) {
	return row;
}
const factor = (what) => realNumber({
	description: `Factor of ${what}.`,
	default: .01,
	minimum: 0
});
/** All regularizers. */
const regularizers = {
	l1: defineRegularizer({
		doc: "Adds l1 times the sum of the absolute weights to the loss; makes weights zero (Tibshirani 1996).",
		example: "kernelRegularizer: { l1: { l1: 0.01 } }",
		options: _Object_({ l1: factor("the sum of the absolute weights") }),
		text: positional("l1(FACTOR)", "l1"),
		build: (tf, options) => tf.regularizers.l1(options)
	}),
	l2: defineRegularizer({
		doc: "Adds l2 times the sum of the squared weights to the loss; keeps weights small (Hoerl and Kennard 1970).",
		example: "kernelRegularizer: { l2: { l2: 0.001 } }",
		options: _Object_({ l2: factor("the sum of the squared weights") }),
		text: positional("l2(FACTOR)", "l2"),
		build: (tf, options) => tf.regularizers.l2(options)
	}),
	l1l2: defineRegularizer({
		doc: "Adds both penalties, l1 and l2, to the loss (Zou and Hastie 2005).",
		example: "kernelRegularizer: { l1l2: { l1: 0.001, l2: 0.01 } }",
		options: _Object_({
			l1: factor("the sum of the absolute weights"),
			l2: factor("the sum of the squared weights")
		}),
		text: positional("l1l2(L1, L2)", "l1", "l2"),
		build: (tf, options) => tf.regularizers.l1l2(options)
	})
};
// src/layers/options.ts
/** `useBias`. */
const useBiasOption = Boolean$1({
	description: "Whether a bias is added.",
	default: true
});
const optional = (chosen, description, more = {}) => Union([chosen({ description }), Null()], {
	description: `${description} null for none.`,
	default: null,
	...more
});
/**
* Initializer, regularizer and constraint of one weight.
*
* @param rank how many axes it has; left out where that depends on the input
*/
function weightOptions(name, what, fallback, rank) {
	return {
		[`${name}Initializer`]: choice("initializer", initializers, {
			description: `First values of the ${what}.`,
			default: fallback
		}),
		[`${name}Regularizer`]: optional((about) => choice("regularizer", regularizers, about), `Penalty on the ${what}, added to the loss.`),
		[`${name}Constraint`]: optional((about) => choice("constraint", constraints, about), `What the ${what} is brought back into after each update.`, rank === void 0 ? {} : { [RANK]: rank })
	};
}
// src/layers/custom-layer.ts
/** By TensorFlow.js' own class of layers, as a program may have loaded more than one TensorFlow.js; then by layer. */
const classes = /* @__PURE__ */ new WeakMap();
/** Makes TensorFlow.js know the class, so that it loads models that hold it. */
function registerOwnLayer(layer, tf) {
	const ofTf = classes.get(tf.layers.Layer) ?? /* @__PURE__ */ new Map();
	const known = ofTf.get(layer);
	if (known !== void 0) return known;
	const made = makeClass(layer, tf);
	tf.serialization.registerClass(made);
	classes.set(tf.layers.Layer, ofTf.set(layer, made));
	return made;
}
function makeClass(layer, tf) {
	return class extends tf.layers.Layer {
		static className = layer.className;
		#options;
		#parts;
		#masks;
		#weights = {};
		constructor({ options, masks, ...rest }, parts = {}) {
			super(rest);
			[this.#options, this.#parts, this.#masks] = [
				options,
				parts,
				masks
			];
			this.supportsMasking = layer.mask !== void 0;
		}
		computeOutputShape(shapes) {
			const shape = layer.outputShape(this.#values(samples(shapes)), this.#options);
			if (isMisfit(shape)) throw new Error(shape.problem);
			return [eachOf(shapes)[0][0], ...shape];
		}
		build(shapes) {
			this.computeOutputShape(shapes);
			const add = ([name, shape]) => {
				const { initializer, regularizer, constraint } = this.#parts.weights?.[name] ?? { initializer: tf.initializers.zeros() };
				return [name, this.addWeight(name, [...shape], "float32", initializer, regularizer, true, constraint)];
			};
			this.#weights = Object.fromEntries(Object.entries(layer.weights?.(this.#values(samples(shapes)), this.#options) ?? {}).map(add));
			super.build(shapes);
		}
		call(inputs, kwargs) {
			const weights = Object.fromEntries(Object.entries(this.#weights).map(([name, weight]) => [name, weight.read()]));
			const random = kwargs["training"] === true && this.#parts.uniform !== void 0 ? { uniform: this.#parts.uniform } : {};
			const all = [inputs].flat();
			const values = this.#values(all);
			const masks = this.#masks === void 0 ? listed(kwargs["mask"]) : values.map((_, index) => all[values.length + index] ?? null);
			return tf.tidy(() => layer.compute({
				tf,
				inputs: values,
				weights,
				options: this.#options,
				masks,
				...random
			}));
		}
		computeMask(inputs, masks) {
			const [values, given] = [this.#values([inputs].flat()), this.#values(listed(masks))];
			return layer.mask?.({
				tf,
				inputs: values,
				masks: given,
				options: this.#options
			}) ?? null;
		}
		getConfig() {
			return {
				...super.getConfig(),
				options: this.#options,
				...this.#masks === void 0 ? {} : { masks: this.#masks }
			};
		}
		/** Of what comes in, that which is no mask. */
		#values(all) {
			return all.slice(0, all.length - (this.#masks ?? 0));
		}
	};
}
function eachOf(shapes) {
	return Array.isArray(shapes[0]) ? shapes : [shapes];
}
/** Shapes without the batch. */
function samples(shapes) {
	return eachOf(shapes).map((shape) => shape.slice(1));
}
/** Of a layer that leaves values as they are without training alone, or draws lines between neighbours. */
const disturbed = ([input]) => {
	const { whole: _, ...rest } = input;
	return rest;
};
const by = ({ by: name }) => name === void 0 ? {} : { by: name };
/** Sums, differences, products of whole numbers are some, and a choice among them. */
const wholeOf = (all) => all.every(({ whole }) => whole === true) ? { whole: true } : {};
function shared(all) {
	return all.every((one) => one.by === all[0].by) ? by(all[0]) : {};
}
const total = (values) => values.reduce((sum, value) => sum + value, 0);
/** Values added up. */
function added(all) {
	return {
		low: total(all.map(({ low }) => low)),
		high: total(all.map(({ high }) => high)),
		...wholeOf(all),
		...shared(all)
	};
}
/** The mean of values of one shape: a mean of distributions is one. */
function averaged(all, shapes = []) {
	const { low, high, ...rest } = disturbed([added(all)]);
	const still = all.every(({ distribution }) => distribution === true) && shapes.every((shape) => String(shape) === String(shapes[0]));
	return {
		low: low / all.length,
		high: high / all.length,
		...rest,
		...still ? { distribution: true } : {}
	};
}
/** Values multiplied with each other; one that comes twice is a square, which is never negative. */
function multiplied(all) {
	const { low, high } = [...new Set(all)].map((one) => powerOf(one, all.filter((other) => other === one).length)).reduce(product$1);
	return {
		low,
		high,
		...wholeOf(all),
		...shared(all)
	};
}
function product$1(a, b) {
	const corners = [a.low, a.high].flatMap((x) => [b.low, b.high].map((y) => times(x, y)));
	return {
		low: Math.min(...corners),
		high: Math.max(...corners)
	};
}
function powerOf(base, exponent) {
	const { low, high } = Array.from({ length: exponent }, () => base).reduce(product$1);
	return exponent % 2 === 0 ? {
		low: Math.max(0, low),
		high
	} : {
		low,
		high
	};
}
/** 0 times anything is 0, however large. */
const times = (x, y) => x === 0 || y === 0 ? 0 : x * y;
/** The largest of values, or the smallest. */
function extreme(of, all) {
	return {
		low: Math[of](...all.map(({ low }) => low)),
		high: Math[of](...all.map(({ high }) => high)),
		...wholeOf(all),
		...shared(all)
	};
}
// src/layers/window.ts
/** Inputs that windows move over, by the number of axes they move along. */
const inputForms = {
	1: "[steps, channels]",
	2: "[height, width, channels]",
	3: "[depth, height, width, channels]"
};
// src/layers/noise.ts
const rate = realNumber({
	description: "Share of the values that are dropped.",
	minimum: 0,
	exclusiveMaximum: 1
});
const noiseShape = Unsafe(Union([_Array_(Union([wholeNumber({ minimum: 1 }), Null()]), { minItems: 2 }), Null()], {
	description: "Shape of the mask, the batch first: 1 shares the mask along an axis, null takes the size of the input. null instead of a list masks each value by itself.",
	default: null
}));
/** A mask of 0 and 1, with the share `dropped` of zeros. @param shared one for all samples */
function keepMask({ tf, uniform }, shape, dropped, purpose, shared = false) {
	return tf.cast(tf.greaterEqual(uniform(shape, purpose, shared), dropped), "float32");
}
_Object_({
	rate,
	noiseShape
}), _Object_({ rate }), _Object_({ rate }), _Object_({ stddev: realNumber({
	description: "Standard deviation of the noise.",
	minimum: 0
}) }), _Object_({ rate: realNumber({
	description: "The noise is as strong as that of dropout with this rate.",
	minimum: 0,
	exclusiveMaximum: 1
}) }), _Object_({
	rate,
	noiseShape
});
// src/layers/attention.ts
const parts = [
	"query",
	"key",
	"value",
	"output"
];
/** Query, value and key: those that are left out are the one before. */
function roles([query, value = query, key = value]) {
	return {
		query,
		value,
		key
	};
}
/**
* Vaswani et al. 2017. TensorFlow.js has a class of this name in its source, but not in what it publishes for Node; it
* makes its weights at the first call, all with one seed, and takes values beside its input, which no saved model
* holds. Kernels are matrices with the heads side by side: [features, numHeads * keyDim].
*/
const multiHeadAttention = {
	className: "LayerlineMultiHeadAttention",
	outputShape: (inputs, { outputShape, causal }) => misfit(inputs, causal) ?? [inputs[0][0], outputShape ?? inputs[0][1]],
	weights: (inputs, { numHeads, keyDim, valueDim, outputShape, useBias }) => {
		const { query, value, key } = roles(inputs);
		const [keys, values, out] = [
			numHeads * keyDim,
			numHeads * (valueDim ?? keyDim),
			outputShape ?? query[1]
		];
		const kernels = {
			query: [query[1], keys],
			key: [key[1], keys],
			value: [value[1], values],
			output: [values, out]
		};
		return Object.fromEntries(parts.flatMap((part) => [[`${part}_kernel`, kernels[part]], ...useBias ? [[`${part}_bias`, [kernels[part][1]]]] : []]));
	},
	mask: ({ masks: [mask] }) => mask,
	compute: (given) => {
		const { tf, inputs, weights, options } = given;
		const project = (part, x) => {
			const [batch, steps, features] = x.shape;
			const kernel = weights[`${part}_kernel`];
			const flat = tf.matMul(tf.reshape(x, [batch * steps, features]), kernel);
			const bias = weights[`${part}_bias`];
			return tf.reshape(bias === void 0 ? flat : tf.add(flat, bias), [
				batch,
				steps,
				kernel.shape[1]
			]);
		};
		const heads = (x) => tf.transpose(tf.reshape(x, [
			x.shape[0],
			x.shape[1],
			options.numHeads,
			-1
		]), [
			0,
			2,
			1,
			3
		]);
		const { query, value, key } = roles(inputs);
		const scores = tf.matMul(heads(tf.mul(project("query", query), 1 / Math.sqrt(options.keyDim))), heads(project("key", key)), false, true);
		const mixed = tf.transpose(tf.matMul(dropShares(given, sharesOf(given, scores)), heads(project("value", value))), [
			0,
			2,
			1,
			3
		]);
		return project("output", tf.reshape(mixed, [
			mixed.shape[0],
			mixed.shape[1],
			-1
		]));
	}
};
/**
* How much each step takes of each other: nothing of one that is not there. One that sees none takes of all alike, or
* nothing where shares are dropped, as in Keras 3.
*/
function sharesOf({ tf, masks, options }, scores) {
	const [batch, , steps, others] = scores.shape;
	const causal = options.causal ? [earlier(tf, steps, others)] : [];
	const { query, value, key } = roles(masks);
	const absent = [...query === null ? [] : [tf.reshape(presence(tf, query, [batch, steps]), [
		batch,
		1,
		steps,
		1
	])], ...[value, key].flatMap((mask) => mask === null ? [] : [tf.reshape(presence(tf, mask, [batch, others]), [
		batch,
		1,
		1,
		others
	])])];
	if (causal.length + absent.length === 0) return tf.softmax(scores);
	const seen = [...causal, ...absent].reduce((all, one) => tf.mul(all, one));
	const shares = tf.softmax(tf.add(tf.mul(scores, seen), tf.mul(tf.sub(1, seen), -1e9)));
	return absent.length === 0 || options.dropout === 0 ? shares : tf.mul(shares, seen);
}
/** 1 where a step would look at itself or an earlier one, else 0. */
function earlier(tf, steps, others) {
	const values = Float32Array.from({ length: steps * others }, (_, index) => index % others > Math.floor(index / others) ? 0 : 1);
	return tf.tensor(values, [
		1,
		1,
		steps,
		others
	]);
}
function dropShares({ tf, options, uniform }, shares) {
	if (uniform === void 0 || options.dropout === 0) return shares;
	return tf.mul(shares, tf.div(keepMask({
		tf,
		uniform
	}, shares.shape, options.dropout, "mask"), 1 - options.dropout));
}
function misfit(inputs, causal) {
	if (inputs.length > 3) return {
		problem: `multiHeadAttention takes a query, a value and a key, but gets ${inputs.length} inputs`,
		hint: "Name them in this order: `from: [query, value, key]`."
	};
	const wrong = inputs.find((shape) => shape.length !== 2);
	if (wrong !== void 0) return wrongRank("multiHeadAttention", "[steps, features]", wrong);
	const { query, value, key } = roles(inputs);
	if (value[0] !== key[0]) return {
		problem: `multiHeadAttention needs a value and a key of as many steps, but gets ${formatShape(value)} and ${formatShape(key)}`,
		hint: "Take both from the same layer."
	};
	return causal && query[0] !== key[0] ? {
		problem: `multiHeadAttention cannot be causal between ${query[0]} and ${key[0]} steps`,
		hint: "Set `causal: false`."
	} : void 0;
}
_Object_({
	numHeads: wholeNumber({
		description: "In how many ways steps are compared.",
		minimum: 1
	}),
	keyDim: wholeNumber({
		description: "Features of query and key in each head.",
		minimum: 1
	}),
	valueDim: Union([wholeNumber({ minimum: 1 }), Null()], {
		description: "Features of the value in each head; null takes keyDim.",
		default: null
	}),
	outputShape: Union([wholeNumber({ minimum: 1 }), Null()], {
		description: "Features of the output; null takes those of the query.",
		default: null
	}),
	dropout: realNumber({
		description: "In training, share of the attention that is set to 0. Seeded.",
		default: 0,
		minimum: 0,
		exclusiveMaximum: 1
	}),
	causal: Boolean$1({
		description: "Whether a step looks at itself and earlier ones alone.",
		default: false
	}),
	useBias: useBiasOption,
	...weightOptions("kernel", "four kernels", "glorotUniform", 2),
	...weightOptions("bias", "four biases", "zeros", 1)
});
// src/layers/average-present.ts
/**
* The mean of the steps that are there; 0 where none is, of which Keras makes no number.
*
* @param input [batch, steps, channels] @param mask [batch, steps] @returns [batch, channels]
*/
function averagePresent(tf, input, mask) {
	const there = presenceIn(tf, mask, input);
	return tf.div(tf.sum(tf.mul(input, there), 1), tf.maximum(tf.sum(there, 1), 1));
}
/** What saved models hold of `globalAveragePooling1d` where there are masks: TensorFlow.js' own passes over them. */
const averageOfPresent = {
	className: "LayerlineAveragePresent",
	outputShape: ([steps]) => steps.slice(-1),
	compute: ({ tf, inputs: [input], masks: [mask] }) => mask == null ? tf.mean(input, 1) : averagePresent(tf, input, mask)
};
/** Learned positions, as in BERT (Devlin et al. 2019). TensorFlow.js has no such layer. */
const positionEmbedding = {
	className: "LayerlinePositionEmbedding",
	outputShape: ([input]) => input.length === 2 ? input : wrongRank("positionEmbedding", "[steps, features]", input),
	weights: ([input]) => ({ embeddings: input }),
	mask: ({ masks: [mask] }) => mask,
	compute: ({ tf, inputs, weights }) => tf.add(inputs[0], weights["embeddings"])
};
_Object_({
	inputDim: wholeNumber({
		description: "Rows of the table: the largest number of the input, plus 1.",
		minimum: 1
	}),
	outputDim: wholeNumber({
		description: "Length of a row.",
		minimum: 1
	}),
	...weightOptions("embeddings", "table [inputDim, outputDim]", "randomUniform", 2),
	maskZero: Boolean$1({
		description: "Whether 0 stands for a step that is not there: layers below that know masks leave it out, and so do loss and metrics of an output that the mask reaches, as in Keras 3.",
		default: false
	})
}), _Object_(weightOptions("embeddings", "table [steps, features]", "randomUniform", 2));
// src/layers/mask-layers.ts
/** The mask of its input as numbers, 1 where something is there; it has none itself. Saved models hold it. */
const maskOfInput = {
	className: "LayerlineMask",
	outputShape: ([input]) => input.slice(0, -1),
	compute: ({ tf, inputs: [input], masks: [mask], options: { isThere } }) => {
		const sizes = input.shape.slice(0, -1);
		return isThere && mask != null ? presence(tf, mask, sizes) : tf.ones(sizes);
	}
};
/** Its input, with a mask by which all steps are there. */
const allPresent = {
	className: "LayerlineAllPresent",
	outputShape: ([input]) => input,
	mask: ({ tf, inputs: [input] }) => tf.ones(input.shape.slice(0, 2), "bool"),
	compute: ({ inputs: [input] }) => input
};
/**
* Its first input, 0 where its second, a mask as numbers, is; with that mask. What ran backwards has its steps the
* other way round, and Keras' mask of it has not.
*/
const zeroAbsent = {
	className: "LayerlineZeroAbsent",
	outputShape: ([input]) => input,
	mask: ({ tf, inputs: [, there] }) => tf.greater(there, 0),
	compute: ({ tf, inputs: [input, there], options: { isBackwards } }) => tf.mul(input, tf.expandDims(isBackwards ? tf.reverse(there, 1) : there, -1))
};
/** A layer that cannot be written such that TensorFlow.js computes the same: it is loaded by none. */
const onlyHere = {
	className: "LayerlineOnlyHere",
	outputShape: (_, { config: { name }, reason }) => ({ problem: `it cannot compute the layer ${String(name)}: ${reason}` }),
	compute: ({ options: { reason } }) => {
		throw new Error(reason);
	}
};
// src/layers/masked-merge.ts
/**
* What inputs give when each is laid over the others, as Merge of TensorFlow.js and of Keras have it: last axes
* together, and a size of 1 as often as the others need it.
*/
function broadcast(name, inputs) {
	const rank = Math.max(...inputs.map((shape) => shape.length));
	const sizes = Array.from({ length: rank }, (_, axis) => new Set(inputs.map((shape) => shape.at(axis - rank) ?? 1).filter((size) => size !== 1)));
	if (sizes.every(({ size }) => size <= 1)) return sizes.map(([size = 1]) => size);
	return {
		problem: `${name} needs inputs of one shape, but gets ${inputs.map(formatShape).join(" and ")}`,
		hint: "A 1x1 convolution or a dense layer brings a branch to the shape of the other; an axis of 1 fits every size."
	};
}
/** The inputs with as many axes, each of the size that comes out, where they are not so already. */
function stretch(tf, inputs) {
	const shape = [inputs[0].shape[0], ...broadcast("this layer", inputs.map((input) => input.shape.slice(1)))];
	return inputs.map((input) => {
		if (String(input.shape) === String(shape)) return input;
		const axes = Array.from({ length: shape.length - input.rank }, () => 1);
		return tf.add(tf.reshape(input, input.shape.toSpliced(1, 0, ...axes)), tf.zeros(shape));
	});
}
/** Masked, as Keras 3 has it: a value that is not there leaves the others as they are; 0 where none is. */
function product(tf, inputs, masks) {
	const there = inputs.map((input, index) => masks[index] && presenceIn(tf, masks[index], input));
	const result = inputs.map((input, index) => there[index] ? tf.add(tf.mul(input, there[index]), tf.sub(1, there[index])) : input).reduce((all, factor) => tf.mul(all, factor));
	return there.every((one) => one != null) ? tf.mul(result, there.reduce((all, one) => tf.maximum(all, one))) : result;
}
/** Masked, as Keras 3 has it: a value that is not there is not the largest, or smallest. */
function extremeOf(tf, choose, inputs, masks) {
	const either = (first, second, there) => tf.add(tf.mul(first, there), tf.mul(second, tf.sub(1, there)));
	let output = inputs[0];
	let known = masks[0] && presenceIn(tf, masks[0], output);
	for (const [index, input] of inputs.entries()) {
		if (index === 0) continue;
		const mask = masks[index] && presenceIn(tf, masks[index], input);
		const given = mask ? either(input, output, mask) : input;
		const before = known ? either(output, given, known) : output;
		known = known && mask ? tf.maximum(known, mask) : null;
		output = choose(before, given);
	}
	return output;
}
/**
* What saved models hold of layers that merge where one of the inputs has a mask: those of TensorFlow.js compute
* without masks, and give some that do not fit.
*/
const maskedMerge = {
	className: "LayerlineMaskedMerge",
	outputShape: (inputs, { merge, axis }) => merge === "concatenate" ? inputs[0].with(axis - 1, inputs.reduce((sum, shape) => sum + shape[axis - 1], 0)) : broadcast(merge, inputs),
	mask: ({ tf, inputs, masks, options: { merge, axis } }) => merge === "concatenate" ? joinedMask(tf, inputs, masks, axis) : eitherMask(tf, inputs, masks),
	compute: ({ tf, inputs, masks, options: { merge, axis } }) => {
		if (merge === "concatenate") return tf.concat([...inputs], axis);
		const whole = stretch(tf, inputs);
		if (merge === "multiply") return product(tf, whole, masks);
		if (merge === "maximum" || merge === "minimum") return extremeOf(tf, tf[merge], whole, masks);
		const sum = whole.reduce((all, one) => tf.add(all, one));
		return merge === "add" ? sum : tf.div(sum, whole.length);
	}
};
// src/layers/onnx/onnx-merge.ts
/** The inputs with as many axes: those that lack some get axes of 1 below the batch. */
function level(layer) {
	const rank = layer.output.length;
	return layer.inputs.map((input) => {
		if (input.shape.length === rank) return input;
		const shape = [...Array.from({ length: rank - input.shape.length }, () => 1), ...input.shape];
		return layer.gives(layer.reshaped(layer.last(input), shape), shape);
	});
}
/** One value of several, place by place, where smaller inputs are laid over larger ones. */
const elementwise = (op) => (_, layer) => layer.each(level(layer), ([first, ...others]) => op === "Mul" || op === "Sub" ? others.reduce((all, other) => layer.node(op, [all, other]), first) : layer.node(op, [first, ...others]));
// src/layers/merge.ts
function exactlyTwo(name, inputs) {
	return inputs.length === 2 ? void 0 : {
		problem: `${name} takes two inputs, but gets ${inputs.length}`,
		hint: "Merge two at a time."
	};
}
const laidOver = "Smaller inputs are laid over larger ones from the last axis on: an axis of 1, or none, fits every size.";
/** The gradients of these two forget that a smaller input is there several times. */
const stretches = (name) => name === "maximum" || name === "minimum";
/** Where all inputs have a mask, so has what is made of their values. */
const masksAll = (_, given) => given.every(Boolean);
/**
* Sums need none of their terms on the way back; else what the first inputs come to is kept before the next is taken,
* and where an input is stretched, that.
*/
function elementwiseValues(name, output, inputs) {
	if (name === "add" || name === "average") return sizeOf(output);
	if (stretches(name)) return sizeOf(output) * (inputs.length - 1 + inputs.filter((shape) => String(shape) !== String(output)).length);
	return inputs.slice(1).reduce((sum, _, index) => sum + sizeOf(broadcast(name, inputs.slice(0, index + 2))), 0);
}
const merged = {
	add: added,
	average: averaged,
	multiply: multiplied,
	maximum: (inputs) => extreme("max", inputs),
	minimum: (inputs) => extreme("min", inputs)
};
const onnxOps = {
	add: "Sum",
	average: "Mean",
	multiply: "Mul",
	maximum: "Max",
	minimum: "Min"
};
function defineElementwise(name, doc) {
	return defineLayer({
		doc: `${doc} ${laidOver}`,
		example: `{ ${name}: {}, from: [a, b] }`,
		options: _Object_({}),
		merges: true,
		outputShape: (_, __, inputs) => broadcast(name, inputs),
		flops: (_, output) => sizeOf(output),
		activations: (_, output, __, inputs) => elementwiseValues(name, output, inputs),
		mask: masksAll,
		values: (inputs, _, { inputs: shapes }) => merged[name](inputs, shapes),
		onnx: elementwise(onnxOps[name]),
		build: (_, { tf, name: layerName }) => {
			const layer = tf.layers[name]({ name: layerName });
			layer.computeMask = (inputs, masks) => eitherMask(tf, inputs, listed(masks));
			if (name === "add" || name === "average") return layer;
			const call = layer.call.bind(layer);
			layer.call = (inputs, { mask }) => tf.tidy(() => {
				if (mask == null) return call(stretches(name) ? stretch(tf, inputs) : inputs, {});
				const whole = stretch(tf, inputs);
				return name === "multiply" ? product(tf, whole, listed(mask)) : extremeOf(tf, tf[name], whole, listed(mask));
			});
			return layer;
		}
	});
}
/** TensorFlow.js has no such layer. */
const subtraction = {
	className: "LayerlineSubtract",
	outputShape: (inputs) => exactlyTwo("subtract", inputs) ?? broadcast("subtract", inputs),
	mask: ({ tf, inputs, masks }) => eitherMask(tf, inputs, masks),
	compute: ({ tf, inputs }) => {
		const [first, second] = stretch(tf, inputs);
		return tf.sub(first, second);
	}
};
/**
* Which axis of a sample a number means: axes count from 1, or from the last one as -1. Undefined where there is none.
*/
function sampleAxis(axis, input) {
	const index = axis < 0 ? input.length + axis : axis - 1;
	return index >= 0 && index < input.length ? index : void 0;
}
/** The misfit of an axis that a sample does not have. */
function noAxis(layer, axis, input) {
	return {
		problem: `${layer} works along axis ${axis}, which an input of ${formatShape(input)} does not have`,
		hint: input.length === 1 ? "Its only axis is 1, or -1." : `Axes count from 1 to ${input.length}, or from the last one as -1 to -${input.length}.`
	};
}
const axisForms = "Axes count from 1, the batch not among them, or from the last one as -1.";
function dotAxes(axes, inputs) {
	const named = typeof axes === "number" ? [axes, axes] : axes;
	const places = [];
	for (const [index, input] of inputs.entries()) {
		if (input.length > 2) return {
			problem: `dot takes inputs of [features] or [steps, features], but gets ${formatShape(input)}`,
			hint: "Put a `reshape` or `flatten` above it."
		};
		const place = sampleAxis(named[index], input);
		if (place === void 0) return noAxis("dot", named[index], input);
		places.push(place);
	}
	const [a, b] = inputs.map((input, index) => input[places[index]]);
	return a === b ? places : {
		problem: `dot needs axes of one size, but gets ${a} of ${formatShape(inputs[0])} and ${b} of ${formatShape(inputs[1])}`,
		hint: "Choose other `axes`."
	};
}
/**
* The product along one axis of each of two inputs, for each sample. TensorFlow.js' own layer gives other sizes than it
* says for some axes.
*/
const dotProduct = {
	className: "LayerlineDot",
	outputShape: (inputs, { axes }) => {
		const misfit = exactlyTwo("dot", inputs);
		if (misfit !== void 0) return misfit;
		const places = dotAxes(axes, inputs);
		if (isMisfit(places)) return places;
		const left = inputs.flatMap((input, index) => input.filter((_, axis) => axis !== places[index]));
		return left.length === 0 ? [1] : left;
	},
	mask: () => null,
	compute: ({ tf, inputs, options }) => {
		const shapes = inputs.map(({ shape }) => shape.slice(1));
		const places = dotAxes(options.axes, shapes);
		const [a, b] = inputs.map((input, index) => {
			const axis = places[index] + 1;
			const scaled = options.normalize ? tf.div(input, tf.sqrt(tf.maximum(tf.sum(tf.square(input), axis, true), 1e-12))) : input;
			let matrix = scaled;
			if (scaled.rank === 2) matrix = tf.expandDims(scaled, 1);
			else if (axis === 1) matrix = tf.transpose(scaled, [
				0,
				2,
				1
			]);
			return matrix;
		});
		return tf.reshape(tf.matMul(a, b, false, true), [inputs[0].shape[0], ...dotProduct.outputShape(shapes, options)]);
	}
};
defineElementwise("add", "The sum of its inputs."), _Object_({}), defineElementwise("multiply", "The product of its inputs."), defineElementwise("average", "The mean of its inputs."), defineElementwise("maximum", "The largest of its inputs, value by value."), defineElementwise("minimum", "The smallest of its inputs, value by value."), _Object_({ axis: wholeNumber({
	description: `The axis. ${axisForms}`,
	default: -1,
	not: { const: 0 }
}) }), _Object_({
	axes: Union([wholeNumber(), _Array_(wholeNumber(), {
		minItems: 2,
		maxItems: 2
	})], { description: `One axis for both, or one of each. ${axisForms}` }),
	normalize: Boolean$1({
		description: "Whether inputs are scaled to norm 1 along the axis first, which makes the result the cosine of their angle.",
		default: false
	})
});
// src/layers/normalization.ts
const epsilon = realNumber({
	description: "Added to the variance against division by zero.",
	default: .001,
	exclusiveMinimum: 0
});
const scaling = (rank) => ({
	epsilon,
	center: Boolean$1({
		description: "Whether beta is added.",
		default: true
	}),
	scale: Boolean$1({
		description: "Whether the result is multiplied by gamma.",
		default: true
	}),
	...weightOptions("beta", "beta", "zeros", rank),
	...weightOptions("gamma", "gamma", "ones", rank)
});
/**
* Wu and He 2018: each group of channels of each sample is brought to mean 0 and variance 1. TensorFlow.js has no such
* layer.
*/
const groupNormalization = {
	className: "LayerlineGroupNormalization",
	outputShape: ([input], { groups }) => input.at(-1) % groups === 0 ? input : {
		problem: `groupNormalization cannot divide the ${input.at(-1)} channels of ${formatShape(input)} into ${groups} groups`,
		hint: "Use a number of groups that divides the channels."
	},
	weights: ([input], { center, scale }) => ({
		...scale ? { gamma: [input.at(-1)] } : {},
		...center ? { beta: [input.at(-1)] } : {}
	}),
	mask: ({ masks: [mask] }) => mask,
	compute: ({ tf, inputs, weights, options }) => {
		const input = inputs[0];
		const channels = input.shape.at(-1);
		const grouped = tf.reshape(input, [
			input.shape[0],
			-1,
			options.groups,
			channels / options.groups
		]);
		const { mean, variance } = tf.moments(grouped, [1, 3], true);
		const normalized = tf.reshape(tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, options.epsilon))), input.shape);
		const scaled = weights["gamma"] === void 0 ? normalized : tf.mul(normalized, weights["gamma"]);
		return weights["beta"] === void 0 ? scaled : tf.add(scaled, weights["beta"]);
	}
};
_Object_({
	axis: wholeNumber({
		description: "The axis of the channels. Axes count from 1, the batch not among them, or from the last one as -1.",
		default: -1,
		not: { const: 0 }
	}),
	momentum: realNumber({
		description: "Weight of the past in the moving averages.",
		default: .99,
		minimum: 0,
		maximum: 1
	}),
	...scaling(1),
	movingMeanInitializer: weightOptions("movingMean", "moving mean", "zeros").movingMeanInitializer,
	movingVarianceInitializer: weightOptions("movingVariance", "moving variance", "ones").movingVarianceInitializer
}), _Object_({
	axis: Union([wholeNumber({ not: { const: 0 } }), _Array_(wholeNumber({ not: { const: 0 } }), { minItems: 1 })], {
		description: "The axis, or several. Axes count from 1, the batch not among them, or from the last one as -1.",
		default: -1
	}),
	...scaling()
}), _Object_({
	groups: wholeNumber({
		description: "Number of groups; it divides the channels.",
		default: 32,
		minimum: 1
	}),
	...scaling(1)
});
// src/layers/preprocessing.ts
const height = wholeNumber({
	description: "Height of the output.",
	minimum: 1
});
const width = wholeNumber({
	description: "Width of the output.",
	minimum: 1
});
/** TensorFlow.js' own layer says a shape without batch, and aligns corners. */
const resizing = {
	className: "LayerlineResizing",
	outputShape: ([input], options) => input.length === 3 ? [
		options.height,
		options.width,
		input[2]
	] : wrongRank("resizing", inputForms[2], input),
	compute: ({ tf, inputs, options }) => {
		return (options.interpolation === "bilinear" ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor)(inputs[0], [options.height, options.width]);
	}
};
/** TensorFlow.js' own layer changes the shape of the layer above, and reads its values in JavaScript. */
const categoryEncoding = {
	className: "LayerlineCategoryEncoding",
	outputShape: ([input], { numTokens, outputMode }) => {
		if (input.length !== 1) return wrongRank("categoryEncoding", "[numbers]", input);
		if (outputMode !== "oneHot" || input[0] === 1) return [numTokens];
		return {
			problem: `categoryEncoding with oneHot takes one number per sample, but gets ${input[0]}`,
			hint: "Use multiHot or count."
		};
	},
	compute: ({ tf, inputs, options }) => {
		const marks = tf.oneHot(tf.cast(inputs[0], "int32"), options.numTokens, 1, 0, "float32");
		return options.outputMode === "count" ? tf.sum(marks, 1) : tf.max(marks, 1);
	}
};
_Object_({
	scale: realNumber({ description: "What values are multiplied with." }),
	offset: realNumber({
		description: "What is added to them then.",
		default: 0
	})
}), _Object_({
	height,
	width,
	interpolation: Enum(["bilinear", "nearest"], {
		description: "`nearest` takes a neighbour, `bilinear` draws lines between neighbours.",
		default: "bilinear"
	})
}), _Object_({
	height,
	width
}), _Object_({
	numTokens: wholeNumber({
		description: "How many numbers there are: the largest, plus 1.",
		minimum: 2
	}),
	outputMode: Enum([
		"multiHot",
		"oneHot",
		"count"
	], {
		description: "`multiHot` marks each number that occurs with 1, `oneHot` the only one, `count` says how often each occurs.",
		default: "multiHot"
	})
});
// src/layers/custom-layers.ts
const registering = (layer) => (tf) => registerOwnLayer(layer, tf);
/** Registers every layer that saved models may hold and plain TensorFlow.js does not have. */
const registrations = [
	registering(averageOfPresent),
	registering(maskOfInput),
	registering(allPresent),
	registering(zeroAbsent),
	registering(onlyHere),
	registering(maskedMerge),
	registering(subtraction),
	registering(dotProduct),
	registering(groupNormalization),
	registering(multiHeadAttention),
	registering(positionEmbedding),
	registering(resizing),
	registering(categoryEncoding)
];
/**
* Makes TensorFlow.js know Layerline's own layers, and its own `gelu_new` by the name that it reads, so that
* `loadLayersModel` loads models that hold them: in Node and, as `layerline/layers`, which needs nothing of Node, in
* browsers.
*
* @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-node`
*/
function registerLayers(tf) {
	for (const register of registrations) register(tf);
	const { classNameMap } = tf.serialization.SerializationMap.getMap();
	classNameMap["geluNew"] ??= classNameMap["gelu_new"];
}
export { registerLayers };
