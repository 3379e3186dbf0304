import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { print } from './table.ts';

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'layerline');
const pythonOf = (environment: string) => join(cache, environment, 'bin', 'python');

/** The peers' Python, once `ensurePeers` has made it. */
export const peersPython = pythonOf('bench-peers');
/** The Python that reads tables with pandas, once `ensureTables` has made it. */
export const tablesPython = pythonOf('bench-tables');

/** Makes the Python environment of what trains beside ours, once for each list of requirements. */
export function ensurePeers(): void {
  ensure('bench-peers', 'requirements.txt', 'several GB');
}

/** The same of what reads tables beside ours. */
export function ensureTables(): void {
  ensure('bench-tables', 'tables-requirements.txt', '300 MB');
}

/** Makes an environment in the per-user cache. */
function ensure(environment: string, list: string, size: string): void {
  const [folder, requirements] = [join(cache, environment), join('bench', 'peers', list)];
  const seal = join(folder, 'requirements.txt');
  if (existsSync(seal) && readFileSync(seal, 'utf8') === readFileSync(requirements, 'utf8')) return;
  print(`Setting up ${folder} (${size})`);
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  execFileSync(
    pythonOf(environment),
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements],
    { stdio: 'inherit' },
  );
  copyFileSync(requirements, seal);
}

/** Versions of the peers, as installed. */
export function peerVersions(): Readonly<Record<string, string>> {
  const names = ['keras', 'tensorflow', 'tensorflow-cpu', 'torch', 'jax', 'numpy'];
  const program = `
import importlib.metadata as m, json, platform
found = {"Python": platform.python_version()}
for name in ${JSON.stringify(names)}:
    try: found[name] = m.version(name)
    except m.PackageNotFoundError: pass
print(json.dumps(found))`;
  return JSON.parse(execFileSync(peersPython, ['-c', program], { encoding: 'utf8' })) as Record<string, string>;
}
