# Stands for uv where uv cannot be had. It does what `uv tool` documents, as far as the tests need it: the same folders,
# receipts, links and words, in real virtual environments. pip resolves and builds for it, so what it says about
# resolving proves nothing about uv.
import csv, glob, io, json, os, re, shutil, subprocess, sys, tomllib, urllib.parse

VERSION = "0.12.5"
HOME = os.environ["HOME"]
DATA = os.environ.get("XDG_DATA_HOME") or f"{HOME}/.local/share"
TOOLS = os.environ.get("UV_TOOL_DIR") or f"{DATA}/uv/tools"
BIN = (os.environ.get("UV_TOOL_BIN_DIR") or os.environ.get("XDG_BIN_HOME")
       or (f"{os.environ['XDG_DATA_HOME']}/../bin" if os.environ.get("XDG_DATA_HOME") else f"{HOME}/.local/bin"))
BIN = os.path.normpath(BIN)
CACHE = os.environ.get("UV_CACHE_DIR") or f"{os.environ.get('XDG_CACHE_HOME') or HOME + '/.cache'}/uv"


def say(text):
    print(text, file=sys.stderr)


def stop(code, text):
    say(text)
    sys.exit(code)


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


# --- requirements ---------------------------------------------------------------------------------------------------
def requirement(text, editable=False):
    """What a command line says, as the receipt writes it (without the name where it is not said)."""
    named = re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]*?)\s*(?:\[([^\]]*)\])?\s*(?:@\s*(\S+)|([<>=!~].*)?)", text)
    if named and not os.path.isdir(text):
        entry = {"name": normalised(named[1])}
        if named[2]:
            entry["extras"] = [extra.strip() for extra in named[2].split(",")]
        if named[3]:
            entry.update(source(named[3]))
        elif named[4]:
            entry["specifier"] = named[4].strip()
        return entry
    if os.path.isdir(text):
        return {"editable" if editable else "directory": os.path.abspath(text)}
    return source(text)


def source(address):
    if not address.startswith("git+"):
        return {"path": address} if address.startswith("/") else {"url": address}
    address, _, fragment = address[4:].partition("#")
    head, at, revision = address.rpartition("@")
    if not at or "/" not in head.partition("://")[2]:
        head, revision = address, ""
    query = []
    if "subdirectory=" in fragment:
        query.append("subdirectory=" + fragment.partition("subdirectory=")[2])
    if revision:
        query.append("rev=" + urllib.parse.quote(revision, safe="/._-"))
    return {"git": head + ("?" + "&".join(query) if query else "")}


def for_pip(entry):
    """The words for pip."""
    extras = "[" + ",".join(entry["extras"]) + "]" if entry.get("extras") else ""
    if "git" in entry:
        url, _, query = entry["git"].partition("?")
        said = urllib.parse.parse_qs(query)
        revision = next((said[key][0] for key in ("branch", "tag", "rev") if key in said), "")
        egg = f"#egg={entry['name']}{extras}" if extras else ""
        if "subdirectory" in said:
            egg += ("&" if egg else "#") + "subdirectory=" + said["subdirectory"][0]
        return ["git+" + url + ("@" + revision if revision else "") + egg]
    if "editable" in entry:
        return ["-e", entry["editable"]]
    for key in ("directory", "path", "url"):
        if key in entry:
            return [entry[key]]
    return [entry["name"] + extras + entry.get("specifier", "")]


# --- environments ---------------------------------------------------------------------------------------------------
def pip(environment, *words):
    own = f"{CACHE}/pip"
    if not os.path.exists(f"{own}/bin/pip"):
        subprocess.run([sys.executable, "-m", "venv", own], check=True, stdout=subprocess.DEVNULL)
    variables = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    if os.environ.get("UV_FIND_LINKS"):
        variables["PIP_FIND_LINKS"] = os.environ["UV_FIND_LINKS"]
    if os.environ.get("UV_NO_INDEX"):
        variables["PIP_NO_INDEX"] = "1"
    ran = subprocess.run([f"{own}/bin/python", "-m", "pip", "--python", f"{environment}/bin/python", *words],
                         env=variables, capture_output=True, text=True)
    if ran.returncode:
        say("  × Failed to resolve dependencies")
        stop(1, "  ╰─▶ " + ran.stderr.strip().splitlines()[-1])


def infos(environment):
    return glob.glob(f"{environment}/lib/python*/site-packages/*.dist-info")


def metadata(info):
    with open(f"{info}/METADATA", encoding="utf-8") as text:
        headers = dict(line.rstrip("\n").split(": ", 1) for line in text.read().split("\n\n")[0].splitlines() if ": " in line)
    return normalised(headers["Name"]), headers["Version"]


def versions(environment):
    return dict(metadata(info) for info in infos(environment))


