import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { print } from './table.ts';

const requirements = 'bench/peers/requirements.txt';
const environment = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'layerline', 'bench-peers');
/** The peers' Python, once `ensurePeers` has made it. */
export const peersPython = join(environment, 'bin', 'python');

/** Makes the peers' Python environment in the per-user cache, once for each list of requirements. */
export function ensurePeers(): void {
  const seal = join(environment, 'requirements.txt');
  if (existsSync(seal) && readFileSync(seal, 'utf8') === readFileSync(requirements, 'utf8')) return;
  print(`Setting up the peers in ${environment} (several GB)`);
  execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' });
  execFileSync(
    peersPython,
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
