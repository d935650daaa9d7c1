"""One measurement of a codec: what it cost and how close it came."""

from dataclasses import asdict, dataclass

import numpy as np


@dataclass(frozen=True)
class Point:
    """rate: bits per sample of all bytes; psnr: dB, mean over bands; worst_band: dB; sam: degrees, mean; max_error:
    stored units; seconds to encode (with the search for the point, if any) and to decode all; peak: MiB or None."""

    rate: float
    psnr: float
    worst_band: float
    sam: float
    max_error: float
    encode_s: float
    decode_s: float
    peak_mib: float = None

    def row(self):
        return {name: round(float(v), 4) for name, v in asdict(self).items() if v is not None}


def measured(cube, decoded, n_bytes, encode_s, decode_s, peak_mib=None):
    """The Point of a decoded cube (bands, rows, cols), each band against its own range."""
    x = cube.reshape(len(cube), -1).astype(np.float64)
    y = decoded.reshape(x.shape).astype(np.float64)
    error = ((x - y) ** 2).mean(1)
    psnr = 10 * np.log10(np.ptp(x, axis=1) ** 2 / np.maximum(error, 1e-12))
    dots = (x * y).sum(0) / np.maximum(np.linalg.norm(x, axis=0) * np.linalg.norm(y, axis=0), 1e-30)
    sam = np.degrees(np.arccos(np.clip(dots, -1, 1))).mean()
    rate = 8 * n_bytes / cube.size
    return Point(rate, psnr.mean(), psnr.min(), sam, np.abs(x - y).max(), encode_s, decode_s, peak_mib)