def as_uv_writes_it(environment, asked):
    """INSTALLER, REQUESTED and direct_url.json, with their lines in RECORD."""
    for info in infos(environment):
        name, _ = metadata(info)
        written = {"INSTALLER": "uv", "REQUESTED": ""}
        known = f"{info}/direct_url.json"
        if os.path.exists(known):
            old = json.load(open(known, encoding="utf-8"))
            # pip decodes the address of a local repository; uv leaves it as it was asked for.
            new = {"url": asked["git"].partition("?")[0] if name == asked["name"] and "git" in asked else old["url"]}
            if "vcs_info" in old:
                said = old["vcs_info"]
                new["vcs_info"] = {key: said[key] for key in ("vcs", "commit_id", "requested_revision") if key in said}
            elif "archive_info" in old:
                new["archive_info"] = {}
            else:
                editable = old["dir_info"].get("editable")
                new["dir_info"] = {"editable": True} if editable else {}
            if "subdirectory" in old:
                new["subdirectory"] = old["subdirectory"]
            written["direct_url.json"] = json.dumps(new, separators=(",", ":"))
        for file, text in written.items():
            with open(f"{info}/{file}", "w", encoding="utf-8") as out:
                out.write(text)
        base = os.path.basename(info)
        rows = [row for row in csv.reader(open(f"{info}/RECORD", encoding="utf-8"))
                if row and row[0] not in {f"{base}/{file}" for file in written}]
        rows[-1:-1] = [[f"{base}/{file}", "", ""] for file in written]
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        with open(f"{info}/RECORD", "w", encoding="utf-8") as record:
            record.write(out.getvalue())


def entry_points(environment, name):
    found = []
    for info in infos(environment):
        if metadata(info)[0] != name or not os.path.exists(f"{info}/entry_points.txt"):
            continue
        group = ""
        for line in open(f"{info}/entry_points.txt", encoding="utf-8"):
            line = line.strip()
            if line.startswith("["):
                group = line.strip("[]")
            elif "=" in line and group in ("console_scripts", "gui_scripts"):
                found.append(line.split("=")[0].strip())
    return sorted(found)


# --- receipts -------------------------------------------------------------------------------------------------------
def inline(entry):
    parts = []
    for key, value in entry.items():
        parts.append(f"{key} = " + ("[" + ", ".join(map(quoted, value)) + "]" if isinstance(value, list) else quoted(value)))
    return "{ " + ", ".join(parts) + " }"


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def array(key, values, always=False):
    if len(values) == 1 and not always:
        return f"{key} = [{values[0]}]\n"
    return f"{key} = [\n" + "".join(f"    {value},\n" for value in values) + "]\n"


def write_receipt(environment, table):
    text = "[tool]\n" + array("requirements", [inline(entry) if isinstance(entry, dict) else quoted(entry) for entry in table["requirements"]])
    for key in ("constraints", "overrides"):
        if table.get(key):
            text += array(key, [inline(entry) for entry in table[key]])
    if table.get("python"):
        text += f"python = {quoted(table['python'])}\n"
    text += array("entrypoints", [inline(entry) for entry in table["entrypoints"]], always=True)
    if table.get("options"):
        text += "\n[tool.options]\n" + "".join(f"{key} = {quoted(value)}\n" for key, value in table["options"].items())
    with open(f"{environment}/uv-receipt.toml", "w", encoding="utf-8") as receipt:
        receipt.write(text)


def link(environment, name, force):
    programs = entry_points(environment, name)
    if not programs:
        shutil.rmtree(environment)
        print(f"No executables are provided by package `{name}`; removing tool")
        sys.exit(2)
    os.makedirs(BIN, exist_ok=True)
    there = [program for program in programs if os.path.lexists(f"{BIN}/{program}")]
    if there and not force:
        shutil.rmtree(environment)
        stop(2, f"error: Executable already exists: {there[0]} (use `--force` to overwrite)" if len(there) == 1 else
             f"error: Executables already exist: {', '.join(there)} (use `--force` to overwrite)")
    for program in programs:
        if os.path.lexists(f"{BIN}/{program}"):
            os.remove(f"{BIN}/{program}")
        os.symlink(f"{environment}/bin/{program}", f"{BIN}/{program}")
    say(f"Installed {len(programs)} executable{'s' if len(programs) > 1 else ''}: {', '.join(programs)}")
    return [{"name": program, "install-path": f"{BIN}/{program}", "from": name} for program in programs]


