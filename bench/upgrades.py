#!/usr/bin/env python3
"""Downtime and duration of upgrades of an npm, a pipx and a uv server, beside the package manager's own, in one run.

    bench/upgrades.py [RUNS]      (default: 3)

In turn for each server: a bare restart; Lamplighter's upgrade; stop, the package manager's own install, start. The
downtime is measured at the port. That keeps a processor busy, so the whole time is measured on the way back, to the old
version. Needs network, npm, pipx and uv. Numbers belong to the machine that printed them:
compare within one run only.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from skeleton import HEAD, LAMPLIGHTER, Machine, answers, downtime, free_port, line, table, until  # noqa: E402

NPM = "npm install -g --no-audit --no-fund --loglevel=error"
SERVERS = {
    # name: package manager, old and new version, arguments of the service, install command
    "http-server": ("npm", "14.1.0", "14.1.1", ["-a", "127.0.0.1", "-p", "{port}"], NPM + " http-server@{version}", "/"),
    "radicale": ("pipx", "3.5.0", "3.5.1", ["--server-hosts", "127.0.0.1:{port}", "--storage-filesystem-folder", "{home}/store"],
                 "pipx install --force radicale=={version}", "/.web/"),
    "marimo": ("uv", "0.13.0", "0.13.1", ["edit", "--headless", "--no-token", "--host", "127.0.0.1", "--port", "{port}"],
               "uv tool install --force marimo=={version}", "/health"),
}


class Server:
    def __init__(self, machine, name):
        self.machine, self.name = machine, name
        self.manager, self.old, self.new, arguments, self.command, path = SERVERS[name]
        self.port = free_port()
        self.own(self.old)
        machine.run("bash", "-lc", f"{name} --version")  # as a user does: it writes byte code
        options = [f"--argument={a.format(port=self.port, home=machine.home)}" for a in arguments]
        machine.lamplighter("add", name, "--yes", "--url", f"http://127.0.0.1:{self.port}{path}", *options)
        machine.lamplighter("service", "install", name, "--yes")
        until(lambda: answers(self.port), 60, f"{name} answers")

    def own(self, version):
        begun = time.monotonic()
        self.machine.run("bash", "-c", self.command.format(version=version), check=True, timeout=600)
        return time.monotonic() - begun

    def popen(self, argv, out=subprocess.DEVNULL):
        return subprocess.Popen(argv, env=self.machine.env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)

    def restart(self):
        return downtime(self.port, lambda: self.popen(["systemctl", "--user", "restart", f"lamplighter-{self.name}"]))

    def watched(self, act, watched):
        if watched:
            return downtime(self.port, act)
        act().wait()
        return 0.0

    def upgrade(self, version, watched):
        out = self.machine.root / "upgrade.json"
        begun = time.monotonic()
        with open(out, "wb") as target:
            down = self.watched(lambda: self.popen(
                [LAMPLIGHTER, "upgrade", self.name, "--to", version, "--yes", "--json"], target), watched)
        took = time.monotonic() - begun
        data = json.loads(out.read_text())["data"]
        outcome = data.get("tools", [data])[0]
        if outcome["outcome"] != "upgraded":
            raise SystemExit(f"{self.name}: {outcome}")
        steps = {step["step"]: step["tookMillis"] for step in outcome["steps"]}
        return down, took * 1000, steps

    def plain(self, version, watched):
        script = (f"systemctl --user stop lamplighter-{self.name} && {self.command.format(version=version)} && "
                  f"systemctl --user start lamplighter-{self.name}")
        begun = time.monotonic()
        down = self.watched(lambda: self.popen(["bash", "-c", script]), watched)
        return down, (time.monotonic() - begun) * 1000


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    missing = [program for program in ("npm", "pipx", "uv") if not shutil.which(program)]
    if missing:
        raise SystemExit(f"not in PATH: {', '.join(missing)}")
    machine = Machine()
    try:
        machine.env["PATH"] = f"{machine.home}/.local/bin:" + machine.env["PATH"]
        print(f"{os.cpu_count()} processors; {os.uname().release}; load before {os.getloadavg()[0]:.1f}")
        for name in SERVERS:
            server = Server(machine, name)
            rows = {what: [] for what in ("restart", "upgrade", "plain", "whole upgrade", "whole plain")}
            steps = {}
            for _ in range(runs):
                rows["restart"].append(server.restart())
                rows["upgrade"].append(server.upgrade(server.new, watched=True)[0])
                _, took, steps = server.upgrade(server.old, watched=False)
                rows["whole upgrade"].append(took)
                rows["plain"].append(server.plain(server.new, watched=True)[0])
                rows["whole plain"].append(server.plain(server.old, watched=False)[1])
                until(lambda: answers(server.port), 60, f"{name} answers")
            table(f"{name} with {server.manager}", [
                line("downtime: bare restart", rows["restart"]),
                line("downtime: lamplighter upgrade", rows["upgrade"]),
                line("downtime: stop, install, start", rows["plain"]),
                line("whole: lamplighter upgrade", rows["whole upgrade"]),
                line("whole: stop, install, start", rows["whole plain"]),
            ], HEAD)
            print("  last upgrade: " + ", ".join(f"{step} {took}" for step, took in steps.items() if took > 20))
            machine.run("systemctl", "--user", "stop", f"lamplighter-{name}")
    finally:
        machine.close()


if __name__ == "__main__":
    main()
