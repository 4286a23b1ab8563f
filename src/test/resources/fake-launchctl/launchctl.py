"""A stand-in for macOS's launchd and launchctl, for tests on other systems.

    launchctl.py FOLDER          runs the manager, until it is ended
    client.py FOLDER VERB ...    is launchctl

It starts real processes. What it says, and with which exit codes, follows transcripts of real Macs (macOS 14 to 27).
FOLDER/config.json: uid, domains (["gui", "user"]), throttle (seconds between starts, where the agent names none),
unitSeconds (how long a second of an agent's own settings takes), teardown (seconds that a bootout goes on after it
returned), boolean (print-disabled as old systems say it), legacy (knows no modern verbs), lag (seconds that kickstart
and bootstrap need until the process is there).
"""
import json, os, plistlib, signal, socket, stat, subprocess, sys, threading, time

ERRORS = {1: "Operation not permitted", 2: "No such file or directory", 3: "No such process",
          5: "Input/output error", 36: "Operation now in progress", 37: "Operation already in progress",
          109: "Invalid property list", 112: "Could not find specified domain",
          113: "Could not find specified service", 119: "Service is disabled",
          125: "Domain does not support specified action", 134: "Service cannot load in requested session"}
MODERN = ("bootstrap", "bootout", "kickstart", "kill", "enable", "disable", "print", "print-disabled", "managername")


