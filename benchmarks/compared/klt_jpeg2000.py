"""The codec to beat: KLT across bands and JPEG 2000 of the planes.

Every plane is brought to the same squared error by bisecting its rate. Counted: the codestreams, basis
and mean at 16 bits a value, one byte a plane, 64 bytes of header. `strict` leaves out the main headers of
all codestreams but one, which a container of its own would not repeat.
"""

import time

import numpy as np
from hiner.core.methods.latent import spectral, wavelet

from . import jpeg2000
from .point import measured


def curve(cube, targets, weighting):
    """[(Point, strict rate)]; targets: dB of the planes' error.

    weighting: "plain" one weight for all bands, "weights" with the latent method's own band weights at each
    step: a stronger anchor than anybody's practice.
    """
    x = cube.reshape(len(cube), -1).astype(np.float64)
    span, mean = np.ptp(x, axis=1), x.mean(1)
    span = np.full(len(span), np.exp(np.log(span).mean())) if weighting == "plain" else span
    relative = (x - mean[:, None]) / span[:, None]
    return [_point(cube, relative, span, mean, 10 ** (-target / 10), weighting) for target in targets]


def _point(cube, relative, span, mean, error, weighting):
    started = time.monotonic()
    weight = np.ones(len(cube))
    if weighting == "weights":
        covariance = relative @ relative.T / relative.shape[1]
        sample = spectral.sample_of(*wavelet.forward(relative.reshape(cube.shape).astype(np.float32), 4))
        weight = spectral.band_weights(covariance, sample, np.sqrt(12 * error) / 1.75)
    y = relative * weight[:, None]
    values, basis = spectral.transform(y @ y.T / y.shape[1])
    planes, size, strict = np.zeros_like(y), 64, 64
    n_planes = int((values > error).sum())
    for k in range(n_planes):
        n_bytes, head, decoded = jpeg2000.smallest((basis[:, k] @ y).reshape(cube.shape[1:]), error)
        planes[k], size, strict = decoded.ravel(), size + n_bytes, strict + n_bytes - (head if k else 0)
    side = 2 * len(cube) * (n_planes + (1 if weighting == "plain" else 2)) + n_planes
    decoded = (basis @ planes) / weight[:, None] * span[:, None] + mean[:, None]
    point = measured(cube, decoded, size + side, time.monotonic() - started, 0.0)
    return point, 8 * (strict + side) / cube.size
