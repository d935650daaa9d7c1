"""Quantising a trained network for the decoded bands' error and the file's size together.

Source: J. Shi, M. Lu, Z. Ma, "Rate-Distortion Optimized Post-Training Quantization for Learned Image
Compression", IEEE Trans. Circuits Syst. Video Technol. 34, 2024. Three steps: how much the bands
feel each weight, on a handful of bands; of each tensor the grid whose error is worth its bits; the
rounding of all weights together.
"""

import math
import time

from ...errors import DeviceError
from ...quantisation.allocation import allocate
from ...training.gpu import SMALLER_MODEL, device_errors
from . import weights

# A file one per cent smaller may have a squared error this many per cent larger.
ERROR_FOR_BYTES = 0.6


def quantised_for_the_bands(tensors, bits, targets, architecture, epochs, seed, device, target_psnr, progress):
    """{section name: bytes} of a trained network, {name: float32 array}.

    Never more bytes than min-max rounding takes, which is kept where it is the better bargain.
    epochs: of the training, of whose time this takes about a tenth. target_psnr: wished dB, under
    which the network does not fall where min-max rounding does not, or None. Raises Cancelled.
    """
    plain = weights.plainly_quantised(tensors, bits)
    try:
        with device_errors(device, SMALLER_MODEL):
            return _the_better(
                tensors, plain, bits, targets, architecture, epochs, seed, device, target_psnr, progress
            )
    except (DeviceError, MemoryError) as error:
        # The training, which took so long, is not lost for it.
        progress.log(f"The weights are rounded by min-max: {str(error) or 'the memory does not suffice.'}")
        return weights.pack(plain, bits)


def _the_better(tensors, plain, bits, targets, architecture, epochs, seed, device, target_psnr, progress):
    """{section name: bytes} of the network as `plain` rounds it, or as is better for the bands."""
    from ...training.rounding import round_together
    from ...training.slopes import squared_slopes
    from ...training.squared_errors import mean_psnr, squared_errors

    started = time.monotonic()
    progress.report(0.0, "Choosing how to round the weights")

    def measured(quantised):
        errors = squared_errors(targets, architecture, weights.as_decoded(quantised), device, progress)
        return errors, weights.pack(quantised, bits)

    errors, plain_sections = measured(plain)
    slopes = squared_slopes(targets, architecture, tensors, errors, device, seed, progress.check)
    grids = allocate(tensors, slopes, bits, progress.check)
    rounded = round_together(
        targets, architecture, tensors, grids, epochs, seed, device, progress.part(0.1, 0.95)
    )
    plain_psnr, plain_bytes = mean_psnr(errors), _size(plain_sections)
    errors, sections = measured(rounded)
    psnr, n_bytes = mean_psnr(errors), _size(sections)
    better = n_bytes <= plain_bytes and _worth(psnr, n_bytes) > _worth(plain_psnr, plain_bytes)
    kept = better and (target_psnr is None or psnr >= min(target_psnr, plain_psnr))
    progress.log(
        f"Quantisation to {bits} bits: {plain_psnr:.2f} dB in {plain_bytes:,} bytes by min-max rounding, "
        f"{psnr:.2f} dB in {n_bytes:,} bytes chosen for error and rate; kept: "
        f"{'the latter' if kept else 'min-max'} ({time.monotonic() - started:.0f} s)"
    )
    progress.report(1.0, "Weights rounded")
    return sections if kept else plain_sections


def _size(sections):
    return sum(map(len, sections.values()))


def _worth(psnr, n_bytes):
    """What a network is worth: the more the closer and the smaller it is."""
    return psnr * math.log(10) / 10 - ERROR_FOR_BYTES * math.log(n_bytes)
