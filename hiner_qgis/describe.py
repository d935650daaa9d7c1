"""What a compression will take and came to, in words for the log."""

import math

from ..core.raster.facts import NO_WAVELENGTHS
from ..core.report.classification import compared_with_rival


def expectation(expected):
    """What a Plan expects of size and time, in a line."""
    size = "a size that follows from the wish"
    if expected.expected_bytes is not None:
        size = f"{_size(expected.expected_bytes)}, {expected.expected_ratio:.0f} times smaller than the raster"
    return f"Expected: {size}; {_duration(expected.expected_seconds)} on this device"


def outcome_lines(outcome):
    """What an Outcome came to, a line each."""
    quality = outcome.quality
    yield (
        f"File: {_size(quality.n_bytes)}, {outcome.rate:.4f} bits per sample (bpppb), {outcome.ratio:.1f} times "
        f"smaller than the raster; {_duration(outcome.seconds)} in all"
    )
    yield _closeness(quality)
    if quality.paper_psnr is not None:
        yield f"By the publication's convention: {quality.paper_rate:.4f} bpppb, {quality.paper_psnr:.2f} dB"


def session_lines(session):
    """What a Session came to, a line each."""
    training, held = session.training, session.held_out
    yield (
        f"Trained on {int(training.n_train.sum())} pixels of {len(session.model.table)} classes in "
        f"{_duration(training.seconds)} on {training.device}; test: {held.method}"
    )
    yield from held.warnings
    yield from session.notes
    if session.accuracy is not None:
        low, high = session.accuracy.overall_interval
        yield (
            f"{session.accuracy.n_pixels} test pixels: OA {100 * session.accuracy.overall:.2f} % (95 %: "
            f"{100 * low:.1f} to {100 * high:.1f}), AA {100 * session.accuracy.average:.2f} %, "
            f"kappa {session.accuracy.kappa:.4f}"
        )
    if session.rival is not None:
        yield compared_with_rival(session)


def class_lines(table, counts, pixel_area=None):
    """Pixels of each LandCover class in a map, a line each; with hectares where a pixel's area in m2 is known."""
    total = max(1, int(counts.sum()))
    for entry, count in zip(table, counts.tolist()):
        area = "" if pixel_area is None else f", {count * pixel_area / 1e4:,.2f} ha"
        yield f"{entry.name}: {count} pixels, {100 * count / total:.1f} %{area}"


def label_lines(source, used="compared"):
    """What to know of a raster of classes (RasterSource), a line each; used: what is done with its first band."""
    description = source.description
    # Classes have no wavelengths to miss.
    yield from (f"{description.source}: {text}" for text in source.warnings if text != NO_WAVELENGTHS)
    if description.n_bands > 1:
        yield f"{description.source}: has {description.n_bands} bands; the first is {used}. Is it the map of classes?"


def _closeness(quality):
    if math.isnan(quality.mean_psnr):
        held = "stored exactly" if quality.largest_error == 0 else f"off by {quality.largest_error:.4g} at most"
        return f"Every band is constant, {held}; without a range of values there is no PSNR"
    if math.isinf(quality.mean_psnr):
        return "Every valid sample comes back exactly"
    return (
        f"PSNR {quality.mean_psnr:.2f} dB (valid pixels, each band in its own range, mean over bands), "
        f"spectral angle {quality.mean_sam:.2f} degrees, RMSE {quality.mean_rmse:.4g}, "
        f"SSIM {quality.mean_ssim:.4f}, largest error {quality.largest_error:.4g}"
    )


def _size(n_bytes):
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:.1f} kB"


def _duration(seconds):
    if seconds is None:
        return "an unknown time"
    if seconds < 1:
        return "less than a second"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
