# A build backend (PEP 517, PEP 660) of one file and one module, so that pip needs no index.
import base64, hashlib, os, zipfile

NAME, VERSION = "lamp_clock", "@VERSION@"
INFO = f"{NAME}-{VERSION}.dist-info"


def _wheel(folder, files):
    name = f"{NAME}-{VERSION}-py3-none-any.whl"
    files = dict(files)
    files[f"{INFO}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: lamp-clock\nVersion: {VERSION}\nRequires-Python: >=3.9\n"
    )
    files[f"{INFO}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: backend\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{INFO}/entry_points.txt"] = "[console_scripts]\nlamp-clock = lamp_clock:main\n"
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text.encode())}\n"
    files[f"{INFO}/RECORD"] = record + f"{INFO}/RECORD,,\n"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with open("lamp_clock.py", encoding="utf-8") as source:
        return _wheel(wheel_directory, {"lamp_clock.py": source.read()})


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return _wheel(wheel_directory, {"__editable__lamp_clock.pth": os.getcwd() + "\n"})
