import { t as isProgram } from "./start-program-BEqJZGY_.js";
import { join } from "node:path";
// src/base/python-path.ts
/** The Python of the environment that the user has activated, or the first on the PATH. */
function pythonPath() {
	const active = join(process.env["VIRTUAL_ENV"] ?? "", "bin", "python");
	return process.env["VIRTUAL_ENV"] !== void 0 && isProgram(active) ? active : "python3";
}
export { pythonPath as t };
