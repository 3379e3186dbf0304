import { L as openRemoteStore, b as Command } from "./checks-359mGJ3h.js";
import { t as temporaryFolder } from "./temporary-folder-yB6L-NkA.js";
import { a as workAtJob, n as homeOf, r as readManifest, t as bringJob } from "./work-at-job-lP7Xyfmp.js";
import { t as chooseRunView } from "./choose-run-view-CI0nbKde.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { rmSync } from "node:fs";
// src/commands/work.ts
/** `pipeline work`: what a job runs that came from another machine. */
function workCommand() {
	return new Command("work").description("Run a job that another machine sent").argument("<store>", "the place that both reach").argument("<manifest>", "SHA-256 of what the job is").argument("<job>", "its id").action(work);
}
async function work(address, sha256, id) {
	const folder = temporaryFolder("job");
	const home = process.cwd();
	try {
		const store = await openRemoteStore(address);
		const manifest = await readManifest(store, sha256, folder);
		const job = {
			id,
			manifest,
			sha256,
			store,
			folder
		};
		const view = chooseRunView({ json: manifest.json });
		try {
			await bringJob(job);
			process.chdir(homeOf(job));
			const { exitCode, thrown } = await untilInterrupted((signal) => workAtJob(job, {
				emit: view.emit,
				signal
			}));
			await view.close();
			if (exitCode === 130) process.exitCode = 130;
			if (exitCode === 0 || thrown === void 0) return;
			throw thrown;
		} finally {
			await view.close();
			await store.close();
		}
	} finally {
		process.chdir(home);
		rmSync(folder, {
			recursive: true,
			force: true
		});
	}
}
export { workCommand };
