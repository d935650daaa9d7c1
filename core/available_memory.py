"""How much memory programs can still take, where the system does not say no itself.

Linux hands out more than there is and ends a program that uses it, QGIS with all that was not saved;
Windows and macOS refuse, or make room on the disk.
"""

from pathlib import Path

_MEMINFO = Path("/proc/meminfo")


def available_memory():
    """Bytes of memory and swap that are free or can be freed, None where the system does not tell."""
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    kibibytes = dict(line.split(":", 1) for line in lines if ":" in line)
    try:
        return 1024 * sum(int(kibibytes[key].split()[0]) for key in ("MemAvailable", "SwapFree"))
    except (KeyError, ValueError, IndexError):
        return None
