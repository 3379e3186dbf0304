"""Runs a command and notes what it took, as the system counts it: a process cannot ask that of another that has ended.

usage: measure.py OUT_FILE COMMAND...
Writes {"seconds", "cpuSeconds", "peakMegabytes"} to OUT_FILE; peak memory is the largest resident set of the command.
"""
import json, os, sys, time

out, *command = sys.argv[1:]
start = time.perf_counter()
_, status, usage = os.wait4(os.spawnvp(os.P_NOWAIT, command[0], command), 0)
seconds = time.perf_counter() - start
# ru_maxrss is in kilobytes on Linux, in bytes on macOS.
peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
with open(out, "w") as file:
    json.dump({"seconds": seconds, "cpuSeconds": usage.ru_utime + usage.ru_stime, "peakMegabytes": peak}, file)
sys.exit(0 if status == 0 else 1)
