"""Everything known about a scene apart from its samples."""

from dataclasses import dataclass, field
from typing import Optional, Tuple

import numpy as np

from .rpc import Rpc

DTYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64")


@dataclass(frozen=True)
class Band:
    """One spectral band; `wavelength` and `fwhm` in nanometres, or None where unknown."""

    wavelength: Optional[float] = None
    fwhm: Optional[float] = None
    good: bool = True
    scale: float = 1.0
    offset: float = 0.0
    name: str = ""


@dataclass(frozen=True)
class GroundControlPoint:
    """A pixel position (column, row) with its place (x, y, z) in the points' CRS."""

    column: float
    row: float
    x: float
    y: float
    z: float = 0.0


@dataclass(frozen=True)
class Georeference:
    """CRS as WKT; an affine geotransform in GDAL's order, or ground control points, or neither.

    rpc: rational polynomial coefficients, which may stand beside either; None where there are none.
    """

    crs_wkt: str = ""
    geotransform: Optional[Tuple[float, ...]] = None
    gcps: Tuple[GroundControlPoint, ...] = ()
    rpc: Optional[Rpc] = None


@dataclass(frozen=True)
class SceneDescription:
    """Shape, data type, bands and place of a scene.

    `nodata` is the value that marks an invalid sample: None where there is none, NaN for floats
    that use it. `metadata` holds the dataset's own text items worth keeping (acquisition time...).
    """

    n_rows: int
    n_cols: int
    bands: Tuple[Band, ...]
    dtype: str
    nodata: Optional[float] = None
    georeference: Georeference = field(default_factory=Georeference)
    metadata: Tuple[Tuple[str, str], ...] = ()
    source: str = ""

    @property
    def n_bands(self):
        return len(self.bands)

    @property
    def n_samples(self):
        """Rows x columns x bands: what a rate in bits per sample (bpppb) is divided by."""
        return self.n_rows * self.n_cols * self.n_bands

    @property
    def wavelengths(self):
        """Band centres in nm, shape (bands,), or None unless every good band has one; NaN for bad bands without."""
        if any(band.wavelength is None for band in self.bands if band.good):
            return None
        values = [np.nan if band.wavelength is None else band.wavelength for band in self.bands]
        return None if np.isnan(values).all() else np.array(values, dtype=np.float64)
