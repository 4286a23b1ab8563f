# A server with data: a database in WAL mode. It refuses data that a newer version has migrated.
import argparse, hashlib, http.server, json, os, pathlib, sqlite3, sys, time

VERSION, SCHEMA, FAULT = "@VERSION@", @SCHEMA@, "@FAULT@"
DATA = pathlib.Path(os.environ.get("LAMP_CLOCK_DATA", "~/.local/share/lamp-clock")).expanduser()


def opened():
    DATA.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(DATA / "lamps.db", check_same_thread=False)
    db.execute("pragma journal_mode=wal")
    found = db.execute("pragma user_version").fetchone()[0]
    if found > SCHEMA:
        sys.exit(f"lamp-clock {VERSION}: the data have schema {found}")
    if found == 0:
        db.execute("create table lamps (number integer primary key, oil text)")
        db.executemany("insert into lamps values (?, ?)", [(n, f"oil {n} " * 8) for n in range(500)])
    if found < 2 and SCHEMA == 2:
        db.execute("update lamps set oil = oil || '+'")
        (DATA / "notes.txt").write_text("migrated")
    db.execute(f"pragma user_version={SCHEMA}")
    db.commit()
    return db


class Lamps(http.server.BaseHTTPRequestHandler):
    db = None

    def do_GET(self):
        rows = Lamps.db.execute("select number, oil from lamps order by number").fetchall()
        body = json.dumps({
            "version": "0.0.1" if FAULT == "wrong version" else VERSION,
            "pid": os.getpid(),
            "schema": Lamps.db.execute("pragma user_version").fetchone()[0],
            "integrity": Lamps.db.execute("pragma integrity_check").fetchone()[0],
            "rows": len(rows),
            "migrated": sum(oil.count("+") for _, oil in rows),
            "sum": hashlib.sha256("".join(f"{n}{oil.rstrip('+')}" for n, oil in rows).encode()).hexdigest(),
        }).encode()
        self.send_response(500 if FAULT == "HTTP 500" else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if FAULT == "responds and dies":
            self.wfile.flush()
            os._exit(3)

    def log_message(self, *arguments):
        pass


def main():
    parser = argparse.ArgumentParser(prog="lamp-clock")
    parser.add_argument("--version", action="version", version=f"lamp-clock {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve")
    serving.add_argument("--port", type=int)
    if FAULT == "fails its test":
        sys.exit("lamp-clock: no oil")
    if FAULT == "hangs in its test":
        time.sleep(3600)
    port = parser.parse_args().port
    Lamps.db = opened()
    if FAULT == "migrates and dies":
        sys.exit(3)
    if FAULT == "never ready":
        time.sleep(3600)
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Lamps).serve_forever()


if __name__ == "__main__":
    sys.exit(main())