class Job:
    def __init__(self, manager, domain, path, plist):
        self.manager, self.domain, self.path, self.plist = manager, domain, path, plist
        self.label = plist["Label"]
        self.process = None
        self.runs = 0
        self.state = "not running"
        self.exit = None          # "0", "1", "78: EX_CONFIG"
        self.signal = None        # "Terminated: 15"
        self.leaving = False
        self.started = 0.0
        self.timer = None

    def seconds(self, key, otherwise):
        unit = self.manager.config.get("unitSeconds", 1.0)
        return self.plist[key] * unit if key in self.plist else otherwise

    def throttle(self):
        return self.seconds("ThrottleInterval", self.manager.config.get("throttle", 10))

    def keeps(self):
        keep = self.plist.get("KeepAlive")
        if isinstance(keep, dict):
            wanted = keep.get("SuccessfulExit")
            return wanted is not None and (self.exit == "0") == wanted
        return bool(keep)

    def starts_alone(self):
        keep = self.plist.get("KeepAlive")
        return bool(self.plist.get("RunAtLoad")) or keep is True or isinstance(keep, dict) and "SuccessfulExit" in keep

    def spawn(self):
        with self.manager.lock:
            self.timer = None
            if self.leaving or self.process is not None:
                return
            wait = self.started + self.throttle() - time.time() if self.runs else 0
            if wait > 0:
                self.schedule(wait)
                return
            self.runs += 1
            self.started = time.time()
            environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": os.path.expanduser("~"),
                           "USER": "ada", "LOGNAME": "ada", "TMPDIR": "/tmp/", "SHELL": "/bin/sh",
                           "XPC_SERVICE_NAME": self.label}
            environment.update(self.plist.get("EnvironmentVariables", {}))
            try:
                out = self.stream("StandardOutPath")
                err = self.stream("StandardErrorPath")
                argv = self.plist.get("ProgramArguments") or [self.plist["Program"]]
                self.process = subprocess.Popen(
                    argv, executable=self.plist.get("Program"), env=environment,
                    cwd=self.plist.get("WorkingDirectory", "/"), stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                    start_new_session=True)
            except OSError:
                self.exit, self.signal = "78: EX_CONFIG", None
                self.after()
                return
            self.state = "running"
            threading.Thread(target=self.reap, args=(self.process,), daemon=True).start()

    def stream(self, key):
        path = self.plist.get(key)
        return open(path, "ab") if path else subprocess.DEVNULL

    def schedule(self, seconds):
        self.state = "spawn scheduled"
        self.timer = threading.Timer(seconds, self.spawn)
        self.timer.daemon = True
        self.timer.start()

    def reap(self, process):
        code = process.wait()
        with self.manager.lock:
            if not self.plist.get("AbandonProcessGroup"):
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except OSError:
                    pass
            self.process = None
            if code < 0:
                names = {15: "Terminated", 9: "Killed", 2: "Interrupt", 11: "Segmentation fault", 6: "Abort trap"}
                self.signal, self.exit = "%s: %d" % (names.get(-code, "Signal"), -code), None
            else:
                self.exit, self.signal = str(code), None
            self.after()

    def after(self):
        if self.leaving:
            self.manager.gone(self)
        elif self.keeps() or self.exit == "78: EX_CONFIG":
            self.schedule(max(0.0, self.started + self.throttle() - time.time()))
        else:
            self.state = "not running"

    def leave(self):
        self.leaving = True
        if self.timer:
            self.timer.cancel()
        if self.process is None:
            self.manager.gone(self)
            return
        self.state = "SIGTERMed"
        process = self.process
        process.send_signal(signal.SIGTERM)

        def kill():
            if process.poll() is None:
                process.kill()
        timer = threading.Timer(self.seconds("ExitTimeOut", 5), kill)
        timer.daemon = True
        timer.start()

    def text(self):
        p = self.plist
        argv = p.get("ProgramArguments") or [p["Program"]]
        keep = p.get("KeepAlive")
        lines = ["%s/%s = {" % (self.domain, self.label),
                 "\tactive count = %d" % (self.process is not None),
                 "\tpath = " + self.path, "\ttype = LaunchAgent", "\tstate = " + self.state, "",
                 "\tprogram = " + (p.get("Program") or argv[0]), "\targuments = {"]
        lines += ["\t\t" + a for a in argv] + ["\t}", ""]
        if "WorkingDirectory" in p:
            lines += ["\tworking directory = " + p["WorkingDirectory"], ""]
        lines += ["\t%s path = %s" % (n, p[k]) for n, k in (("stdout", "StandardOutPath"),
                                                            ("stderr", "StandardErrorPath")) if k in p]
        lines += ["\tdefault environment = {", "\t\tPATH => /usr/bin:/bin:/usr/sbin:/sbin", "\t}", "",
                  "\tenvironment = {", "\t\tOSLogRateLimit => 64"]
        lines += ["\t\t%s => %s" % e for e in p.get("EnvironmentVariables", {}).items()]
        lines += ["\t\tXPC_SERVICE_NAME => " + self.label, "\t}", "",
                  "\tdomain = %s [100057]" % self.domain, "\tasid = 100057",
                  "\tminimum runtime = %d" % p.get("ThrottleInterval", 10),
                  "\texit timeout = %d" % p.get("ExitTimeOut", 5), "\truns = %d" % self.runs]
        if self.process is not None:
            lines += ["\tpid = %d" % self.process.pid, "\timmediate reason = speculative", "\tforks = 0",
                      "\texecs = 1", "\tinitialized = 1"]
        if self.signal:
            lines.append("\tlast terminating signal = " + self.signal)
        else:
            lines.append("\tlast exit code = " + (self.exit or "(never exited)"))
        if isinstance(keep, dict):
            lines += ["", "\tsemaphores = {", "\t\tsuccessful exit => %d" % bool(keep.get("SuccessfulExit")), "\t}"]
        lines += ["", "\tresource coalition = {", "\t\tID = 9196", "\t\ttype = resource", "\t\tstate = active",
                  "\t\tactive count = 1", "\t\tname = " + self.label, "\t}", "", "\tspawn type = daemon (3)",
                  "\tjetsam priority = 40", "", "\tproperties = %srunatload | inferred program"
                  % ("keepalive | " if keep is True else ""), "}"]
        return "\n".join(lines) + "\n"

    def dictionary(self):
        lines = ["{", '\t"LimitLoadToSessionType" = "Aqua";', '\t"Label" = "%s";' % self.label, '\t"OnDemand" = false;']
        if self.signal:
            lines.append('\t"LastExitStatus" = %s;' % self.signal.split(": ")[1])
        else:
            lines.append('\t"LastExitStatus" = %d;' % (int((self.exit or "0").split(":")[0]) << 8))
        if self.process is not None:
            lines.append('\t"PID" = %d;' % self.process.pid)
        return "\n".join(lines + ["};"]) + "\n"


