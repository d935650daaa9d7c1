"""What was measured of a decoded scene."""

import math
from dataclasses import dataclass, replace
from typing import Optional

import numpy as np

from . import metrics

TABLE_COLUMNS = (
    "band", "wavelength_nm", "compared", "psnr_db", "rmse", "max_error", "bias", "ssim",
    "cam_degrees", "range",
)


@dataclass(frozen=True, eq=False)
class Quality:
    """Figures of a decoded scene against its original over valid samples, in stored units.

    Per band, (bands,) float64, NaN for bands that were not compared (`usable` False):
    ranges: maximum minus minimum of the original; psnr: dB against that range, NaN for a constant
    band, infinite for one without error; rmse; max_error: largest absolute error; bias: mean of
    decoded minus original; ssim; cam: HINER's content angle, degrees.
    wavelengths: (bands,) nm, NaN for bad bands without, or None. sam_map: (rows, cols) degrees, NaN for invalid pixels.
    n_compared: number of samples. decode_seconds: time that decoding took.
    Of the file, where one was measured: n_bytes; rate: bits per sample, bpppb; ratio: bytes of the
    uncompressed samples / n_bytes; paper_rate, paper_psnr: by the method's publication.
    """

    wavelengths: Optional[np.ndarray]
    usable: np.ndarray
    ranges: np.ndarray
    psnr: np.ndarray
    rmse: np.ndarray
    max_error: np.ndarray
    bias: np.ndarray
    ssim: np.ndarray
    cam: np.ndarray
    sam_map: np.ndarray
    n_compared: int
    decode_seconds: float = 0.0
    n_bytes: Optional[int] = None
    rate: Optional[float] = None
    ratio: Optional[float] = None
    paper_rate: Optional[float] = None
    paper_psnr: Optional[float] = None

    @property
    def n_bands(self):
        return len(self.usable)

    @property
    def exact(self):
        """Which bands vary and came back without any error, (bands,) bool."""
        return np.isposinf(self.psnr)

    @property
    def constant(self):
        """Which bands were compared and are constant, so that they have no PSNR, (bands,) bool."""
        return self.usable & (self.ranges == 0)

    @property
    def mean_psnr(self):
        """Mean of the bands' PSNR in dB, as `metrics.mean_psnr` has it."""
        return metrics.mean_psnr(self.psnr)

    @property
    def mean_rmse(self):
        """Mean of the bands' RMSE."""
        return _mean(self.rmse)

    @property
    def mean_ssim(self):
        """Mean of the bands' SSIM, without constant bands."""
        return _mean(self.ssim)

    @property
    def mean_cam(self):
        """Mean of the bands' content angles, degrees."""
        return _mean(self.cam)

    @property
    def mean_sam(self):
        """Mean spectral angle of the valid pixels, degrees."""
        return _mean(self.sam_map)

    @property
    def largest_error(self):
        """Largest absolute error of any sample."""
        return float(np.nanmax(self.max_error)) if self.usable.any() else math.nan

    def ranked_bands(self):
        """The bands that have a PSNR, worst first; 0-based indices."""
        order = np.argsort(self.psnr, kind="stable")
        return order[~np.isnan(self.psnr[order])]

    def of_file(self, n_bytes, description, measured=None):
        """These figures with those of a file of `n_bytes` bytes that holds the scene.

        measured: the file's own `Header.measured`, for the figures by the paper's convention.
        """
        measured = measured or {}
        raw = description.n_samples * np.dtype(description.dtype).itemsize
        return replace(
            self,
            n_bytes=int(n_bytes),
            rate=8 * n_bytes / description.n_samples,
            ratio=raw / n_bytes,
            paper_rate=measured.get("paper_rate_bpppb"),
            paper_psnr=measured.get("paper_psnr_db"),
        )

    def as_dict(self):
        """The figures as JSON's types: None where undefined, "inf" for infinity."""
        figures = {
            "psnr_db": self.mean_psnr,
            "sam_degrees": self.mean_sam,
            "rmse": self.mean_rmse,
            "ssim": self.mean_ssim,
            "cam_degrees": self.mean_cam,
            "max_error": self.largest_error,
            "rate_bpppb": self.rate,
            "ratio": self.ratio,
            "bytes": self.n_bytes,
            "paper_rate_bpppb": self.paper_rate,
            "paper_psnr_db": self.paper_psnr,
            "samples_compared": self.n_compared,
            "decode_seconds": self.decode_seconds,
        }
        document = {name: _plain(value) for name, value in figures.items()}
        document["bands"] = [dict(zip(TABLE_COLUMNS, row)) for row in self.rows()]
        return document

    def rows(self):
        """One tuple per band in the order of `TABLE_COLUMNS`; None where undefined."""
        places = [None] * self.n_bands if self.wavelengths is None else self.wavelengths
        columns = (self.psnr, self.rmse, self.max_error, self.bias, self.ssim, self.cam, self.ranges)
        for band, figures in enumerate(zip(*columns)):
            compared = bool(self.usable[band])
            yield (band + 1, _plain(places[band]), compared, *(_plain(value) for value in figures))


def _mean(values):
    values = values[~np.isnan(values)]
    return float(values.mean()) if values.size else math.nan


def _plain(value):
    if value is None or isinstance(value, int):
        return value
    value = float(value)
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")
