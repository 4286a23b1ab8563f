# Shows the time on a web page. Made for `lamplighter demo`, with the parts that a real tool has.
import argparse, datetime, http.server, json, os, pathlib, shutil, sys, time

VERSION, SERVES, SECONDS = "@VERSION@", @SERVES@, @SECONDS@
SETTINGS = pathlib.Path(os.environ.get("LAMP_CLOCK_SETTINGS", "~/.config/lamp-clock/settings.json")).expanduser()
DATA = pathlib.Path(os.environ.get("LAMP_CLOCK_DATA", "~/.local/share/lamp-clock")).expanduser()
FORMAT = "%H:%M:%S" if SECONDS else "%H:%M"

PAGE = """<!doctype html>
<meta charset="utf-8">
<meta http-equiv="refresh" content="{refresh}">
<title>lamp-clock {version}</title>
<body style="font: 16px system-ui, sans-serif; text-align: center; margin-top: 18vh">
<div style="font-size: 96px; font-weight: 600">{time}</div>
<p>lamp-clock {version} &middot; visit {visits}</p>
<form method="post" action="/freeze"><button>Freeze it: it keeps running, but doesn't respond</button></form>
"""


def settings():
    try:
        return json.loads(SETTINGS.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def count_visit():
    DATA.mkdir(parents=True, exist_ok=True)
    file = DATA / "visits"
    visits = int(file.read_text()) + 1 if file.exists() else 1
    file.write_text(str(visits))
    return visits


class Clock(http.server.BaseHTTPRequestHandler):
    frozen = False

    def do_GET(self):
        if Clock.frozen:
            time.sleep(3600)
        if self.path == "/version":
            self.reply("application/json", json.dumps({"name": "lamp-clock", "version": VERSION}))
        elif self.path == "/health":
            self.reply("application/json", json.dumps({"status": "ok"}))
        elif "text/html" in self.headers.get("Accept", ""):
            now = datetime.datetime.now().strftime(FORMAT)
            page = PAGE.format(refresh=1 if SECONDS else 20, version=VERSION, time=now, visits=count_visit())
            self.reply("text/html; charset=utf-8", page)
        else:
            self.reply("text/plain", datetime.datetime.now().isoformat())

    def do_POST(self):
        Clock.frozen = self.path == "/freeze"
        self.reply("text/plain", "The clock is frozen. Lamplighter can restart it.\n")

    def reply(self, kind, body):
        data = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


def publish_next():
    """Tags the next version in the demo's repository, as its authors would do some weeks later."""
    repository = os.environ.get("LAMP_CLOCK_REPOSITORY", "")
    following = pathlib.Path(repository, ".git/refs/heads/next")
    if repository and SECONDS and following.exists():
        shutil.copyfile(following, pathlib.Path(repository, ".git/refs/tags/v2.0.0"))


def serve(port):
    if not SERVES:
        print("lamp-clock: the clockwork is broken", file=sys.stderr)
        return 3
    publish_next()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Clock)
    print(f"lamp-clock {VERSION} on port {port}", flush=True)
    server.serve_forever()


def doctor():
    try:
        found = settings()
        print(f"✓ Settings: {SETTINGS}" if found else f"! No settings file at {SETTINGS}; using the defaults")
    except (OSError, ValueError) as error:
        print(f"✗ Could not read the settings: {error}")
        return 1
    print(f"✓ Shows the time as {datetime.datetime.now().strftime(FORMAT)}")
    print(f"✓ Can write to {DATA}" if os.access(DATA, os.W_OK) else f"✗ Cannot write to {DATA}")


def main():
    parser = argparse.ArgumentParser(prog="lamp-clock")
    parser.add_argument("--version", action="version", version=f"lamp-clock {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("doctor")
    serving = commands.add_parser("serve")
    serving.add_argument("--port", type=int)
    chosen = parser.parse_args()
    if chosen.command == "doctor":
        sys.stdout.reconfigure(encoding="utf-8")
        return doctor()
    return serve(chosen.port or int(os.environ.get("LAMP_CLOCK_PORT") or settings().get("port", 8099)))


if __name__ == "__main__":
    sys.exit(main())
