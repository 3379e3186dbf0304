import { bs as failure, ja as writeFileAtomic, vs as UserError } from "./checks-359mGJ3h.js";
// src/commands/write-out.ts
/** Writes a file where the user wants it. @throws UserError where that cannot be */
function writeOut(file, content) {
	try {
		writeFileAtomic(file, content);
	} catch (error) {
		if (error instanceof UserError) throw error;
		const { code, message } = error;
		throw failure("unwritable-file", `${file === "" ? "a file without a name" : file} cannot be written: ${code ?? message}.`);
	}
}
export { writeOut as t };
