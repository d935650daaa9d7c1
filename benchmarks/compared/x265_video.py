"""x265 over the bands as the frames of a 12-bit monochrome video, each band over its own range.

Through ffmpeg; counted: the bare stream and four bytes a band for its range. Needs Debian's ffmpeg.
"""

import subprocess
import time

import numpy as np

from .point import measured

TOP = 4095
ENCODE = "ffmpeg -hide_banner -loglevel error -y -f rawvideo -pix_fmt gray12le -s {cols}x{rows} -r 25 -i - -c:v libx265"
DECODE = "ffmpeg -hide_banner -loglevel error -f hevc -i - -f rawvideo -pix_fmt gray12le -"


def curve(cube, quantisers, preset="slow"):
    """[Point] at constant quantisers (x265's qp)."""
    return [_point(cube, quantiser, preset) for quantiser in quantisers]


def _point(cube, quantiser, preset):
    low, span = cube.min((1, 2), keepdims=True), np.ptp(cube, axis=(1, 2), keepdims=True).astype(np.float64)
    frames = np.rint((cube - low) / span * TOP).astype("<u2")
    rows, cols = cube.shape[1:]
    # x265 takes even sizes of 32 and more.
    padding = ((0, 0), (0, max(rows % 2, 32 - rows)), (0, max(cols % 2, 32 - cols)))
    padded = np.pad(frames, padding, mode="edge")
    size = dict(rows=padded.shape[1], cols=padded.shape[2])
    options = f"-preset {preset} -x265-params qp={quantiser}:log-level=none:pools=1:frame-threads=1 -f hevc -"
    started = time.monotonic()
    stream = _run([*ENCODE.format(**size).split(), *options.split()], padded.tobytes())
    encoded = time.monotonic()
    out = np.frombuffer(_run(DECODE.split(), stream), "<u2").reshape(padded.shape)[:, :rows, :cols]
    decoded = out * span / TOP + low
    return measured(
        cube, decoded, len(stream) + 4 * len(cube), encoded - started, time.monotonic() - encoded
    )


def _run(command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout
