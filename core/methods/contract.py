"""What a method of coding a scene is made of."""

from dataclasses import dataclass, field
from typing import Optional

import numpy as np

from ..scene.scene import Validity

# Rounding of a network's weights: as published, or for the decoded bands' error and the file's size.
QUANTISATIONS = ("minmax", "rdo")


@dataclass(frozen=True)
class CompressOptions:
    """What a user may choose.

    rate: wished bits per sample (bpppb) of the whole file, file_size: wished bytes of it (a method is
    given its rate too), model_size: wished parameters instead. max_error: bound of every valid sample's error, in stored units.
    epochs, target_psnr (dB), bits: None takes the preset's. device: auto, cpu or cuda. quantisation:
    one of QUANTISATIONS.
    """

    method: str = "latent"
    preset: str = "standard"
    rate: Optional[float] = None
    file_size: Optional[int] = None
    max_error: Optional[float] = None
    model_size: Optional[int] = None
    epochs: Optional[int] = None
    target_psnr: Optional[float] = None
    device: str = "auto"
    seed: int = 0
    bits: int = 8
    quantisation: str = "rdo"


@dataclass(frozen=True)
class Plan:
    """What is about to be done: lines to show, and the expected size and time, None where unknown."""

    lines: tuple
    expected_bytes: Optional[int]
    expected_ratio: Optional[float]
    expected_seconds: Optional[float]


@dataclass(frozen=True)
class Subject:
    """What a method is given to code.

    scene: Scene. statistics: BandStatistics, per band over valid samples. grid: SpectralGrid of the
    usable bands.
    """

    scene: object
    statistics: object
    grid: object

    def varying_bands(self):
        """Indices of the usable bands that are not constant: those that need coding."""
        spread = self.statistics.maximum > self.statistics.minimum
        return np.flatnonzero(self.grid.usable & spread)

    def kept_validity(self):
        """The scene's Validity for what the file keeps: bad bands are not among it."""
        validity, usable = self.scene.validity, self.grid.usable
        exceptions = {band: mask for band, mask in validity.exceptions.items() if usable[band]}
        return Validity(validity.pixels, usable, exceptions)


@dataclass(frozen=True)
class Encoded:
    """What a method puts into a file.

    parameters: JSON-able settings that its decoder needs; sections: {name: bytes}.
    history: (seconds, epoch, PSNR in dB) of a training, or empty.
    """

    parameters: dict
    sections: dict
    history: list = field(default_factory=list)

    @property
    def n_bytes(self):
        """Bytes of the sections' payloads."""
        return sum(len(payload) for payload in self.sections.values())


class BandDecoder:
    """Decodes one band, or a wavelength between two bands, at chosen pixels.

    bytes_per_pixel: about how much memory decoding a band takes for each of its pixels.
    first_reduction: pixels along a side of which it decodes one sooner than all of them.
    edges: (rows, columns) at which tiles begin, and where the last end, that it decodes as wholes, for all bands
        in little more than the time of one; None where it decodes any window of a band by itself.
    """

    bytes_per_pixel = 0
    # A network that decodes every second pixel computes what it does for all: its kernels touch them all.
    first_reduction = 4
    edges = None

    def decode(self, point, rows, cols, check=None):
        """Decode a SpectralPoint at the sorted pixel indices rows x cols.

        Returns (len(rows), len(cols)) in the stored units of the point's nearer band, float32, or float64
        for data types that float32 cannot hold. `check` is called now and then and may raise to end the decode.
        """
        raise NotImplementedError

    def keep(self, n_bytes, whole_rows=False):
        """Keep about so much of what was decoded for a walk over the tiles, which goes row by row of them.

        Returns how many columns of tiles wide the walk may be without decoding tiles again and again; with
        `whole_rows` it is as wide as the scene, and what that takes is kept.
        """
        return 1

    def is_at_hand(self, window, step=1):
        """Whether every step'th pixel of a window (row, col, n_rows, n_cols) takes little, as of what came before."""
        return False

    def decode_many(self, points, rows, cols, check=None, coarse=False):
        """`decode` of several SpectralPoints, (len(points), len(rows), len(cols)).

        coarse: for pictures; a value may be a mean around its pixel where that takes less.
        """
        return np.stack([self.decode(point, rows, cols, check) for point in points])


class Method:
    """A registered method. `name` stands in the file, `title` in the list that the user sees."""

    name = title = ""
    presets = ()

    def plan(self, subject, options):
        """What `encode` would do with a Subject (Plan). Raises ParameterError for impossible wishes."""
        raise NotImplementedError

    def encode(self, subject, options, progress):
        """Code a Subject (Encoded). Raises Cancelled, ParameterError, DeviceError."""
        raise NotImplementedError

    def decoder(self, header, section):
        """A BandDecoder for a file with that header; `section(name)` gives a section's bytes.

        Raises FormatError for contents that cannot be.
        """
        raise NotImplementedError

    def paper_figures(self, encoded, header, psnr):
        """{name: figure} by the publication's own convention; `psnr` is (bands,) in dB."""
        return {}