# --- verbs ----------------------------------------------------------------------------------------------------------
def install(words):
    asked, others, force, again, python, editable, options = None, [], False, False, None, False, {}
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "--force":
            force = True
        elif word == "--reinstall":
            again = True
        elif word == "--with":
            others.append(requirement(words.pop(0)))
        elif word == "--python":
            python = words.pop(0)
        elif word in ("-e", "--editable"):
            editable = True
        elif word == "--index-url":
            options["index-url"] = words.pop(0)
        elif word.startswith("-"):
            stop(2, f"error: unexpected argument '{word}' found")
        else:
            asked = requirement(word, editable)
    environment = f"{TOOLS}/.new"
    shutil.rmtree(environment, ignore_errors=True)
    name = asked.get("name")
    if name:
        environment = f"{TOOLS}/{name}"
        if os.path.exists(environment) and not os.path.exists(f"{environment}/bin/python"):
            say(f"warning: Invalid environment at `{environment}`")
            shutil.rmtree(environment)
            force = True
        if os.path.exists(environment) and not force:
            with open(f"{environment}/uv-receipt.toml", "rb") as text:
                known = tomllib.load(text)["tool"]
            if known["requirements"] == [asked, *others] and not again:
                say(f"`{name}` is already installed")
                return
            # Other requirements: the receipt is written anew, the environment is changed where it is.
            for entry in known["entrypoints"]:
                os.remove(entry["install-path"])
        else:
            shutil.rmtree(environment, ignore_errors=True)
    os.makedirs(TOOLS, exist_ok=True)
    open(f"{TOOLS}/.lock", "a").close()
    with open(f"{TOOLS}/.gitignore", "w") as ignore:
        ignore.write("*")
    if not os.path.exists(environment):
        make(environment)
    pip(environment, "install", *for_pip(asked))
    if not name:
        # A folder, a wheel or an address alone: what it is called is known when it is there.
        name = next(metadata(info)[0] for info in infos(environment) if os.path.exists(f"{info}/direct_url.json"))
        asked = {"name": name, **asked}
        shutil.rmtree(f"{TOOLS}/{name}", ignore_errors=True)
        shutil.rmtree(environment)
        environment = f"{TOOLS}/{name}"
        make(environment)
        pip(environment, "install", *for_pip(asked))
    for other in others:
        pip(environment, "install", *for_pip(other))
    as_uv_writes_it(environment, asked)
    write_receipt(environment, {"requirements": [asked, *others], "python": python,
                                "entrypoints": link(environment, name, force), "options": options})


def make(environment):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    with open(f"{environment}/pyvenv.cfg", "a") as configuration:
        configuration.write(f"uv = {VERSION}\n")
    with open(f"{environment}/CACHEDIR.TAG", "w") as tag:
        tag.write("Signature: 8a477f597d28d172789f06886806bc55")


def upgrade(words):
    again, spec, words = None, None, list(words)
    while words:
        word = words.pop(0)
        if word == "--reinstall-package":
            again = normalised(words.pop(0))
        elif word == "--reinstall":
            again = True
        elif word.startswith("-"):
            stop(2, f"error: unexpected argument '{word}' found")
        else:
            spec = requirement(word)
    name = spec["name"]
    again = name if again is True else again
    environment = f"{TOOLS}/{name}"
    if not os.path.exists(environment):
        stop(1, f"error: Failed to upgrade {name}\n  Caused by: `{name}` is not installed; run `uv tool install {name}` to install")
    try:
        with open(f"{environment}/uv-receipt.toml", "rb") as text:
            table = tomllib.load(text)["tool"]
    except (OSError, ValueError, KeyError):
        stop(1, f"error: Failed to upgrade {name}\n  Caused by: `{name}` is missing a valid receipt; run `uv tool install --force {name}` to reinstall")
    before = versions(environment)
    asked = next(entry if isinstance(entry, dict) else requirement(entry) for entry in table["requirements"]
                 if (entry if isinstance(entry, dict) else requirement(entry))["name"] == name)
    this_run = dict(asked)
    if "specifier" in spec:
        this_run["specifier"] = ",".join(filter(None, [asked.get("specifier", ""), spec["specifier"]]))
    pip(environment, "install", "--upgrade", *for_pip(this_run))
    if again == name:
        pip(environment, "install", "--force-reinstall", "--no-deps", *for_pip(this_run))
    as_uv_writes_it(environment, asked)
    after = versions(environment)
    if before == after and again != name:
        say("Nothing to upgrade")
        return
    say(f"Updated {name} v{before[name]} -> v{after[name]}" if before[name] != after[name] else f"Reinstalled {name} v{after[name]}")
    for entry in table["entrypoints"]:
        if os.path.lexists(entry["install-path"]):
            os.remove(entry["install-path"])
    table["entrypoints"] = link(environment, name, True)
    write_receipt(environment, table)


def listing():
    names = sorted(name for name in (os.listdir(TOOLS) if os.path.isdir(TOOLS) else []) if not name.startswith("."))
    if not names:
        say("No tools installed")
    for name in names:
        try:
            with open(f"{TOOLS}/{name}/uv-receipt.toml", "rb") as text:
                table = tomllib.load(text)["tool"]
            print(f"{name} v{versions(f'{TOOLS}/{name}')[name]}")
            for entry in table["entrypoints"]:
                print(f"- {entry['name']}")
        except (OSError, ValueError, KeyError):
            say(f"warning: Ignoring malformed tool `{name}` (run `uv tool uninstall {name}` to remove)")


def main(words):
    if words == ["--version"]:
        print(f"uv {VERSION} (stands for it in tests)")
    elif words[:2] == ["tool", "dir"]:
        print(BIN if "--bin" in words else TOOLS)
    elif words[:2] == ["tool", "list"]:
        listing()
    elif words[:2] == ["tool", "install"]:
        install(words[2:])
    elif words[:2] == ["tool", "upgrade"]:
        upgrade(words[2:])
    else:
        stop(2, f"error: unrecognized subcommand '{' '.join(words)}'")


main(sys.argv[1:])
