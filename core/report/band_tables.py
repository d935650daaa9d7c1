"""Tables with a row per band."""

from . import parts
from .numbers import DASH, aligned, counted, decimal


def quality_table(axis, quality):
    """The figures of each band (Quality), to be opened."""
    columns = (
        "Band", "Wavelength (nm)", "PSNR (dB)", "RMSE", "Largest error", "Bias", "SSIM", "CAM (\u00b0)",
        "Range",
    )
    figures = (
        [decimal(value, 2) for value in quality.psnr],
        aligned(quality.rmse, 4),
        aligned(quality.max_error, 5),
        aligned(quality.bias, 3),
        [decimal(value, 4) for value in quality.ssim],
        aligned(quality.cam, 4),
        aligned(quality.ranges, 6),
    )
    caption = "Errors and range in stored values; bands in grey were not compared."
    return _collapsed(axis, columns, figures, quality.usable, caption)


def statistics_table(axis, description, usable, statistics):
    """The statistics of each band (BandStatistics), to be opened."""
    columns = (
        "Band", "Wavelength (nm)", "FWHM (nm)", "Minimum", "2 %", "Mean", "98 %", "Maximum",
        "Deviation",
    )
    figures = (
        [DASH if band.fwhm is None else f"{band.fwhm:.2f}" for band in description.bands],
        aligned(statistics.minimum, 6),
        aligned(statistics.low, 5),
        aligned(statistics.mean, 5),
        aligned(statistics.high, 5),
        aligned(statistics.maximum, 6),
        aligned(statistics.deviation, 4),
    )
    caption = "Stored values; bands in grey hold no data or are marked bad."
    return _collapsed(axis, columns, figures, usable, caption)


def _collapsed(axis, columns, figures, usable, caption):
    """figures: texts, a list a column from the third on."""
    numbers = range(len(usable))
    leading = [[str(band + 1) for band in numbers], [axis.place(band) for band in numbers]]
    every = [*leading, *figures]
    # A column without a single entry says nothing.
    kept = [place for place, column in enumerate(every) if set(column) - {"", DASH}]
    rows = [
        ([every[place][band] for place in kept], bool(usable[band])) for band in numbers
    ]
    summary = f"All figures, band by band ({counted(len(rows), 'band')})"
    return parts.collapsible(summary, parts.table(caption, [columns[place] for place in kept], rows))
