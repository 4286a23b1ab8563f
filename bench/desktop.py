#!/usr/bin/env python3
"""Measures the tray icon and the window of a package next to other tray programs, and prints tables with medians.

    bench/desktop.py PROGRAM [idle MINUTES]      (PROGRAM: bin/lamplighter of an unpacked archive, or ./lamplighter)

The peers are udiskie (needs udisks2 on the system bus), syncthingtray and copyq, as far as they run here. The display, the panel and the user manager are
those of bench/skeleton.py. Wants a quiet machine: it prints the load before and after.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import skeleton
from skeleton import HEAD, Machine, install_http_server, items, line, pss, serve, serve_clock, table, until

RUNS = 5
PEERS = ("udiskie", "syncthingtray", "copyq")
TITLE = "Lamplighter"
UNIT = "lamplighter-http-server.service"


def private(pid):
    """What it wrote itself: no file has it."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Private_Dirty:\s+(\d+)", text, re.M).group(1)) / 1024


def processor(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def command(name):
    """What starts a tray program, with its icon always shown."""
    return {"lamplighter": [skeleton.LAMPLIGHTER, "tray"],
            "udiskie": ["udiskie", "--tray", "--appindicator", "--no-automount", "--no-notify"]}.get(name, [name])


def runs(machine, name):
    """Whether it is installed and has what it needs."""
    if not shutil.which(name):
        return False
    before = items(machine)
    child = machine.start(command(name))
    until(lambda: child.poll() is not None or items(machine) not in ("", before), 30, f"the icon of {name}")
    if child.poll() is not None:
        return False
    ended(machine, child, before)
    return True


def started(machine, name):
    """A process whose icon the panel has, and how long that took in milliseconds."""
    before = items(machine)
    begun = time.monotonic()
    child = machine.start(command(name))
    until(lambda: items(machine) not in ("", before), 30, f"the icon of {name}")
    return child, (time.monotonic() - begun) * 1000


def ended(machine, child, before):
    child.terminate()
    child.wait(15)
    until(lambda: items(machine) == before, 15, "the icon's going")


def process_of(child):
    """The program itself: a launcher may have started it."""
    found = subprocess.run(["pgrep", "-P", str(child.pid)], capture_output=True, text=True).stdout.split()
    return int(found[0]) if found and "java" in os.readlink(f"/proc/{found[0]}/exe") else child.pid


def bench_icon(machine, names):
    took = {name: [] for name in names}
    for _ in range(RUNS):
        for name in names:
            before = items(machine)
            child, milliseconds = started(machine, name)
            took[name].append(milliseconds)
            time.sleep(2)
            ended(machine, child, before)
    table("From exec to the icon in the panel", [line(name, took[name]) for name in names], HEAD)


def bench_idle(machine, names, minutes):
    """All programs side by side, so that they see the same machine."""
    pids = {name: process_of(started(machine, name)[0]) for name in names}
    time.sleep(60)
    memory = {name: (pss(pid), private(pid)) for name, pid in pids.items()}
    used = {name: processor(pid) for name, pid in pids.items()}
    woken = {name: skeleton.switches(pid) for name, pid in pids.items()}
    last = {name: dict(counts) for name, counts in woken.items()}
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        time.sleep(1)
        for name, pid in pids.items():
            last[name] |= skeleton.switches(pid)
    rows = [[name, f"{memory[name][0]:.0f} MB", f"{memory[name][1]:.0f} MB", f"{processor(pid) - used[name]:.2f} s",
             f"{sum(count - woken[name].get(thread, 0) for thread, count in last[name].items()) / minutes / 60:.1f} /s"]
            for name, pid in pids.items()]
    table(f"60 s after the start, then {minutes:g} idle minutes", rows, ["what", "PSS", "private, written", "processor", "wake-ups"])
    return pids


def picture(machine):
    """How many colours the window shows; 0 as long as there is none. One that is not painted has one colour."""
    found = machine.run("xdotool", "search", "--onlyvisible", "--name", f"^{TITLE}$").stdout.split()
    if not found:
        return 0
    shot = subprocess.run(["import", "-window", found[0], "-crop", "400x200+0+0", "-format", "%k", "info:"], env=machine.env,
                          capture_output=True, text=True)
    return int(shot.stdout) if shot.stdout.strip().isdigit() else 0


def clicked(machine, item):
    """From the click on the icon until the window is painted."""
    begun = time.monotonic()
    machine.run("busctl", "--user", "call", item, "/StatusNotifierItem", "org.kde.StatusNotifierItem", "Activate", "ii", "5", "5")
    until(lambda: machine.run("xdotool", "search", "--onlyvisible", "--name", f"^{TITLE}$").stdout.strip(), 30, "the window")
    shown = (time.monotonic() - begun) * 1000
    until(lambda: picture(machine) > 20, 30, "the painted window")
    return shown, (time.monotonic() - begun) * 1000


def closed(machine):
    window = machine.run("xdotool", "search", "--onlyvisible", "--name", f"^{TITLE}$").stdout.split()[0]
    machine.run("xdotool", "windowactivate", "--sync", window, "key", "alt+F4")
    until(lambda: not machine.run("xdotool", "search", "--onlyvisible", "--name", f"^{TITLE}$").stdout.strip(), 15, "closing")


def windows():
    """The processes that have a window open, or keep one warm."""
    found = subprocess.run(["pgrep", "-f", "app.Main window"], capture_output=True, text=True).stdout.split()
    return [int(pid) for pid in found]


def bench_window(machine, tray):
    item = re.search(r"org\.kde\.StatusNotifierItem-%d-1" % tray, items(machine)).group()
    cold, warm, memory = [], [], []
    for _ in range(RUNS):
        cold.append(clicked(machine, item))
        time.sleep(3)
        memory.append(pss(windows()[0]))
        closed(machine)
        time.sleep(1)
        warm.append(clicked(machine, item))
        closed(machine)
        for pid in windows():
            os.kill(pid, 15)
        until(lambda: not windows(), 15, "the end of the window's process")
    clicked(machine, item)
    time.sleep(10)
    window = windows()[0]
    used = processor(window)
    time.sleep(60)
    idle = (processor(window) - used) * 1000
    closed(machine)
    empty = [milliseconds for milliseconds, _ in [probe(machine) for _ in range(RUNS)]]
    table("From the click to the window",
          [line("cold, shown", [c[0] for c in cold]), line("cold, painted", [c[1] for c in cold]),
           line("warm, shown", [w[0] for w in warm]), line("warm, painted", [w[1] for w in warm]),
           line("of which one look at the screen", empty), line("PSS of the window's process", memory, "MB"),
           line("processor in a minute in which nothing changes", [idle])], HEAD)
    rows = [["after windows were opened and closed", f"{pss(tray):.0f} MB", f"{private(tray):.0f} MB"]]
    table("The tray icon's process", rows, ["what", "PSS", "private, written"])


def probe(machine):
    begun = time.monotonic()
    picture(machine)
    return (time.monotonic() - begun) * 1000, None


def tooltip(machine, item):
    """Changes with the icon, which is sent as pixels."""
    return machine.run("busctl", "--user", "get-property", item, "/StatusNotifierItem", "org.kde.StatusNotifierItem",
                       "ToolTip").stdout


def stays_down(machine, unit):
    folder = machine.home / f".config/systemd/user/{unit}.d"
    folder.mkdir(parents=True)
    (folder / "bench.conf").write_text("[Service]\nRestart=no\n")
    machine.run("systemctl", "--user", "daemon-reload")


def bench_crash(machine, tray, unit):
    """A service that systemd does not restart: until the icon is another."""
    item = re.search(r"org\.kde\.StatusNotifierItem-%d-1" % tray, items(machine)).group()
    took = []
    for _ in range(RUNS):
        well = tooltip(machine, item)
        main = int(machine.run("systemctl", "--user", "show", "-p", "MainPID", "--value", unit).stdout)
        begun = time.monotonic()
        os.kill(main, 9)
        until(lambda: tooltip(machine, item) != well, 20, "another icon")
        took.append((time.monotonic() - begun) * 1000)
        machine.run("systemctl", "--user", "reset-failed", unit)
        machine.run("systemctl", "--user", "start", unit)
        until(lambda: tooltip(machine, item) == well, 60, "the icon from before")
    table("From a crash to another icon", [line("killed service", took)], HEAD)


def load():
    return "load %.1f" % os.getloadavg()[0]


def main():
    skeleton.LAMPLIGHTER = str(pathlib.Path(sys.argv[1]).resolve())
    minutes = float(sys.argv[sys.argv.index("idle") + 1]) if "idle" in sys.argv else 10
    print(load())
    machine = Machine()
    try:
        install_http_server(machine, "14.1.1")
        serve(machine)
        serve_clock(machine)
        stays_down(machine, UNIT)
        machine.desktop()
        names = ["lamplighter", *(name for name in PEERS if runs(machine, name))]
        bench_icon(machine, names)
        pids = bench_idle(machine, names, minutes)
        bench_window(machine, pids["lamplighter"])
        bench_crash(machine, pids["lamplighter"], UNIT)
    finally:
        machine.close()
    print(load())


if __name__ == "__main__":
    main()
