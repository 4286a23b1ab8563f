#!/usr/bin/env python3
"""Measures the whole program from outside, side by side with its peers, and prints tables with medians.

    bench/skeleton.py [startup] [doctor] [tray] [window] [upgrade]      (all of them without a word)

It makes a throw-away home, a systemd user manager, a display with a panel, and real tools (http-server from the npm
registry), and ends and removes all of it. Needs root or a session without systemd as process 1, and what ./check installs.
Numbers belong to the machine that printed them: compare within one run only.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile

TOP = pathlib.Path(__file__).resolve().parent.parent
LAMPLIGHTER = str(TOP / "lamplighter")
RUNS = 7


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(condition, limit, what):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise SystemExit(f"waited {limit} s in vain: {what}")


class Machine:
    """A throw-away user: home, user manager, display, panel."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="lamplighter-bench-"))
        self.home = self.root / "home"
        self.runtime = self.root / "run"
        self.home.mkdir()
        self.runtime.mkdir(mode=0o700)
        self.children = []
        self.groups = own_groups()
        keep = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "JAVA_HOME", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
                or k.lower().endswith("_proxy") or k.lower().startswith("npm_config_")}
        real = pathlib.Path(os.environ.get("HOME", "/root")) / ".npmrc"
        if real.exists():
            shutil.copy(real, self.home / ".npmrc")
        self.env = keep | {
            "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CONFIG_HOME": str(self.home / ".config"), "XDG_STATE_HOME": str(self.home / ".local/state"),
            "XDG_DATA_HOME": str(self.home / ".local/share"), "XDG_CACHE_HOME": str(self.home / ".cache"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.runtime}/bus", "SHELL": "/bin/bash",
            "npm_config_prefix": str(self.home / ".npm-global"),
            # It was built before; a source that changes in the meantime must not be built in here, and be measured.
            "LAMPLIGHTER_CHILD": "1",
        }
        self.env["PATH"] = f"{self.home}/.npm-global/bin:" + self.env["PATH"]
        os.makedirs("/run/systemd/system", exist_ok=True)
        self.start(["/bin/sh", "-c", 'for group; do echo $$ > "$group/cgroup.procs"; done; exec /lib/systemd/systemd --user',
                    "manager", *map(str, self.groups)])
        until(lambda: self.run("systemctl", "--user", "is-system-running").stdout.strip() in ("running", "degraded"), 20,
              "the user manager")
        self.run("systemctl", "--user", "start", "dbus.service")
        until(lambda: (self.runtime / "bus").exists(), 10, "the bus")

    def start(self, argv, **more):
        child = subprocess.Popen(argv, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, start_new_session=True, **more)
        self.children.append(child)
        return child

    def run(self, *argv, check=False, timeout=300):
        return subprocess.run(argv, env=self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=check,
                              timeout=timeout)

    def lamplighter(self, *arguments, check=True):
        answer = self.run(LAMPLIGHTER, *arguments)
        if check and answer.returncode not in (0, 1):
            raise SystemExit(f"lamplighter {' '.join(arguments)} gave {answer.returncode}: {answer.stderr}{answer.stdout}")
        return answer

    def desktop(self):
        number = next(n for n in range(90, 200) if not os.path.exists(f"/tmp/.X11-unix/X{n}"))
        self.start(["Xvfb", f":{number}", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"])
        self.env["DISPLAY"] = f":{number}"
        until(lambda: self.run("xdpyinfo").returncode == 0, 15, "the display")
        folder = self.home / ".config/xfce4/xfconf/xfce-perchannel-xml"
        folder.mkdir(parents=True)
        (folder / "xfce4-panel.xml").write_text(PANEL)
        self.run("dbus-update-activation-environment", "--systemd", "DISPLAY")
        self.start(["openbox"])
        self.start(["xfce4-panel"])
        until(lambda: "true" in self.run("busctl", "--user", "get-property", "org.kde.StatusNotifierWatcher",
                                         "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher",
                                         "IsStatusNotifierHostRegistered").stdout, 30, "the panel's tray")

    def close(self):
        self.run("systemctl", "--user", "exit")
        for child in reversed(self.children):
            if child.poll() is None:
                child.terminate()
        for child in reversed(self.children):
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
        for group in self.groups:
            for folder in sorted((f for f in group.rglob("*") if f.is_dir()), reverse=True) + [group]:
                try:
                    folder.rmdir()
                except OSError:
                    pass  # an empty control group that stays behind hurts nobody
        shutil.rmtree(self.root, ignore_errors=True)


def own_groups():
    """Managers that nobody logged in for share /app.slice otherwise, and end each other's services."""
    made = []
    for hierarchy in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"):
        group = pathlib.Path(hierarchy, f"lamplighter-bench-{os.getpid()}")
        if os.access(f"{hierarchy}/cgroup.procs", os.W_OK):
            try:
                group.mkdir()
                made.append(group)
            except OSError:
                pass  # read-only for us, as in most containers
    return made


PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0"><property name="configver" type="int" value="2"/>
<property name="panels" type="array"><value type="int" value="1"/>
<property name="panel-1" type="empty"><property name="position" type="string" value="p=6;x=0;y=0"/>
<property name="length" type="uint" value="100"/><property name="position-locked" type="bool" value="true"/>
<property name="size" type="uint" value="32"/>
<property name="plugin-ids" type="array"><value type="int" value="1"/></property></property></property>
<property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray">
<property name="square-icons" type="bool" value="true"/></property></property></channel>
"""


def table(title, rows, head):
    print(f"\n{title}")
    widths = [max(len(str(r[i])) for r in [head, *rows]) for i in range(len(head))]
    for row in [head, ["-" * w for w in widths], *rows]:
        print("  " + "  ".join(str(c).ljust(w) for c, w in zip(row, widths)).rstrip())
    sys.stdout.flush()


def timed(machine, argv, runs=RUNS):
    values = []
    machine.run(*argv)
    for _ in range(runs):
        begun = time.monotonic()
        machine.run(*argv)
        values.append((time.monotonic() - begun) * 1000)
    return values


def line(name, values, unit="ms"):
    return [name, f"{statistics.median(values):.0f} {unit}", f"{min(values):.0f}–{max(values):.0f}", len(values)]


HEAD = ["what", "median", "range", "runs"]


def install_http_server(machine, version):
    machine.run("npm", "install", "-g", "--no-audit", "--no-fund", f"http-server@{version}", check=True)


def serve(machine):
    """http-server as a looked-after service; gives its port."""
    port = free_port()
    (machine.home / "site").mkdir(exist_ok=True)
    machine.lamplighter("add", "http-server", "--argument=-p", f"--argument={port}", "--argument=-a",
                        "--argument=127.0.0.1", "--directory", str(machine.home / "site"), "--url",
                        f"http://127.0.0.1:{port}/", "--yes")
    machine.lamplighter("service", "install", "http-server", "--yes")
    return port


WHEEL = {
    "bench_clock.py": """import http.server, sys
class Clock(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *arguments):
        pass
def main():
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Clock).serve_forever()
""",
    "bench_clock-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: bench-clock\nVersion: 1.0\n",
    "bench_clock-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "bench_clock-1.0.dist-info/entry_points.txt": "[console_scripts]\nbench-clock = bench_clock:main\n",
}


def serve_clock(machine):
    """A second service, so that the tray has two to watch: a Python server in a virtual environment."""
    wheel = machine.root / "bench_clock-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in WHEEL.items():
            archive.writestr(name, text)
        archive.writestr("bench_clock-1.0.dist-info/RECORD",
                         "".join(f"{name},,\n" for name in [*WHEEL, "bench_clock-1.0.dist-info/RECORD"]))
    venv = machine.home / "clock"
    machine.run("python3", "-m", "venv", str(venv), check=True)
    machine.run(str(venv / "bin/python"), "-m", "pip", "install", "-q", "--no-index", str(wheel), check=True)
    port = free_port()
    machine.lamplighter("add", str(venv / "bin/bench-clock"), f"--argument={port}", "--url", f"http://127.0.0.1:{port}/", "--yes")
    machine.lamplighter("service", "install", "bench-clock", "--yes")
    until(lambda: answers(port), 20, "the clock")


def answers(port):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).read(1)
        return True
    except OSError:
        return False


def bench_startup(machine):
    table("Whole process", [line("lamplighter --version", timed(machine, [LAMPLIGHTER, "--version"])),
                            line("npm --version", timed(machine, ["npm", "--version"])),
                            line("pipx --version", timed(machine, ["pipx", "--version"]))], HEAD)


def bench_doctor(machine):
    rows = [line("lamplighter doctor --offline http-server",
                 timed(machine, [LAMPLIGHTER, "doctor", "--offline", "http-server"])),
            line("pipx list", timed(machine, ["pipx", "list"])),
            line("npm ls -g", timed(machine, ["npm", "ls", "-g"]))]
    table("One tool, offline, as a whole process", rows, HEAD)


def pss(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(x.split()[1]) for x in text.splitlines() if x.startswith("Pss:")) / 1024


def switches(pid):
    found = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            text = (task / "status").read_text()
        except OSError:
            continue  # it has just ended
        found[task.name] = next(int(x.split()[1]) for x in text.splitlines() if x.startswith("voluntary_ctxt_switches"))
    return found


def wake_ups(pid, seconds):
    """How often its threads went to sleep and woke up again, a second; those that end in the meantime count too."""
    first = switches(pid)
    last = dict(first)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(1)
        last |= switches(pid)
    return sum(count - first.get(thread, 0) for thread, count in last.items()) / seconds


def items(machine):
    return machine.run("busctl", "--user", "get-property", "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher",
                       "org.kde.StatusNotifierWatcher", "RegisteredStatusNotifierItems").stdout


def java_of(child):
    """The JVM that the launcher became, or started."""
    for pid in [child.pid, *(int(p) for p in subprocess.run(["pgrep", "-P", str(child.pid)], capture_output=True,
                                                            text=True).stdout.split())]:
        if "java" in os.readlink(f"/proc/{pid}/exe"):
            return pid
    raise SystemExit("no JVM behind the launcher")


def bench_tray(machine):
    appeared, memory, wakes = [], [], []
    for run in range(5):
        before = items(machine)
        begun = time.monotonic()
        child = machine.start([LAMPLIGHTER, "tray"])
        until(lambda: items(machine) not in ("", before), 30, "the icon")
        appeared.append((time.monotonic() - begun) * 1000)
        if run >= 2:
            time.sleep(20)  # the child that runs the doctor at start has come and gone
            pid = java_of(child)
            memory.append(pss(pid))
            wakes.append(wake_ups(pid, 60))
        child.terminate()
        child.wait(15)
        until(lambda: items(machine) == before, 10, "the icon's going")
    table("The resident process, two services watched",
          [line("icon after exec", appeared), line("PSS, 20 s after start", memory, "MB"),
           ["wake-ups", f"{statistics.median(wakes):.1f} /s", f"{min(wakes):.1f}–{max(wakes):.1f}", len(wakes)]], HEAD)


def bench_window(machine):
    def opened():
        begun = time.monotonic()
        child = machine.start([LAMPLIGHTER, "window"])
        until(lambda: machine.run("xdotool", "search", "--onlyvisible", "--name", "Lamplighter").stdout.strip(), 40, "the window")
        took = (time.monotonic() - begun) * 1000
        pid = java_of(child)
        time.sleep(3)
        size = pss(pid)
        child.terminate()
        child.wait(15)
        until(lambda: not machine.run("xdotool", "search", "--onlyvisible", "--name", "Lamplighter").stdout.strip(), 15, "closing")
        return took, size
    try:
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3\n")
        cold = [opened()[0]]
    except OSError:
        cold = []
    warm = [opened() for _ in range(5)]
    rows = [line("window, warm page cache", [w[0] for w in warm]), line("PSS with a window", [w[1] for w in warm], "MB")]
    if cold:
        rows.insert(0, line("window, cold page cache", cold))
    table("The window, exec to mapped", rows, HEAD)


def downtime(port, act):
    """Milliseconds in which nobody answered, while `act` ran."""
    child = act()
    gone, back = None, None
    while child.poll() is None or (gone and not back):
        now = time.monotonic()
        if answers(port):
            if gone and not back:
                back = now
        elif gone is None:
            gone, back = now, None
        time.sleep(0.002)
    return ((back or 0) - gone) * 1000 if gone else 0.0


def bench_upgrade(machine, port):
    ours, plain, said = [], [], []
    for _ in range(3):
        machine.run(LAMPLIGHTER, "upgrade", "http-server", "--to", "14.1.0", "--yes", "--json")
        until(lambda: answers(port), 20, "the old version")
        out = machine.root / "upgrade.json"
        with open(out, "wb") as target:
            ours.append(downtime(port, lambda: subprocess.Popen(
                [LAMPLIGHTER, "upgrade", "http-server", "--to", "14.1.1", "--yes", "--json"], env=machine.env,
                stdin=subprocess.DEVNULL, stdout=target, stderr=subprocess.DEVNULL)))
        data = json.loads(out.read_text())["data"]
        said.append(data.get("tools", [data])[0]["downtimeMillis"])
        install_script = ("systemctl --user stop lamplighter-http-server && npm install -g --no-audit --no-fund "
                          "http-server@14.1.0 && systemctl --user start lamplighter-http-server")
        plain.append(downtime(port, lambda: subprocess.Popen(["bash", "-c", install_script], env=machine.env,
                                                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                                             stderr=subprocess.DEVNULL)))
        until(lambda: answers(port), 20, "the old version")
    table("Downtime of an npm upgrade, seen at the port",
          [line("lamplighter upgrade", ours), line("  as it says itself", said), line("stop, npm install -g, start", plain)], HEAD)


def main():
    wanted = sys.argv[1:] or ["startup", "doctor", "tray", "window", "upgrade"]
    if subprocess.run([LAMPLIGHTER, "--version"], stdin=subprocess.DEVNULL).returncode:
        raise SystemExit("./lamplighter --version does not answer")
    machine = Machine()
    try:
        model = next((x.split(":")[1].strip() for x in open("/proc/cpuinfo") if x.startswith("model name")), "unknown")
        print(f"{os.cpu_count()} × {model}; {os.uname().sysname} {os.uname().release}; load before {os.getloadavg()[0]:.1f}")
        install_http_server(machine, "14.1.0")
        if "startup" in wanted:
            bench_startup(machine)
        port = serve(machine)
        if "doctor" in wanted:
            bench_doctor(machine)
        if {"tray", "window"} & set(wanted):
            machine.desktop()
        if "tray" in wanted:
            serve_clock(machine)
            bench_tray(machine)
        if "window" in wanted:
            bench_window(machine)
        if "upgrade" in wanted:
            bench_upgrade(machine, port)
        print(f"\nload after {os.getloadavg()[0]:.1f}")
    finally:
        machine.close()


if __name__ == "__main__":
    main()
