import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { Da as removeLeftovers, vs as UserError, xa as besideName } from "./checks-359mGJ3h.js";
import { C as unreadableEngine, D as quietLoadSource, E as linkFlags, S as explainFileError, T as isMac, _ as headers, a as layout, b as engineDamaged, c as seal, d as engineSite, i as isLinked, o as linkEntry, p as isMachineWide, r as damagedFile, s as placesOf, t as engineStatus, u as engineKind, v as tensorflowVersion, w as flags, x as engineFailure, y as diskFull } from "./engine-status-CGKvgfDM.js";
import { a as startProgram } from "./start-program-BEqJZGY_.js";
import { t as importTfjsNode } from "./load-engine-Cr0z7l6P.js";
import { t as claim } from "./claim-xMI5Bay-.js";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { accessSync, constants, createReadStream, mkdirSync, readdirSync, renameSync, rmSync, statSync, statfsSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
// src/engine/install/run-tool.ts
/**
* Runs a program to its end. It dies with this process.
*
* @throws ENOENT where there is no such program.
*/
function runTool(command, args, env = process.env) {
	return new Promise((resolve, reject) => {
		const child = startProgram(command, args, { env });
		let output = "";
		const keep = (text) => void (output = (output + text).slice(-2e4));
		child.stdout.setEncoding("utf8").on("data", keep);
		child.stderr.setEncoding("utf8").on("data", keep);
		const stop = () => void child.kill();
		process.once("exit", stop);
		child.once("error", reject);
		child.once("close", (exitCode) => {
			process.off("exit", stop);
			resolve({
				exitCode,
				output: output.trim()
			});
		});
	});
}
/** Whether a program is there and runs with these arguments. */
async function canRun(command, args) {
	try {
		return (await runTool(command, args)).exitCode === 0;
	} catch {
		return false;
	}
}
/** The last lines of a program's output, on one line, for a message. */
function lastLines(output, count = 2) {
	return output.split("\n").map((line) => line.trim()).filter((line) => line !== "").slice(-count).join(" ");
}
// src/engine/install/build-addon.ts
/**
* The C++ compiler, as a command and its first arguments: $CXX, c++, g++ or clang++.
*
* @throws UserError when there is none.
*/
async function findCompiler() {
	const wanted = process.env["CXX"];
	const candidates = wanted ? [wanted.split(/\s+/)] : [
		["c++"],
		["g++"],
		["clang++"]
	];
	for (const candidate of candidates) {
		const [command = "", ...args] = candidate;
		if (await canRun(command, [...args, "--version"])) return candidate;
	}
	const fix = process.platform === "darwin" ? "Install one (`xcode-select --install`)" : "Install one (such as the package g++)";
	throw engineFailure("engine-no-compiler", `No C++ compiler found: ${wanted ? `CXX=${wanted} does not run` : "none of c++, g++ and clang++ runs"}`, fix);
}
/**
* Builds tfjs-node's addon from the sources in its package, against the libraries already in `folder`.
*
* @param folder laid out as an entry of the cache
* @throws UserError when the compiler refuses.
*/
async function buildAddon(folder, site, compiler) {
	const sources = join(site.tfjsNode, "binding");
	const [main = "", framework = ""] = Object.keys(site.wheel.libraries).map((name) => join(folder, layout.libraries, name));
	const addon = join(folder, layout.addon);
	mkdirSync(dirname(addon), { recursive: true });
	const includes = [`-I${join(folder, layout.headers)}`, `-I${site.nodeHeaders}`];
	const files = readdirSync(sources).filter((name) => name.endsWith(".cc")).map((name) => join(sources, name));
	await compile(compiler, [
		...flags,
		...includes,
		...files,
		"-o",
		addon,
		...linkFlags,
		main,
		framework
	]);
	const quietLoad = join(folder, layout.quietLoad);
	const source = quietLoad.replace(".node", ".cc");
	writeFileSync(source, quietLoadSource);
	const library = `-DLIBRARY="${isMac ? "@rpath/" : ""}${basename(main)}"`;
	await compile(compiler, [
		...flags,
		library,
		source,
		"-o",
		quietLoad,
		...linkFlags,
		...isMac ? [] : ["-ldl"]
	]);
}
async function compile(compiler, args) {
	const [command = "", ...first] = compiler;
	const { exitCode, output } = await runTool(command, [...first, ...args]);
	if (exitCode === 0) return;
	const errors = output.split("\n").filter((line) => /error|cannot|undefined/i.test(line)).slice(0, 2).join(" ");
	throw engineFailure("engine-build-failed", `${compiler.join(" ")} could not build the addon of @tensorflow/tfjs-node: ` + (errors || lastLines(output) || `exit code ${exitCode}`), "Mend the compiler, or choose another with CXX");
}
/**
* Loads the addon in a process of its own, so that an addon that cannot work is never published.
*
* @throws UserError when it does not load.
*/
async function checkAddon(folder, version) {
	const script = `process.stdout.write(require(${JSON.stringify(join(folder, layout.addon))}).TF_Version)`;
	const { exitCode, output } = await runTool(process.execPath, ["-e", script], {
		...process.env,
		NODE_OPTIONS: "",
		TF_CPP_MIN_LOG_LEVEL: "2"
	});
	if (exitCode === 0 && output.includes(version)) return;
	throw engineFailure("engine-unusable", `The engine was built, but does not load: ${lastLines(output) || `exit code ${exitCode}`}`, `Use a machine that TensorFlow ${version} runs on`);
}
// src/engine/install/download-engine.ts
/** Finds Python 3 with pip. @throws UserError that names what is missing. */
async function findPython() {
	const python = "python3";
	if (!await canRun(python, ["--version"])) throw engineFailure("engine-no-python", "No python3 found: pip downloads TensorFlow", "Install Python 3 with pip (such as the packages python3 and python3-pip)");
	if (!await canRun(python, [
		"-I",
		"-m",
		"pip",
		"--version"
	])) throw engineFailure("engine-no-pip", "python3 has no pip: it downloads TensorFlow", "Install pip (`python3 -m ensurepip`, or the package python3-pip)");
	return python;
}
/**
* Downloads the wheel with pip, which knows the user's index, proxy and certificates.
*
* @param folder an empty folder for it and for pip's own temporary files
* @returns the wheel's path
* @throws UserError when pip does not deliver it.
*/
async function downloadWheel(python, wheel, folder, onFraction) {
	const temporary = join(folder, "pip");
	mkdirSync(temporary, { recursive: true });
	const choice = [
		"--no-deps",
		"--only-binary=:all:",
		"--implementation",
		"cp",
		"--abi",
		"cp311",
		"--python-version",
		"3.11",
		"--platform",
		wheel.platform
	];
	const quiet = [
		"--disable-pip-version-check",
		"--no-input",
		"--progress-bar",
		"off",
		"--no-cache-dir"
	];
	const args = [
		"-I",
		"-m",
		"pip",
		"download",
		...choice,
		...quiet,
		"--dest",
		folder,
		`${wheel.project}==${tensorflowVersion}`
	];
	const poll = setInterval(() => onFraction(Math.min(1, largestFile(folder) / wheel.bytes)), 200);
	try {
		const result = await runTool(python, args, {
			...process.env,
			TMPDIR: temporary
		});
		if (result.exitCode !== 0) throw pipFailure(result, wheel, folder);
	} finally {
		clearInterval(poll);
	}
	rmSync(temporary, {
		recursive: true,
		force: true
	});
	const path = join(folder, wheel.file);
	if (!readdirSync(folder).includes(wheel.file)) throw engineFailure("engine-other-wheel", `pip delivered ${readdirSync(folder).join(", ") || "nothing"} instead of ${wheel.file}`, "Let pip use an index that mirrors PyPI");
	return path;
}
function pipFailure({ exitCode, output }, wheel, folder) {
	if (/No space left on device/i.test(output)) return diskFull(folder);
	const said = output.split("\n").filter((line) => line.startsWith("ERROR:")).map((line) => line.slice(7)).at(-1) ?? lastLines(output);
	return engineFailure("engine-wheel-refused", `pip could not download ${wheel.file} (exit code ${exitCode}): ${said}`, "Check the network and the index that pip uses (`pip config list`)");
}
function largestFile(folder) {
	try {
		const sizes = readdirSync(folder, {
			recursive: true,
			withFileTypes: true
		}).filter((file) => file.isFile()).map((file) => statSync(join(file.parentPath, file.name), { throwIfNoEntry: false })?.size ?? 0);
		return Math.max(0, ...sizes);
	} catch {
		return 0;
	}
}
/** @throws UserError when a file is not the wheel that was pinned. */
async function verifyWheel(path, wheel, onFraction) {
	const hash = createHash("sha256");
	let bytes = 0;
	for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
		hash.update(chunk);
		bytes += chunk.length;
		onFraction(Math.min(1, bytes / wheel.bytes));
	}
	const digest = hash.digest("hex");
	if (digest === wheel.sha256) return;
	throw engineFailure("engine-checksum", `${wheel.file} is not the file that was published: its SHA-256 is ${digest} where ${wheel.sha256} is expected`, "Let pip use an index that serves PyPI's own files");
}
/**
* Node cannot read zip files; Python is there anyway. Each file's checksum in the archive is verified on the way. All
* folders come first: should this process be killed and another remove what it left, Python stops at the next file.
*/
const extractScript = `
import os, shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for target in sys.argv[3::2]:
        os.makedirs(os.path.dirname(target), exist_ok=True)
    for member, target in zip(sys.argv[2::2], sys.argv[3::2]):
        with wheel.open(member) as source, open(target, "wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
`;
/**
* Takes the two libraries and the headers out of the wheel.
*
* @param folder gets the layout of an entry of the cache
* @throws UserError when that fails.
*/
async function extractWheel(python, path, wheel, folder, onFraction) {
	const libraries = Object.keys(wheel.libraries).map((name) => [`tensorflow/${name}`, join(folder, layout.libraries, name)]);
	const includes = headers.map((name) => [`tensorflow/include/${name}`, join(folder, layout.headers, name)]);
	const whole = Object.values(wheel.libraries).reduce((sum, bytes) => sum + bytes, 0);
	const done = () => libraries.reduce((sum, [, target]) => sum + (statSync(target, { throwIfNoEntry: false })?.size ?? 0), 0);
	const poll = setInterval(() => onFraction(Math.min(1, done() / whole)), 200);
	try {
		const { exitCode, output } = await runTool(python, [
			"-I",
			"-c",
			extractScript,
			path,
			...[...includes, ...libraries].flat()
		]);
		if (/No space left on device/i.test(output)) throw diskFull(folder);
		if (exitCode !== 0 || done() !== whole) throw engineFailure("engine-extract", `Could not unpack ${wheel.file}: ${lastLines(output, 1)}`, "Check the disk");
	} finally {
		clearInterval(poll);
	}
}
// src/engine/install/engine-lock.ts
/**
* Runs `work` while no other process does so under the same lock; waits for another's end. The lock of a process that
* ended without releasing it is taken over. One that was suspended for long and taken over goes on when it wakes up, so
* `work` has to publish its result by one rename.
*
* @param onWait called once, where there is something to wait for
* @throws the file system's own error where the lock cannot be written.
*/
async function withLock(path, work, onWait = () => {}) {
	let claimed = claim(path);
	if (claimed === void 0) onWait();
	for (; claimed === void 0; claimed = claim(path)) await setTimeout(200);
	try {
		return await work();
	} finally {
		claimed.release();
	}
}
// src/engine/install/install-engine.ts
var install_engine_exports = /* @__PURE__ */ __exportAll({ ensureEngine: () => ensureEngine });
/**
* Sets up what the chosen engine lacks: downloads and builds into the cache, links it into the installed tfjs-node
* where that can be written. Does nothing, within milliseconds, where all is there.
*
* @param options.emit receives `engine-progress` with the phases wait, download, verify, extract, build, check and
* link, and a warning where an engine is damaged
* @throws UserError with the three ways on when that fails.
*/
async function ensureEngine(options) {
	const kind = engineKind();
	if (kind === "native") await setUpEngine(engineSite(), options.emit);
	if (kind === "stock") await importTfjsNode(kind);
	return engineStatus();
}
/** As {@link ensureEngine}, for one site. */
async function setUpEngine(site, emit) {
	const progress = (phase, fraction) => emit({
		type: "engine-progress",
		phase,
		fraction
	});
	const entry = await soundEntry(site, emit) ?? await withOpenMask(site, () => setUpEntry(site, progress));
	if (!isToBeLinked(site, entry)) return;
	try {
		linkEntry(site, entry);
		progress("link", 1);
	} catch {}
}
/**
* Whether links to the entry lack in node_modules. Where it cannot be written, this program finds the engine without
* them.
*/
function isToBeLinked(site, entry) {
	return !isLinked(site, entry) && isAllowed(site.tfjsNode, constants.W_OK) === true;
}
/**
* The best place that has a whole engine, to its last byte; what is damaged is told. All of it is read where it is
* about to be linked.
*/
async function soundEntry(site, emit) {
	for (const place of placesOf(site)) try {
		const damaged = await damagedFile(place, site.wheel, isToBeLinked(site, place));
		if (damaged === void 0) return place;
		emit({
			type: "diagnostic",
			diagnostic: engineDamaged(join(place, damaged), place === site.entry)
		});
		if (place === site.entry) return void 0;
	} catch {}
}
async function setUpEntry(site, progress) {
	const { entry } = site;
	try {
		mkdirSync(dirname(entry), { recursive: true });
		await withLock(`${entry}.lock`, async () => {
			if (!await damagedFile(entry, site.wheel, true).then((damaged) => damaged === void 0, () => false)) await makeEntry(site, progress);
		}, () => progress("wait", 0));
		return entry;
	} catch (error) {
		const explained = explainFileError(error, dirname(entry));
		const hidden = placesOf(site).find((place) => place !== entry && isAllowed(join(place, layout.addon), constants.R_OK) === false);
		throw hidden === void 0 || !(explained instanceof UserError) ? explained : unreadableEngine(hidden, explained);
	}
}
/** What all users of a machine are to read must not depend on what its maker hides from others. */
async function withOpenMask(site, work) {
	if (!isMachineWide(site.entry)) return work();
	const mask = process.umask(18);
	try {
		return await work();
	} finally {
		process.umask(mask);
	}
}
/** Whether this user may read or write a path; undefined where that is not the question. */
function isAllowed(path, mode) {
	try {
		accessSync(path, mode);
		return true;
	} catch (error) {
		return error.code === "EACCES" ? false : void 0;
	}
}
/** Makes the entry beside its final place and gives it its name when it is whole. */
async function makeEntry(site, progress) {
	const [folder, name] = [dirname(site.entry), basename(site.entry)];
	removeLeftovers(folder, name);
	const staging = join(folder, besideName(name));
	mkdirSync(staging);
	try {
		await fillEntry(staging, site, progress);
		await seal(staging, site);
		const broken = join(folder, besideName(name));
		if (readdirSync(folder).includes(name)) renameSync(site.entry, broken);
		renameSync(staging, site.entry);
		rmSync(broken, {
			recursive: true,
			force: true
		});
	} finally {
		rmSync(staging, {
			recursive: true,
			force: true
		});
	}
}
async function fillEntry(folder, site, progress) {
	const { wheel } = site;
	const python = await findPython();
	const compiler = await findCompiler();
	const room = statfsSync(folder);
	const needed = Object.values(wheel.libraries).reduce((sum, bytes) => sum + bytes, wheel.bytes);
	if (room.bavail * room.bsize < needed) throw diskFull(dirname(folder));
	const parts = join(folder, "download");
	const path = await step("download", (on) => downloadWheel(python, wheel, parts, on), progress);
	await step("verify", (on) => verifyWheel(path, wheel, on), progress);
	await step("extract", (on) => extractWheel(python, path, wheel, folder, on), progress);
	rmSync(parts, { recursive: true });
	await step("build", () => buildAddon(folder, site, compiler), progress);
	await step("check", () => checkAddon(folder, tensorflowVersion), progress);
}
async function step(phase, work, progress) {
	progress(phase, 0);
	const result = await work((fraction) => progress(phase, fraction));
	progress(phase, 1);
	return result;
}
export { install_engine_exports as n, ensureEngine as t };
