#!/usr/bin/env python3
"""How large the packages are, and how fast the installed program starts beside the checkout, in turn in one run.

    bench/packages.py [FOLDER]      (default: target/packages, as `./package` left it)

The archive is unpacked into the throw-away user's home and started from there. Numbers belong to the machine that
printed them: compare within one run only.
"""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from skeleton import HEAD, LAMPLIGHTER, TOP, Machine, items, java_of, line, pss, table, timed, until  # noqa: E402

RUNS = 7


def sizes(folder):
    for package in sorted(folder.glob("lamplighter*")):
        if package.suffix in (".deb", ".rpm", ".gz"):
            print(f"  {package.name}: {package.stat().st_size / 1e6:.1f} MB")


def unpacked(machine, folder):
    machine.run("tar", "xf", str(next(folder.glob("lamplighter-*.tar.gz")).resolve()), "-C", str(machine.home), check=True)
    root = next(machine.home.glob("lamplighter-*"))
    print(f"  installed: {sum(f.lstat().st_size for f in root.rglob('*') if f.is_file() and not f.is_symlink()) / 1e6:.0f} MB")
    for cache in sorted(root.glob("lib/aot/*.aot")):
        print(f"    {cache.name}: {cache.stat().st_size / 1e6:.0f} MB")
    return str(root / "bin/lamplighter")


def until_icon(machine, launcher):
    before = items(machine)
    begun = time.monotonic()
    child = machine.start([launcher, "tray"])
    until(lambda: items(machine) not in ("", before), 30, "the icon")
    took = (time.monotonic() - begun) * 1000
    time.sleep(8)  # the child that runs the doctor at start has come and gone
    memory = pss(java_of(child))
    child.terminate()
    child.wait(15)
    until(lambda: items(machine) == before, 10, "the icon's going")
    return took, memory


def until_window(machine, launcher):
    def shown():
        return machine.run("xdotool", "search", "--onlyvisible", "--name", "Lamplighter").stdout.strip()

    begun = time.monotonic()
    child = machine.start([launcher, "window"])
    until(shown, 40, "the window")
    took = (time.monotonic() - begun) * 1000
    child.terminate()
    child.wait(15)
    until(lambda: not shown(), 15, "closing")
    return took


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TOP / "target/packages"
    print("Packages")
    sizes(folder)
    machine = Machine()
    try:
        both = {"installed": unpacked(machine, folder), "checkout": LAMPLIGHTER}
        rows = {what: {name: [] for name in both} for what in ("--version", "list", "exec → icon", "tray PSS", "exec → window")}
        for command in ("--version", "list"):
            for _ in range(RUNS):
                for name, launcher in both.items():
                    rows[command][name] += timed(machine, [launcher, command], 1)
        machine.desktop()
        for _ in range(3):
            for name, launcher in both.items():
                took, memory = until_icon(machine, launcher)
                rows["exec → icon"][name].append(took)
                rows["tray PSS"][name].append(memory)
                rows["exec → window"][name].append(until_window(machine, launcher))
        table("Start of the installed program and of the checkout",
              [line(f"{what}, {name}", values, "MB" if what == "tray PSS" else "ms")
               for what, found in rows.items() for name, values in found.items()], HEAD)
    finally:
        machine.close()


if __name__ == "__main__":
    main()