class Manager:
    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.RLock()
        self.jobs = {}
        self.overrides = {}

    @property
    def config(self):
        with open(os.path.join(self.folder, "config.json")) as file:
            return json.load(file)

    def gone(self, job):
        def remove():
            with self.lock:
                if self.jobs.get((job.domain, job.label)) is job:
                    del self.jobs[job.domain, job.label]
        delay = self.config.get("teardown", 0)
        if delay:
            timer = threading.Timer(delay, remove)
            timer.daemon = True
            timer.start()
        else:
            remove()

    def has_domain(self, domain):
        kind, _, uid = domain.partition("/")
        config = self.config
        return kind in config.get("domains", ["gui", "user"]) and uid == str(config["uid"])

    @staticmethod
    def where(domain):
        kind, _, uid = domain.partition("/")
        return "domain for %s: %s" % ("user gui" if kind == "gui" else "uid", uid)

    def answer(self, argv):
        if not argv:
            return 64, "", "Usage: launchctl <subcommand>\n"
        verb = argv[0]
        if self.config.get("legacy") and verb in MODERN:
            return 64, "", 'Unrecognized subcommand: %s\n' % verb
        handler = getattr(self, "do_" + verb.replace("-", "_"), None)
        return handler(argv[1:]) if handler else (64, "", "Unrecognized subcommand: %s\n" % verb)

    def target(self, text, label=True):
        parts = text.split("/")
        if parts[0] not in ("gui", "user") or len(parts) != (3 if label else 2) or not parts[1].isdigit():
            return None
        return "/".join(parts[:2]), parts[2] if label else None

    def find(self, text, request="Bad request.\n"):
        """The job, or the answer why there is none."""
        target = self.target(text)
        if target is None:
            return None, (64, "", "Unrecognized target specifier.\n")
        domain, label = target
        if not self.has_domain(domain):
            return None, (112, "", request + "Could not find %s\n" % self.where(domain))
        job = self.jobs.get(target)
        if job is None:
            return None, (113, "", request + 'Could not find service "%s" in %s\n' % (label, self.where(domain)))
        return job, None

    def do_managername(self, argv):
        return 0, ("Aqua" if "gui" in self.config.get("domains", ["gui"]) else "Background") + "\n", ""

    def do_print(self, argv):
        if len(argv) == 1 and argv[0].count("/") == 1:
            target = self.target(argv[0], False)
            if target is None:
                return 64, "", "Unrecognized target specifier.\n"
            if not self.has_domain(target[0]):
                return 112, "", "Bad request.\nCould not find %s\n" % self.where(target[0])
            rows = ["\t\t%8s      %s \t%s" % (j.process.pid if j.process else 0, "-", j.label)
                    for j in self.jobs.values() if j.domain == target[0]]
            return 0, "%s = {\n\tservices = {\n%s\n\t}\n}\n" % (target[0], "\n".join(rows)), ""
        job, problem = self.find(argv[0]) if len(argv) == 1 else (None, (64, "", "Unrecognized target specifier.\n"))
        return problem or (0, job.text(), "")

    def do_print_disabled(self, argv):
        target = self.target(argv[0], False) if argv else None
        if target is None:
            return 64, "", "Unrecognized target specifier.\n"
        if not self.has_domain(target[0]):
            return 112, "", "Bad request.\nCould not find %s\n" % self.where(target[0])
        if self.config.get("boolean"):
            rows = ['\t"%s" => %s' % (label, "true" if off else "false") for label, off in self.overrides.items()]
            return 0, "disabled services = {\n%s\n}\nlogin item associations = {\n}\n" % "\n".join(rows), ""
        rows = ['\t\t"%s" => %s' % (label, "disabled" if off else "enabled") for label, off in self.overrides.items()]
        return 0, "\n\tdisabled services = {\n%s\n\t}\n\n\tlogin item associations = {\n\t\t\"x\" => disabled\n\t}\n" \
            % "\n".join(rows), ""

    def do_enable(self, argv, off=False):
        target = self.target(argv[0]) if argv else None
        if target is None:
            return 64, "", "Unrecognized target specifier.\n"
        self.overrides[target[1]] = off
        return 0, "", ""

    def do_disable(self, argv):
        return self.do_enable(argv, True)

    def load(self, domain, path):
        """An error number, or the job."""
        try:
            info = os.stat(path)
            with open(path, "rb") as file:
                plist = plistlib.load(file)
        except FileNotFoundError:
            return 2
        except Exception:
            return 5
        if info.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or info.st_uid != os.getuid():
            return 5
        if not isinstance(plist.get("Label"), str) or not (plist.get("ProgramArguments") or plist.get("Program")):
            return 5
        session = plist.get("LimitLoadToSessionType", "Aqua")
        wanted = "Aqua" if domain.startswith("gui/") else "Background"
        if wanted not in ([session] if isinstance(session, str) else session):
            return 5     # 134, as newer systems report it
        if self.overrides.get(plist["Label"], plist.get("Disabled", False)):
            return self.config.get("disabledError", 5)
        if (domain, plist["Label"]) in self.jobs:
            return 5 if not self.jobs[domain, plist["Label"]].leaving else 37
        job = self.jobs[domain, plist["Label"]] = Job(self, domain, os.path.realpath(path), plist)
        if job.starts_alone():
            lag = self.config.get("lag", 0)
            if lag:
                job.schedule(lag)
            else:
                job.spawn()
        return job

    def do_bootstrap(self, argv):
        target = self.target(argv[0], False) if len(argv) == 2 else None
        if target is None:
            return 64, "", "Unrecognized target specifier.\n"
        number = self.load(target[0], argv[1]) if self.has_domain(target[0]) else 125
        if isinstance(number, Job):
            return 0, "", ""
        return number, "", "Bootstrap failed: %d: %s\n" % (number, ERRORS[number])

    def do_bootout(self, argv):
        job, problem = self.find(argv[0], "") if argv else (None, (64, "", "Unrecognized target specifier.\n"))
        if problem and problem[0] == 113:
            return 3, "", "Boot-out failed: 3: No such process\n"
        if problem:
            return problem
        if job.leaving:
            return 36, "", "Boot-out failed: 36: Operation now in progress\n"
        job.leave()
        return 0, "", ""

    def do_kickstart(self, argv):
        flags = [a for a in argv if a.startswith("-")]
        rest = [a for a in argv if not a.startswith("-")]
        job, problem = self.find(rest[0], "") if rest else (None, (64, "", "Unrecognized target specifier.\n"))
        if problem:
            return problem
        if job.process is not None and "-k" not in flags:
            return 37, "", "Could not kickstart service: 37: Operation already in progress\n"
        if job.process is not None:
            job.process.send_signal(signal.SIGKILL)
        if job.timer:
            job.timer.cancel()
        job.started = 0.0
        job.spawn()
        return 0, "", ""

    def do_kill(self, argv):
        job, problem = self.find(argv[1], "") if len(argv) == 2 else (None, (64, "", "Usage\n"))
        if problem:
            return problem
        if job.process is None:
            return 3, "", "Could not kill service: 3: No such process\n"
        job.process.send_signal(getattr(signal, argv[0]) if argv[0].startswith("SIG") else int(argv[0]))
        return 0, "", ""

    def mine(self):
        kind = "gui" if "gui" in self.config.get("domains", ["gui", "user"]) else "user"
        return "%s/%d" % (kind, self.config["uid"])

    def do_load(self, argv):
        path = argv[-1]
        if "-w" in argv:
            try:
                with open(path, "rb") as file:
                    self.overrides[plistlib.load(file)["Label"]] = False
            except Exception:
                pass
        number = self.load(self.mine(), path)
        if isinstance(number, Job):
            return 0, "", ""
        return 0, "", "Load failed: %d: %s\nTry running `launchctl bootstrap` as root for richer errors.\n" \
            % (number, ERRORS[number])

    def do_unload(self, argv):
        try:
            with open(argv[-1], "rb") as file:
                label = plistlib.load(file)["Label"]
        except Exception:
            label = ""
        if "-w" in argv and label:
            self.overrides[label] = True
        job = self.jobs.get((self.mine(), label))
        if job is None:
            return 0, "", "Unload failed: 5: Input/output error\n" \
                          "Try running `launchctl bootout` as root for richer errors.\n"
        job.leave()
        return 0, "", ""

    def do_list(self, argv):
        if argv:
            job = self.jobs.get((self.mine(), argv[0]))
            if job is None:
                return 113, "", 'Could not find service "%s" in domain for port\n' % argv[0]
            return 0, job.dictionary(), ""
        rows = ["%s\t%s\t%s" % (j.process.pid if j.process else "-", (j.exit or "0").split(":")[0], j.label)
                for j in self.jobs.values() if j.domain == self.mine()]
        return 0, "PID\tStatus\tLabel\n" + "".join(row + "\n" for row in rows), ""

    def do_start(self, argv):
        return self.do_kickstart([self.mine() + "/" + argv[0]])[0] and 3 or 0, "", ""

    def do_simulate_login(self, argv):
        """Not launchctl's: everything ends, and what the folder of agents has begins, as at the next login."""
        for job in list(self.jobs.values()):
            job.leave()
        while any(job.process for job in self.jobs.values()):
            self.lock.release()
            time.sleep(0.02)
            self.lock.acquire()
        self.jobs.clear()
        for name in sorted(os.listdir(argv[0])):
            if name.endswith(".plist"):
                for kind in self.config.get("domains", ["gui", "user"]):
                    self.load("%s/%d" % (kind, self.config["uid"]), os.path.join(argv[0], name))
        return 0, "", ""


def serve(folder):
    manager = Manager(folder)
    server = socket.socket(socket.AF_UNIX)
    server.bind(os.path.join(folder, "s"))
    server.listen(32)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    def one(connection):
        with connection, connection.makefile("rwb") as stream:
            try:
                argv = stream.readline().decode(errors="surrogateescape").rstrip("\n").split("\0")
                with manager.lock:
                    with open(os.path.join(folder, "calls"), "a") as calls:
                        calls.write(json.dumps(argv) + "\n")
                    result = manager.answer(argv)
            except Exception as e:
                result = (70, "", "the simulator: %r\n" % e)
            status, out, err = result
            out = out.encode(errors="surrogateescape")
            stream.write(b"%d %d\n" % (status, len(out)) + out + err.encode(errors="surrogateescape"))
    try:
        while True:
            threading.Thread(target=one, args=(server.accept()[0],), daemon=True).start()
    finally:
        for job in manager.jobs.values():
            if job.process is not None:
                try:
                    os.killpg(job.process.pid, signal.SIGKILL)
                except OSError:
                    pass


serve(sys.argv[1])
