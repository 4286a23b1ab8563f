#!/usr/bin/env python3
"""list, outdated and doctor next to the package managers' own commands, in turn in one run.

A temporary home gets one tool of uv, one of pipx and one of npm, from the configured indexes. Needs npm, and `uv` and
`pipx` in the folder given as the second argument, or on the PATH.

    bench/managers.py LAMPLIGHTER [FOLDER_WITH_UV_AND_PIPX] [RUNS]
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

# How this machine reaches the indexes.
KEPT = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "npm_config_registry", "npm_config_cafile")

program = os.path.abspath(sys.argv[1])
tools = sys.argv[2] if len(sys.argv) > 2 else ""
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 11

with tempfile.TemporaryDirectory() as home:
    environment = {
        "HOME": home,
        "LANG": "C.UTF-8",
        "PATH": ":".join(filter(None, [tools, f"{home}/.npm-global/bin", f"{home}/.local/bin", "/usr/local/bin:/usr/bin:/bin"])),
        "UV_PYTHON": "/usr/bin/python3",
        "UV_PYTHON_DOWNLOADS": "never",
        "npm_config_prefix": f"{home}/.npm-global",
        "npm_config_update_notifier": "false",
        "LAMPLIGHTER_CHILD": "1",
    } | {name: value for name, value in os.environ.items() if name in KEPT or name.lower().endswith("_proxy")}

    def run(*argv, check=False):
        return subprocess.run(argv, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=check)

    run("uv", "tool", "install", "pypiserver==2.2.0", check=True)
    run("pipx", "install", "cowsay==6.0", check=True)
    run("npm", "install", "-g", "--no-fund", "--no-audit", "http-server@14.1.0", check=True)
    for tool in ("pypiserver", "cowsay", "http-server"):
        run(program, "add", tool, "--yes", check=True)

    commands = {
        "lamplighter --version": [program, "--version"],
        "lamplighter list": [program, "list"],
        "uv tool list": ["uv", "tool", "list"],
        "pipx list": ["pipx", "list"],
        "npm ls -g": ["npm", "ls", "-g"],
        "lamplighter doctor --offline (3 tools)": [program, "doctor", "--offline", "pypiserver", "cowsay", "http-server"],
        "lamplighter outdated": [program, "outdated"],
        "uv tool list --outdated": ["uv", "tool", "list", "--outdated"],
        "npm outdated -g": ["npm", "outdated", "-g"],
    }
    times = {name: [] for name in commands}
    for _ in range(runs):
        for name, argv in commands.items():
            started = time.perf_counter()
            run(*argv)
            times[name].append((time.perf_counter() - started) * 1000)
    print(f"median (range) of {runs} runs, load {os.getloadavg()[0]:.1f}\n")
    print("| command | time |\n|---|---|")
    for name, values in times.items():
        print(f"| `{name}` | {statistics.median(values):.0f} ms ({min(values):.0f}–{max(values):.0f}) |")
