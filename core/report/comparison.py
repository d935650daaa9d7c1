"""The sections that every report on a comparison shares: plots over the spectrum, and pictures."""

import numpy as np

from ..errors import DependencyError
from . import parts
from .canvas import coloured, import_matplotlib, png_of
from .figures import degrees
from .html import element
from .numbers import decimal, significant, stored
from .pictures import shown_bands
from .plots import bar_plot, error_plot, psnr_plot
from .true_colour import colour_picture, stretched

_DIVERGING, _SEQUENTIAL = "RdBu_r", "viridis"


def plots_missing():
    """A warning to put on the page where matplotlib is not to be had, else None."""
    try:
        import_matplotlib()
    except DependencyError as error:
        return parts.warning(f"This report has no plots and no pictures. {error}")
    return None


def spectral_section(axis, quality):
    """PSNR and errors over the spectrum."""
    labels = dict(zip(shown_bands(quality), (("worst", True), ("median", False))))
    best = quality.ranked_bands()[-1:]
    described = f"PSNR of each band over {axis.end_to_end}"
    if best.size:
        worst = quality.ranked_bands()[0]
        described += (
            f", from {decimal(quality.psnr[worst], 1)} dB in {axis.name(worst)} "
            f"to {decimal(quality.psnr[best[0]], 1)} dB in {axis.name(best[0])}"
        )
    if not quality.largest_error > 0:
        constant = "" if best.size else "Every band is constant. "
        return parts.section(
            "Quality over the spectrum",
            parts.paragraph(f"{constant}Every sample that was compared came back exactly: there is no error to plot."),
        )
    return parts.section(
        "Quality over the spectrum",
        parts.plot(psnr_plot(axis, quality.psnr, quality.mean_psnr, labels), described) if best.size else None,
        parts.plot(
            error_plot(axis, quality.rmse, quality.max_error),
            f"RMSE and largest absolute error of each band over {axis.end_to_end}, logarithmic",
            "Bands that were not compared are left blank, and so are gaps between detectors.",
        ),
    )


def pictures_section(axis, quality, pictures):
    """The scene before and after, its worst and median band, and the spectral angles."""
    colour = pictures.colour
    shape, caption = colour.valid.shape, pictures.colours.caption
    pair = [
        (_colour_png(colour, colour.original), f"{caption}, original", "Original"),
        (_colour_png(colour, colour.decoded), f"{caption}, decoded", "Decoded"),
    ]
    children = [
        parts.panels(pair, shape),
        parts.explained(f"{caption}. Both stretched from the original's 2 to 98 %."),
    ]
    for band, label in zip(pictures.bands, ("Worst", "Median")):
        heading = f"{label}: {axis.name(band)}, {decimal(quality.psnr[band], 2)} dB"
        children += [element("h3", heading), *_band(axis.name(band), quality, band, pictures.bands[band])]
    if pictures.bands:
        children.append(
            parts.explained(
                "Original and decoded are stretched alike. Each residual has a scale of its own, which "
                "leaves out the outermost 0.5 % of the pixels. Invalid pixels are blank."
            )
        )
    children += _angles(pictures.sam, quality, shape)
    return parts.section("Pictures", *children)


def _colour_png(colour, bands):
    return png_of(colour_picture(bands, colour.valid, colour.low, colour.high))


def _band(name, quality, band, compared):
    """Original, decoded and residual of one band, and the residual's colours."""
    residual = _residual(quality, band, compared)
    limit = _limit(residual)
    shown = []
    for samples, word in ((compared.original[0], "Original"), (compared.decoded[0], "Decoded")):
        grey = stretched(samples, compared.valid, compared.low[0], compared.high[0])
        alpha = np.where(compared.valid, 255, 0).astype(np.uint8)
        shown.append((png_of(np.stack([grey, grey, grey, alpha], axis=-1)), f"{name}, {word.lower()}", word))
    range_ = stored(quality.ranges[band])
    caption = f"Residual; RMSE {significant(quality.rmse[band], 3)}, range {range_}"
    coloured_residual = png_of(coloured(residual, _DIVERGING, -limit, limit))
    shown.append((coloured_residual, f"{name}, decoded minus original", caption))
    bar = bar_plot(_DIVERGING, -limit, limit, "Decoded minus original, % of the band's range")
    scale = f"{significant(-limit, 2)} to {significant(limit, 2)} %"
    return [
        parts.panels(shown, compared.valid.shape),
        parts.colour_bar(bar, f"Colours of the residual of {name}, {scale}"),
    ]


def _residual(quality, band, compared):
    """Decoded minus original in % of the band's range, NaN where invalid."""
    error = compared.decoded[0].astype(np.float64) - compared.original[0].astype(np.float64)
    return np.where(compared.valid, 100 * error / quality.ranges[band], np.nan)


def _limit(residual):
    """The end of a colour scale: no larger residual but for 0.5 % of the pixels."""
    known = np.abs(residual[~np.isnan(residual)])
    limit = float(np.percentile(known, 99.5)) if known.size else 0.0
    return limit if limit > 0 else float(known.max(initial=0.0)) or 1.0


def _angles(sam, quality, shape):
    known = sam[~np.isnan(sam)]
    top = float(np.percentile(known, 99)) if known.size else 0.0
    if top <= 0:
        return []
    picture = png_of(coloured(sam, _SEQUENTIAL, 0, top))
    whole = quality.sam_map[~np.isnan(quality.sam_map)]
    caption = (
        f"Mean {degrees(quality.mean_sam)}, median {degrees(float(np.median(whole)))}, "
        f"largest {degrees(float(whole.max()))}"
    )
    return [
        element("h3", "Spectral angle of each pixel"),
        parts.panels([(picture, "Spectral angle between original and decoded spectrum", caption)], shape),
        parts.colour_bar(
            bar_plot(_SEQUENTIAL, 0, top, "Spectral angle (\u00b0)"),
            f"Colours of the spectral angles, 0 to {significant(top, 2)} degrees",
        ),
    ]
