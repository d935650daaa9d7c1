"""The Python programs beside this one."""

import os
import sys
from pathlib import Path


def interpreters():
    """Paths of programs that may be this Python, the likeliest first; whether one is shows when it has started.

    Inside QGIS `sys.executable` may be another Python of the PATH, or QGIS itself, which would open another window:
    what stands where this Python is installed comes first, and only programs that are called Python count.
    """
    folder = Path(sys.exec_prefix)
    if os.name == "nt":
        places = [folder / "python.exe", folder / "python3.exe"]
    else:
        places = [folder / "bin" / f"python3.{sys.version_info[1]}", folder / "bin" / "python3"]
    if sys.executable:
        places.append(Path(sys.executable))
    return [str(place) for place in places if _is_python(place) and place.is_file()]


def _is_python(place):
    name = place.name.lower()
    # pythonw.exe has no output to answer with.
    return name.startswith("python") and not name.startswith("pythonw")
