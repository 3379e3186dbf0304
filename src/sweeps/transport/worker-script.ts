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
// One job sets the program up at a time, and shows every second that it lives: numbers of processes mean nothing in
// another container, on another host, or after a new start of the machine. Who is silent for ten looks is not waited
// for any more: the next number can be made once, so of all that wait one takes over. A job that was only suspended
// goes on in a folder of its own; one rename decides.
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
  node -e 'require("node:fs").renameSync(process.argv[1], process.argv[2])' "$aside" "$place" 2>/dev/null
}
live() {
  me="$$ $(hostname)" count=0
  while kill -0 $$; do
    count=$((count + 1))
    printf '%s %s\\n' "$me" "$count" >"$lock/life" || exit
    sleep 1
  done
}
let_go() {
  kill "$life" 2>/dev/null
  wait "$life" 2>/dev/null
  rm -rf "$aside" "$lock"
}
if [ ! -e "$place/package.json" ]; then
  mkdir -p "$home" || fail worker-without-room "$home cannot be made on $(hostname)"
  number=1 seen= looks=0
  until [ -e "$place/package.json" ] || mkdir "$place.lock.$number" 2>/dev/null; do
    [ -w "$home" ] || fail worker-without-room "$home cannot be written on $(hostname)"
    shown=$(cat "$place.lock.$number/life" 2>/dev/null)
    [ "$shown" = "$seen" ] || looks=0
    seen=$shown looks=$((looks + 1))
    if [ "$looks" -le 10 ]; then sleep 1; continue; fi
    [ -d "$place.lock.$number" ] || fail worker-without-room "$place.lock.$number cannot be made on $(hostname)"
    number=$((number + 1)) seen= looks=0
  done
  if [ ! -e "$place/package.json" ]; then
    lock=$place.lock.$number aside=$place.$number.tmp fault=
    live >/dev/null 2>&1 &
    life=$!
    trap 'let_go; exit 143' TERM INT HUP
    if ! set_up && [ ! -e "$place/package.json" ]; then
      [ -n "$fault" ] || fault=$(grep -v '^ *$' "$aside/said" 2>/dev/null | tail -n 1)
      case $fault in
        *ENOSPC* | *'o space left'*)
          code=worker-without-room
          fault="make room in $home, or name another place in XDG_CACHE_HOME" ;;
        *) code=worker-not-set-up fault=\${fault:-it cannot be unpacked in $home} ;;
      esac
      let_go
      fail "$code" "Layerline cannot be set up on $(hostname): $fault"
    fi
    let_go
  fi
  # Nobody waits where it is there: what killed jobs have left goes.
  rm -rf "$place".lock.* "$place".*.tmp
fi
exec node "$place/dist/cli.js" "$@"`;
