"""The Python programs beside this one."""

import os
import sys


def interpreters():
    """Paths of programs that may be this Python, the likeliest first; whether one is shows when it has started.

    Inside QGIS `sys.executable` may be another Python of the PATH, or QGIS itself, which would open another window:
    what stands where this Python is installed comes first, then what lies beside QGIS (as in the bundles of macOS),
    and only programs that are called Python count.
    """
    version = f"python3.{sys.version_info[1]}"
    names = ["python.exe", "python3.exe"] if os.name == "nt" else [f"bin/{version}", "bin/python3"]
    places = [os.path.join(sys.exec_prefix, name) for name in names]
    if sys.executable:
        beside = os.path.dirname(sys.executable)
        places += [os.path.join(beside, name) for name in (version, "python3", "python", *names)]
        places.append(sys.executable)
    return [place for place in dict.fromkeys(places) if _is_python(place)]


def _is_python(place):
    folder, name = os.path.split(place)
    if sys.platform == "darwin" and folder == "/usr/bin":
        # It may be Apple's stub, which asks the user to install developer tools.
        return False
    # pythonw.exe has no output to answer with.
    name = name.lower()
    return name.startswith("python") and not name.startswith("pythonw") and os.path.isfile(place)
