"""The Python program beside this one, where there is one."""

import os
import sys
from pathlib import Path


def interpreter():
    """Path of a Python program, None where none is found; whether it is of this version shows when it has started.

    Inside QGIS `sys.executable` may be QGIS itself, which would open another window: only programs that are called
    Python count, and those that stand where Python's own installation has them.
    """
    folder = Path(sys.exec_prefix)
    if os.name == "nt":
        places = [folder / "python.exe", folder / "python3.exe"]
    else:
        places = [folder / "bin" / f"python3.{sys.version_info[1]}", folder / "bin" / "python3"]
    if sys.executable:
        places.insert(0, Path(sys.executable))
    for place in places:
        if place.name.lower().startswith("python") and "pythonw" not in place.name.lower() and place.is_file():
            return str(place)
    return None
