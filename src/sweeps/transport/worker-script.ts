/** What of a program a machine has to have. */
interface Program {
  /** SHA-256 of its archive. */
  readonly sha256: string;
  /** Where the machine finds the archive: a path that it reaches, or one in the folder that it starts the job in. */
  readonly archive: string;
}

/**
 * The command of a job on a machine that may not have this program: it sets the program up once for all jobs of the
 * user there, under its hash, and starts it. POSIX sh, and nothing of ours.
 *
 * @param args of the program
 */
export function workerCommand({ sha256, archive }: Program, args: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', script, 'layerline', sha256, archive, ...args];
}

// Ends with 64 where the machine cannot do it, whichever attempt; `error CODE: ...` is what the sender looks for.
// A lock whose maker is gone is told by its number where it is of this machine, else by its age.
const script = `
hash=$1 archive=$2
shift 2
fail() { printf 'error %s: %s\\n' "$1" "$2"; exit 64; }
node -e 'const [a, b] = process.versions.node.split(".").map(Number);
process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
2>/dev/null || fail worker-without-node "$(hostname) has no Node of 20.19 or later: \
put it on the PATH that jobs have there"
case \${XDG_CACHE_HOME-} in /*) cache=$XDG_CACHE_HOME ;; *) cache=\${HOME:?it is not set, and has to be}/.cache ;; esac
home=$cache/layerline/engines
place=$home/$hash
set_up() {
  aside=$home/$hash.$$.tmp
  rm -rf "$aside"
  mkdir "$aside" || return 1
  printf 'setting up Layerline on %s\\n' "$(hostname)"
  node -e 'const { createHash } = require("node:crypto"); const { readFileSync } = require("node:fs");
process.exit(createHash("sha256").update(readFileSync(process.argv[1])).digest("hex") === process.argv[2] ? 0 : 1)' \
"$archive" "$hash" 2>/dev/null || fault="its archive did not arrive whole"
  [ -z "$fault" ] || return 1
  tar -xf "$archive" -C "$aside" 2>"$aside/said" || return 1
  if [ -e "$aside/package-lock.json" ]; then how=ci; else how=install; fi
  (cd "$aside" && npm "$how" --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error) >"$aside/said" 2>&1 ||
    return 1
  rm -f "$aside/said"
  mv "$aside" "$place"
}
if [ ! -e "$place/package.json" ]; then
  mkdir -p "$home" || fail worker-without-room "$home cannot be made on $(hostname)"
  until mkdir "$place.lock" 2>/dev/null; do
    [ -w "$home" ] || fail worker-without-room "$home cannot be written on $(hostname)"
    read -r pid where 2>/dev/null <"$place.lock/owner" || pid=
    if [ -n "$pid" ] && [ "$where" = "$(hostname)" ] && ! kill -0 "$pid" 2>/dev/null; then rm -rf "$place.lock"
    elif [ -n "$(find "$place.lock" -prune -mmin +30 2>/dev/null)" ]; then rm -rf "$place.lock"
    else sleep 1; fi
  done
  printf '%s %s\\n' "$$" "$(hostname)" >"$place.lock/owner"
  fault=
  if [ ! -e "$place/package.json" ] && ! set_up; then
    [ -n "$fault" ] || fault=$(grep -v '^ *$' "$aside/said" 2>/dev/null | tail -n 1)
    case $fault in
      *ENOSPC* | *'o space left'*)
        code=worker-without-room
        fault="make room in $home, or name another place in XDG_CACHE_HOME" ;;
      *) code=worker-not-set-up fault=\${fault:-it cannot be unpacked in $home} ;;
    esac
    rm -rf "$aside" "$place.lock"
    fail "$code" "Layerline cannot be set up on $(hostname): $fault"
  fi
  rm -rf "$place.lock"
fi
exec node "$place/dist/cli.js" "$@"`;
