"""The headline figures of a comparison and what each of them means."""

import math

from . import parts
from .numbers import counted, decimal, significant, size, stored
from .scene_facts import stored_units

PUBLISHED_CONVENTION = (
    "the coded weights alone make the rate, and the padding of the network's frame counts as pixels; "
    "comparable with published figures only"
)


def headline(quality):
    """Cards with the figures of a Quality; those of the file only where one was measured."""
    figures = []
    if quality.rate is not None:
        figures += [
            ("Rate", significant(quality.rate, 3), "bits per sample"),
            ("Compression ratio", ratio(quality.ratio), ""),
            ("File", *size(quality.n_bytes).split(" ", 1)),
        ]
    figures += [
        ("PSNR, mean over bands", decimal(quality.mean_psnr, 2), _unit(quality.mean_psnr, "dB")),
        ("SAM, mean over pixels", degrees(quality.mean_sam), ""),
        ("RMSE, mean over bands", significant(quality.mean_rmse, 3), "stored units"),
        ("SSIM, mean over bands", decimal(quality.mean_ssim, 4), ""),
        ("Largest error", stored(quality.largest_error), "stored units"),
    ]
    return parts.cards(figures)


def degrees(value):
    """An angle as text: '1.78°'."""
    return significant(value, 3) + ("\u00b0" if math.isfinite(value) else "")


def ratio(value):
    """A compression ratio as text: '39.6 : 1'."""
    return f"{significant(value, 3)} : 1"


def conventions(quality, description):
    """A table that spells out how the headline figures were counted."""
    counted_bands = int((quality.usable & ~quality.constant & ~quality.exact).sum())
    rows = [
        (
            "PSNR",
            "20 log\u2081\u2080(range / RMSE) of each band, its range being its own largest minus smallest "
            f"valid value, over valid pixels only; mean over {counted(counted_bands, 'band')}"
            f"{_left_out(quality)}.",
        ),
        ("SAM", "Angle between the original and the decoded spectrum, mean over valid pixels."),
        ("SSIM", "Gaussian window of 1.5 pixels over valid pixels, mean over pixels and bands."),
        ("RMSE, largest error", stored_units(description)),
    ]
    if quality.rate is not None:
        rows.append(
            (
                "Rate, ratio",
                "All bytes of the file, header and masks included. Rate: in bits, over rows \u00d7 columns "
                "\u00d7 bands. Ratio: bytes of the uncompressed samples over those of the file.",
            )
        )
    if quality.paper_psnr is not None or quality.paper_rate is not None:
        rows.append(("As published", f"{paper(quality)}. Here {PUBLISHED_CONVENTION}."))
    return parts.facts(rows)


def paper(quality):
    """The figures by the publication's convention as text."""
    known = []
    if quality.paper_rate is not None:
        known.append(f"{significant(quality.paper_rate, 3)} bits per sample")
    if quality.paper_psnr is not None:
        known.append(f"{decimal(quality.paper_psnr, 2)} dB")
    return ", ".join(known)


def _left_out(quality):
    reasons = []
    for bands, reason in ((quality.constant, "constant"), (quality.exact, "free of any error")):
        if bands.any():
            reasons.append(f"{counted(int(bands.sum()), 'band')} {reason}")
    return f" ({', '.join(reasons)} left out)" if reasons else ""


def _unit(value, unit):
    return unit if math.isfinite(value) else ""
