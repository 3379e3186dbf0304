import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { Bo as object, Cs as warning, Ea as realPath, Go as text, Ho as optional, Io as hasForm, Ko as whole, Uo as record, bs as failure, ja as writeFileAtomic, vs as UserError, xa as besideName } from "./checks-359mGJ3h.js";
import { t as userCache } from "./user-cache-DpqCdVqX.js";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { accessSync, constants, createReadStream, existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
// src/engine/install/addon-recipe.ts
/**
* TensorFlow 2.21 writes log lines to stderr while its libraries load, before it reads TF_CPP_MIN_LOG_LEVEL. This addon
* loads them with stderr closed off; the main addon then finds them loaded. What makes loading impossible is not
* hidden: checkAddon loads without it, and the main addon names a library that is not there.
*/
const quietLoadSource = `#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
extern "C" __attribute__((visibility("default"))) void* napi_register_module_v1(void*, void* exports) {
  int saved = fcntl(2, F_DUPFD_CLOEXEC, 3), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (saved < 0 || nowhere < 0) return exports;
  dup2(nowhere, 2);
  dlopen(LIBRARY, RTLD_LAZY);
  dup2(saved, 2);
  close(saved);
  close(nowhere);
  return exports;
}
`;
/** Of the compiler, for both addons. */
const flags = [
	"-O2",
	"-std=c++17",
	"-shared",
	"-fPIC",
	"-DNAPI_VERSION=8"
];
/** Whether addons are built for macOS. */
const isMac = process.platform === "darwin";
/** Of the linker, for both addons: where they find the libraries. */
const linkFlags = isMac ? [
	"-undefined",
	"dynamic_lookup",
	"-Wl,-rpath,@loader_path/../../deps/lib"
] : ["-Wl,-rpath,$ORIGIN/../../deps/lib"];
/** Everything besides the wheel and tfjs-node that decides what an addon looks like. */
const addonRecipe = [
	flags,
	linkFlags,
	quietLoadSource
];
// src/engine/install/engine-failure.ts
/**
* A failure to set the engine up: what happened, and the three ways on.
*
* @param fix what would mend it, as the start of a sentence: `Install a C++ compiler`
*/
function engineFailure(code, message, fix, cause) {
	const hint = `${fix}, then run \`pipeline engine install\` again. Or set PIPELINE_ENGINE=stock to use an install of @tensorflow/tfjs-node that already works, or PIPELINE_ENGINE=wasm to train without a native engine, some 15 times slower.`;
	return failure(code, message, hint, cause);
}
/** Turns an error of the file system under the cache into an engine failure; anything else is returned as it is. */
function explainFileError(error, folder) {
	if (error instanceof UserError || !(error instanceof Error) || !("code" in error)) return error;
	switch (error.code) {
		case "ENOSPC":
		case "EDQUOT": return diskFull(folder, error);
		case "EROFS":
		case "EACCES":
		case "EPERM":
		case "ENOTDIR":
		case "EEXIST": return engineFailure("engine-not-writable", `Cannot write the engine: ${error.message}`, `Give write access to ${folder}, or point XDG_CACHE_HOME at a folder that has it`, error);
		default: return error;
	}
}
/** No room for the engine under `folder`. */
function diskFull(folder, cause) {
	return engineFailure("engine-disk-full", `No space left for the engine in ${folder}: it takes 1.2 GB while it is set up, 0.9 GB afterwards`, "Free some space, or point XDG_CACHE_HOME at a larger disk", cause);
}
/** A file of an engine is not what it was when it was set up. @param isOwn whether it is this user's to set up again */
function engineDamaged(file, isOwn) {
	const hint = isOwn ? "It is set up again now." : "Another one is looked for. Who set this one up mends it with `pipeline engine install`.";
	return warning("engine-damaged", `the engine is damaged: ${file} is not the file that was set up`, hint);
}
/** Another user's engine is there but hidden from this one, who cannot set one up. @param problem why not */
function unreadableEngine(entry, problem) {
	const message = `${ownerOf(entry)} set the engine up in ${entry}, which this user cannot read; and no other can be set up: ${problem.diagnostics[0].message}`;
	return failure("engine-not-readable", message, "Set it up where both can read it, with XDG_CACHE_HOME=/opt/cache for `pipeline engine install` and for what runs later (in a Dockerfile: `ENV XDG_CACHE_HOME=/opt/cache`). Or let this user into the folders above it (`chmod a+rx`).", problem);
}
/** Who owns the nearest folder that this user can see. */
function ownerOf(path) {
	const uid = statOf(path)?.uid;
	if (uid === void 0) return ownerOf(dirname(path));
	return uid === 0 ? "root" : `the user with the number ${uid}`;
}
function statOf(path) {
	try {
		return statSync(path);
	} catch {
		return;
	}
}
// src/engine/install/wheels.ts
/** TensorFlow's version: the one that the wheels below were built from. */
const tensorflowVersion = "2.21.0";
/** By Node's `platform-arch`. Digests and sizes were taken from the files themselves. */
const wheels = {
	"linux-x64": {
		project: "tensorflow-cpu",
		file: "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
		platform: "manylinux_2_27_x86_64",
		sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
		bytes: 273829956,
		libraries: {
			"libtensorflow_cc.so.2": 788086608,
			"libtensorflow_framework.so.2": 65222328
		}
	},
	"linux-arm64": {
		project: "tensorflow",
		file: "tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl",
		platform: "manylinux_2_27_aarch64",
		sha256: "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
		bytes: 281828020,
		libraries: {
			"libtensorflow_cc.so.2": 814885544,
			"libtensorflow_framework.so.2": 68176664
		}
	},
	"darwin-arm64": {
		project: "tensorflow",
		file: "tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl",
		platform: "macosx_12_0_arm64",
		sha256: "51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88",
		bytes: 223405849,
		libraries: {
			"libtensorflow_cc.2.dylib": 691352648,
			"libtensorflow_framework.2.dylib": 49452976
		}
	}
};
/** The C API as the addon includes it, as paths under `tensorflow/include/` of every wheel. */
const headers = [
	...[
		"c_api",
		"c_api_macros",
		"tf_attrtype",
		"tf_buffer",
		"tf_datatype",
		"tf_status",
		"tf_tensor",
		"tf_tstring"
	].map((name) => `tensorflow/c/${name}.h`),
	"tensorflow/c/eager/c_api.h",
	...["tensorflow/core", "tsl"].flatMap((folder) => [`${folder}/platform/ctstring.h`, `${folder}/platform/ctstring_internal.h`]),
	"xla/tsl/c/tsl_status.h"
];
/**
* The wheel for a machine.
*
* @param libc `musl` on such Linux systems, for which TensorFlow is not published
* @throws UserError when there is none.
*/
function wheelFor(platform, arch, libc) {
	const wheel = libc === "musl" ? void 0 : wheels[`${platform}-${arch}`];
	if (wheel) return wheel;
	const machine = `${platform} ${arch}${libc === "musl" ? " with musl" : ""}`;
	throw engineFailure("engine-no-wheel", `There is no TensorFlow ${tensorflowVersion} wheel for ${machine}`, "Use Linux (x64 or arm64, with glibc) or macOS (arm64)");
}
// src/engine/install/engine-site.ts
/** The engines that PIPELINE_ENGINE can name. */
const engineKinds = [
	"native",
	"stock",
	"wasm"
];
/** Why steps are not compiled on an engine; undefined where they are. */
function whyEager(kind) {
	return kind === "wasm" ? "the wasm engine has no graphs" : void 0;
}
/**
* How steps are expected to run on the chosen engine.
*
* @param wanted what the file asks for
* @throws UserError when PIPELINE_ENGINE names no engine
*/
function expectedStep(wanted) {
	return wanted === "eager" || whyEager(engineKind()) !== void 0 ? "eager" : "compiled";
}
/** The engine that the user chose. @throws UserError when PIPELINE_ENGINE names none. */
function engineKind() {
	const wanted = process.env["PIPELINE_ENGINE"] || "native";
	const kind = engineKinds.find((name) => name === wanted);
	if (kind) return kind;
	throw failure("unknown-engine", `PIPELINE_ENGINE=${wanted} is not an engine`, `Set it to ${new Intl.ListFormat("en", { type: "disjunction" }).format(engineKinds)}, or leave it unset for native.`);
}
/**
* The site for this machine and this install of the program.
*
* @throws UserError when there is no wheel for the machine.
*/
function engineSite() {
	const wheel = wheelFor(process.platform, process.arch, hasMusl() ? "musl" : "glibc");
	const tfjsNode = packageFolder("@tensorflow/tfjs-node");
	const recipe = createHash("sha256").update(JSON.stringify([
		wheel.sha256,
		packageVersion("@tensorflow/tfjs-node"),
		addonRecipe
	])).digest("hex");
	const name = join("engine", `tensorflow-${tensorflowVersion}-${process.platform}-${process.arch}-${recipe.slice(0, 8)}`);
	const [own, shared] = [join(userCache(), name), join(machineCache, name)];
	return {
		wheel,
		entry: isForAll() ? shared : own,
		places: isOfRoot(machineCache) ? [own, shared] : [own],
		tfjsNode,
		nodeHeaders: join(packageFolder("node-api-headers"), "include")
	};
}
/** What root sets up for all users of a machine: nobody else can look into root's home. */
const machineCache = "/var/cache/layerline";
/** What another user put there might be anything. */
function isOfRoot(folder) {
	return process.platform === "linux" && statSync(folder, { throwIfNoEntry: false })?.uid === 0;
}
/** Whether an entry is one that all users of the machine are to read. */
function isMachineWide(entry) {
	return entry.startsWith(join(machineCache, "/"));
}
function isForAll() {
	if (process.platform !== "linux" || process.getuid?.() !== 0 || process.env["XDG_CACHE_HOME"]) return false;
	try {
		accessSync(dirname(machineCache), constants.W_OK);
		return true;
	} catch {
		return false;
	}
}
/** The version of an installed package. */
function packageVersion(name) {
	return JSON.parse(readFileSync(join(packageFolder(name), "package.json"), "utf8")).version;
}
/** Folder of an installed package, as this program sees it: in its own checkout, or beside it as a dependency. */
function packageFolder(name) {
	const folder = createRequire(import.meta.url).resolve.paths(name)?.map((modules) => join(modules, name)).find((path) => existsSync(join(path, "package.json")));
	if (folder === void 0) throw failure("package-missing", `the package ${name} is not installed`, "Install Layerline again, with its dependencies.");
	return folder;
}
/** Whether Node runs on musl, whose loader is mapped then. Node's report says it too, but takes some 20 ms. */
function hasMusl() {
	try {
		return process.platform === "linux" && readFileSync("/proc/self/maps", "utf8").includes("/ld-musl-");
	} catch {
		return false;
	}
}
// src/base/noexec.ts
/**
* The mount that a folder lies in, where no program and no library can be loaded from it (`noexec`); undefined where
* they can, or nobody tells.
*/
function noexecMount(folder) {
	const path = realPath(folder);
	const mounts = mountinfo().split("\n").map((line) => line.split(" ")).map(([, , , , at = "", options = ""]) => ({
		at: at.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
		isNoexec: options.split(",").includes("noexec")
	})).filter(({ at }) => at !== "" && `${path}/`.startsWith(at === "/" ? at : `${at}/`));
	const most = Math.max(...mounts.map(({ at }) => at.length));
	const mount = mounts.findLast(({ at }) => at.length === most);
	return mount?.isNoexec === true ? mount.at : void 0;
}
function mountinfo() {
	try {
		return readFileSync("/proc/self/mountinfo", "utf8");
	} catch {
		return "";
	}
}
// src/engine/install/engine-entry.ts
/** Paths inside an entry. The addon finds the libraries at `../../deps/lib`, seen from its own real place. */
const layout = {
	libraries: "deps/lib",
	headers: "deps/include",
	addon: "lib/napi-v8/tfjs_binding.node",
	quietLoad: "lib/napi-v8/quiet_load.node"
};
const sealName = "engine.json";
/** Bytes of a file that is read in less than a millisecond. */
const small = 1e6;
/** Entries that this process has found damaged. */
const damagedEntries = /* @__PURE__ */ new Set();
const sha256 = text(/^[0-9a-f]{64}$/);
/**
* `changed`: when the file was last changed, as it was hashed: whole seconds since 1970, as archives and images keep
* them.
*/
const hashed = object({
	sha256,
	changed: whole
});
/**
* What is noted of every file of a finished folder, by the path inside: bytes, and hashes. Those are absent of an
* engine that was set up before they were kept, until it is first looked at.
*/
const sealForm = object({
	wheel: text(),
	sha256: text(),
	files: record(whole),
	hashes: optional(record(hashed))
});
/** Notes size and SHA-256 of every file of a finished folder, as the last thing before it gets its final name. */
async function seal(folder, { wheel }) {
	const files = filesOf(wheel);
	const sizes = Object.fromEntries(files.map((file) => [file, statSync(join(folder, file)).size]));
	writeSeal(folder, {
		wheel: wheel.file,
		sha256: wheel.sha256,
		files: sizes,
		hashes: await hashAll(folder, files)
	});
}
const filesOf = ({ libraries }) => [
	...Object.keys(libraries).map((name) => `${layout.libraries}/${name}`),
	...headers.map((name) => `${layout.headers}/${name}`),
	layout.addon,
	layout.quietLoad
];
/**
* Bytes of a whole entry, or undefined where something is missing, cannot be read, or has another size than when it was
* sealed.
*/
function sizeOfWhole(entry, wheel) {
	try {
		const sealed = readSeal(entry, wheel);
		if (sealed === void 0) return void 0;
		const sizes = Object.entries(sealed.files);
		if (sizes.some(([file, bytes]) => statSync(join(entry, file)).size !== bytes)) return void 0;
		return sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
	} catch {
		return;
	}
}
/**
* The first file of an entry that is not what it was when it was sealed; undefined where there is none. Of the
* libraries, only one that was changed since it was last looked at is read: both take seconds.
*
* @param thorough reads them all
* @throws the file system's own error where there is no entry, or it cannot be read
*/
async function damagedFile(entry, wheel, thorough = false) {
	const sealed = readSeal(entry, wheel);
	const damaged = sealed === void 0 ? sealName : fileOfOtherSize(entry, sealed) ?? await fileOfOtherHash(entry, sealed, thorough);
	if (damaged === void 0) damagedEntries.delete(entry);
	else damagedEntries.add(entry);
	return damaged;
}
function fileOfOtherSize(entry, { files }) {
	return Object.keys(files).find((file) => statSync(join(entry, file), { throwIfNoEntry: false })?.size !== files[file]);
}
async function fileOfOtherHash(entry, sealed, thorough) {
	const { files, hashes } = sealed;
	const isChanged = (file) => hashes?.[file]?.changed !== changeOf(join(entry, file));
	const now = await hashAll(entry, Object.keys(files).filter((file) => thorough || files[file] < small || isChanged(file)));
	const other = Object.keys(now).find((file) => hashes?.[file] !== void 0 && hashes[file].sha256 !== now[file].sha256);
	if (other === void 0 && Object.keys(files).some(isChanged)) remember(entry, {
		...sealed,
		hashes: {
			...hashes,
			...now
		}
	});
	return other;
}
function remember(entry, sealed) {
	try {
		writeSeal(entry, sealed);
	} catch {}
}
async function hashAll(folder, files) {
	const hashed = {};
	for (const file of files) {
		const path = join(folder, file);
		const hash = createHash("sha256");
		const changed = changeOf(path);
		for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
		hashed[file] = {
			sha256: hash.digest("hex"),
			changed
		};
	}
	return hashed;
}
const changeOf = (path) => Math.floor(statSync(path).mtimeMs / 1e3);
/** undefined: it is damaged, or another engine's, and says nothing of all that an engine needs. */
function readSeal(entry, wheel) {
	const written = readFileSync(join(entry, sealName), "utf8");
	try {
		const sealed = JSON.parse(written);
		if (!hasForm(sealForm, sealed) || sealed.wheel !== wheel.file || sealed.sha256 !== wheel.sha256) return void 0;
		return isDeepStrictEqual(new Set(Object.keys(sealed.files)), new Set(filesOf(wheel))) ? sealed : void 0;
	} catch {
		return;
	}
}
const writeSeal = (entry, sealed) => writeFileAtomic(join(entry, sealName), `${JSON.stringify(sealed, void 0, 2)}\n`);
/**
* Where an engine may be, the best first: the caches, then where the installed tfjs-node leads, which may be another
* user's. Where nothing can be loaded from counts only as the place that one is set up in, and last: else it would be
* in the way of one that is set up elsewhere for that reason.
*/
function placesOf({ places, entry, tfjsNode }) {
	const linked = dirname(readLink(join(tfjsNode, "deps")) ?? "");
	const loadable = (basename(linked) === basename(entry) && !places.includes(linked) ? [...places, linked] : places).filter((place) => noexecMount(place) === void 0);
	return loadable.includes(entry) ? loadable : [...loadable, entry];
}
/** The best place that has all of an engine, which this user can read; none that this process found damaged. */
function findEntry(site) {
	return placesOf(site).find((place) => !damagedEntries.has(place) && sizeOfWhole(place, site.wheel) !== void 0);
}
/** Whether the installed tfjs-node leads to the entry. */
function isLinked({ tfjsNode }, entry) {
	return linksOf(tfjsNode, entry).every(({ from, to }) => readLink(from) === to);
}
/**
* Makes the installed tfjs-node lead to the entry. What a stock install left there is kept beside it, as `*.stock`.
*
* @throws the file system's own error
*/
function linkEntry({ tfjsNode }, entry) {
	for (const { from, to } of linksOf(tfjsNode, entry)) {
		if (readLink(from) === to) continue;
		mkdirSync(dirname(from), { recursive: true });
		if (lstatSync(from, { throwIfNoEntry: false })?.isSymbolicLink() === false) {
			rmSync(`${from}.stock`, {
				recursive: true,
				force: true
			});
			renameSync(from, `${from}.stock`);
		}
		const aside = join(dirname(from), besideName());
		symlinkSync(to, aside);
		renameSync(aside, from);
	}
}
function linksOf(tfjsNode, given) {
	const entry = realpathSync.native(given);
	return ["deps", layout.addon].map((path) => ({
		from: join(tfjsNode, path),
		to: join(entry, path)
	}));
}
function readLink(path) {
	try {
		return readlinkSync(path);
	} catch {
		return;
	}
}
// src/engine/install/engine-status.ts
var engine_status_exports = /* @__PURE__ */ __exportAll({ engineStatus: () => engineStatus });
const wasmPackage = "@tensorflow/tfjs-backend-wasm";
/**
* Looks at the chosen engine without loading it.
*
* @throws UserError when PIPELINE_ENGINE names none, or there is none for this machine.
*/
function engineStatus() {
	const kind = engineKind();
	const { node } = process.versions;
	if (kind === "wasm") return {
		kind,
		state: "ready",
		versions: {
			tfjsBackendWasm: packageVersion(wasmPackage),
			node
		},
		folder: packageFolder(wasmPackage),
		bytes: wasmBytes()
	};
	const versions = {
		tfjsNode: packageVersion("@tensorflow/tfjs-node"),
		node
	};
	if (kind === "stock") {
		const folder = packageFolder("@tensorflow/tfjs-node");
		const bytes = statSync(join(folder, layout.addon), { throwIfNoEntry: false })?.size;
		return {
			kind,
			state: bytes === void 0 ? "missing" : "ready",
			versions: {
				tensorflow: null,
				...versions
			},
			folder,
			bytes: bytes ?? 0
		};
	}
	const site = engineSite();
	const entry = findEntry(site);
	const found = entry !== void 0 && isLinked(site, entry) ? "ready" : "not linked";
	const folder = entry ?? site.entry;
	return {
		kind,
		state: entry === void 0 ? "missing" : found,
		versions: {
			tensorflow: tensorflowVersion,
			...versions
		},
		folder,
		bytes: sizeOfWhole(folder, site.wheel) ?? 0
	};
}
function wasmBytes() {
	return statSync(join(packageFolder(wasmPackage), "dist/tfjs-backend-wasm-simd.wasm")).size;
}
export { unreadableEngine as C, quietLoadSource as D, linkFlags as E, explainFileError as S, isMac as T, headers as _, layout as a, engineDamaged as b, seal as c, engineSite as d, expectedStep as f, whyEager as g, packageVersion as h, isLinked as i, noexecMount as l, packageFolder as m, engine_status_exports as n, linkEntry as o, isMachineWide as p, damagedFile as r, placesOf as s, engineStatus as t, engineKind as u, tensorflowVersion as v, flags as w, engineFailure as x, diskFull as y };
