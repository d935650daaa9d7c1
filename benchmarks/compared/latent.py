"""This plugin's method `latent`, whole files as read back from disk, each in a process of its own."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from .point import Point, measured


def curve(cube, wavelengths, targets):
    """[(Point, planes)]; targets in dB."""
    return [run(cube, wavelengths, target_psnr=target) for target in targets]


def run(cube, wavelengths, **options):
    """(Point, planes) of one file; options of CompressOptions. Memory: the process's peak over its imports'."""
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "scene.npz", cube=cube, wavelengths=wavelengths)
        script = Path(__file__).parents[1] / "one_file.py"
        command = [sys.executable, str(script), folder, json.dumps(options)]
        out = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    row, planes = json.loads(out.splitlines()[-1])
    return Point(**row), planes


def one_file(folder, options):
    """What the process does: ({figures}, planes)."""
    from hiner.core.codec import CompressOptions, compress
    from hiner.core.hnr_file import HnrFile
    from hiner.core.scene.description import Band, SceneDescription
    from hiner.core.scene.scene import Scene
    from hiner.core.scene.validity import validity_of

    imports = _peak_mib()
    with np.load(Path(folder) / "scene.npz") as arrays:
        cube, wavelengths = arrays["cube"], arrays["wavelengths"]
    bands = tuple(Band(float(w), None) for w in wavelengths)
    description = SceneDescription(*cube.shape[1:], bands, cube.dtype.name, None)
    scene = Scene(description, cube, validity_of(cube, None))
    path, started = Path(folder) / "a.hnr", time.monotonic()
    outcome = compress(scene, path, CompressOptions(method="latent", **options))
    encoded = time.monotonic()
    peak = _peak_mib() - imports
    decoded = HnrFile(path).read_bands(range(len(cube)))
    seconds = encoded - started, time.monotonic() - encoded
    point = measured(cube, decoded, path.stat().st_size, *seconds, peak)
    return point.row(), outcome.header.parameters["planes"]


def _peak_mib():
    """Of this process alone: getrusage counts what the parent held before."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
