#!/usr/bin/env python3
"""How long the doctor takes and how much memory, side by side with what people would type instead. Prints tables.

    bench/doctor.py [one] [many] [version]      (all of them without a word)

`one`: `doctor --offline` of one tool as a whole process, against `pipx list` and `npm ls -g`, each with the same number of
tools in its home. `many`: 1, 10, 100 and 300 looked-after tools: does time or memory grow faster than their number?
`version`: the smallest start there is. Numbers belong to the machine that printed them: compare within one run only.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from skeleton import HEAD, LAMPLIGHTER, Machine, install_http_server, line, table, timed  # noqa: E402


def made_package(prefix, name):
    """A global npm package with one command, as `npm install -g` leaves it (a folder, a relative link)."""
    folder = prefix / "lib/node_modules" / name
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps(
        {"name": name, "version": "1.2.3", "bin": {name: "main.js"}, "engines": {"node": ">=12"}}))
    program = folder / "main.js"
    program.write_text("#!/usr/bin/env node\nconsole.log('1.2.3')\n")
    program.chmod(0o755)
    link = prefix / "bin" / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(os.path.relpath(program, link.parent))
    return link


def look_after(machine, name, program):
    folder = machine.home / ".config/lamplighter/tools"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    prefix = program.parent.parent
    (folder / f"{name}.json").write_text(json.dumps({
        "schema": "lamplighter.tool/1", "name": name, "expected": "on-demand",
        "install": {"installer": "npm", "package": name, "environment": str(prefix / "lib/node_modules" / name),
                    "program": str(program)},
        "command": name, "service": {"arguments": ["serve"]},
        "endpoint": {"url": f"http://127.0.0.1:{20000 + len(list(folder.iterdir()))}/"}}))


def forget_all(machine):
    folder = machine.home / ".config/lamplighter/tools"
    for file in folder.glob("*.json") if folder.is_dir() else []:
        file.unlink()


def with_memory(machine, argv):
    """Milliseconds, peak resident MB, and milliseconds of processor time of one whole process and what it waited for."""
    started = time.monotonic()
    child = subprocess.Popen(argv, env=machine.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(argv)} ended with {child.returncode}")
    return (time.monotonic() - started) * 1000, usage.ru_maxrss / 1024, (usage.ru_utime + usage.ru_stime) * 1000


def bench_one(machine):
    install_http_server(machine, "14.1.0")
    machine.lamplighter("add", "http-server", "--yes")
    wheel = machine.root / "bench_tool-1.0-py3-none-any.whl"
    files = {"bench_tool.py": "def main(): print('1.0')\n",
             "bench_tool-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: bench-tool\nVersion: 1.0\n",
             "bench_tool-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
             "bench_tool-1.0.dist-info/entry_points.txt": "[console_scripts]\nbench-tool = bench_tool:main\n"}
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr("bench_tool-1.0.dist-info/RECORD",
                         "".join(f"{name},,\n" for name in files) + "bench_tool-1.0.dist-info/RECORD,,\n")
    made = machine.run("pipx", "install", "--pip-args=--no-index", str(wheel))
    if made.returncode:
        print(f"(pipx has no tool to list: {made.stderr.strip().splitlines()[-1:]})")
    doctor = timed(machine, [LAMPLIGHTER, "doctor", "--offline", "http-server"])
    said = json.loads(machine.run(LAMPLIGHTER, "doctor", "--offline", "http-server", "--json").stdout)
    rows = [line("lamplighter doctor --offline http-server", doctor),
            ["  of which the checks themselves", f"{said['data']['tools'][0]['tookMillis']} ms", "", 1],
            line("pipx list", timed(machine, ["pipx", "list"])),
            line("npm ls -g", timed(machine, ["npm", "ls", "-g"]))]
    table("One tool, offline, as a whole process (one tool in each home)", rows, HEAD)


def bench_many(machine):
    forget_all(machine)
    prefix = machine.home / ".npm-global"
    rows, first = [], None
    count = 0
    for wanted in (1, 10, 100, 300):
        while count < wanted:
            count += 1
            look_after(machine, f"made-{count}", made_package(prefix, f"made-{count}"))
        with_memory(machine, [LAMPLIGHTER, "doctor", "--offline"])
        runs = [with_memory(machine, [LAMPLIGHTER, "doctor", "--offline"]) for _ in range(5)]
        took, size = statistics.median(r[0] for r in runs), statistics.median(r[1] for r in runs)
        work = statistics.median(r[2] for r in runs)
        first = first or (took, size)
        rows.append([wanted, f"{took:.0f} ms", f"{min(r[0] for r in runs):.0f}–{max(r[0] for r in runs):.0f}",
                     f"×{took / first[0]:.1f}", f"{work:.0f} ms", f"{size:.0f} MB", f"×{size / first[1]:.1f}"])
    table("All tools, offline, as a whole process", rows, ["tools", "time", "range", "", "processor", "peak memory", ""])


def bench_version(machine):
    table("The smallest start", [line("lamplighter --version", timed(machine, [LAMPLIGHTER, "--version"])),
                                 line("npm --version", timed(machine, ["npm", "--version"])),
                                 line("pipx --version", timed(machine, ["pipx", "--version"]))], HEAD)


def main():
    wanted = sys.argv[1:] or ["one", "many", "version"]
    if subprocess.run([LAMPLIGHTER, "--version"], stdin=subprocess.DEVNULL).returncode:
        raise SystemExit("./lamplighter --version does not answer")
    machine = Machine()
    try:
        model = next((x.split(":")[1].strip() for x in open("/proc/cpuinfo") if x.startswith("model name")), "unknown")
        print(f"{os.cpu_count()} × {model}; {os.uname().sysname} {os.uname().release}")
        if "version" in wanted:
            bench_version(machine)
        if "one" in wanted:
            bench_one(machine)
        if "many" in wanted:
            bench_many(machine)
    finally:
        machine.close()


if __name__ == "__main__":
    main()
