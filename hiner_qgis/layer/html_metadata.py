"""What the layer's properties say of a `.hnr` file."""

from html import escape

from ...core.methods import METHODS
from ...core.report.scene_facts import scaling

_MEASURED = (
    ("psnr_db", "PSNR", "{:.2f} dB"),
    ("rmse", "RMSE", "{:.4g}"),
    ("sam_degrees", "Spectral angle", "{:.2f} degrees"),
    ("ssim", "SSIM", "{:.4f}"),
)


def html_table(shown):
    """Rows of QGIS's information table: method, rate, ratio, quality, wavelengths, source."""
    header, description = shown.hnr.header, shown.hnr.description
    rows = [
        ("Compression", _method(header)),
        ("Rate", f"{_rate(shown):.4f} bits per sample (bpppb)"),
        ("Ratio", f"1/{_ratio(shown):.0f} of the raster"),
    ]
    for key, title, form in _MEASURED:
        if key in header.measured:
            unit = _stored(description) if key == "rmse" else ""
            rows.append((title, form.format(header.measured[key]) + unit))
    rows += [
        ("Bands of the file", _bands(header)),
        ("Wavelengths", _wavelengths(shown.hnr.grid)),
        ("Shown", _shown_bands(shown.bands)),
        ("Compressed from", description.source or "unknown"),
        ("Written by", header.encoder or "unknown"),
        ("For GDAL's algorithms", "they cannot read this layer: decode it first (hiner:decompress), or use a VRT (hiner:vrt)"),
    ]
    rows += [("Note", note) for note in shown.bands.notes]
    if shown.placement.why_not:
        rows.append(("Note", f"The layer has no place on the map: {shown.placement.why_not}"))
    rows += [(key, value) for key, value in description.metadata]
    return "".join(
        f'<tr><td class="highlight">{escape(title)}</td><td>{escape(text)}</td></tr>\n'
        for title, text in rows
    )


def _stored(description):
    """What to know of an error beside a layer that shows physical values."""
    said = scaling(description)
    return f" in stored values ({said})" if said else ""


def _number(band):
    """The number, from 1, that a LayerBand without wavelength and name has in the file."""
    return int(band.weights.argmax()) + 1


def _method(header):
    titles = {method.name: method.title for method in METHODS}
    return titles.get(header.method) or header.method


def _rate(shown):
    return 8 * shown.opened.n_bytes / shown.hnr.description.n_samples


def _ratio(shown):
    description = shown.hnr.description
    return description.n_samples * _sample_bytes(description.dtype) / shown.opened.n_bytes


def _sample_bytes(dtype):
    return int("".join(filter(str.isdigit, dtype))) // 8


def _bands(header):
    usable = int(header.usable.sum())
    lost = header.description.n_bands - usable
    return f"{header.description.n_bands}" + (f", {lost} of them bad or without data" if lost else "")


def _wavelengths(grid):
    if not grid.has_wavelengths:
        return "unknown; band numbers stand in"
    ranges = [f"{start:.1f} to {stop:.1f} nm" for start, stop in grid.ranges()]
    return ", ".join(ranges)


def _shown_bands(bands):
    labels = [band.label.strip(" :()") or f"band {_number(band)}" for band in bands.bands]
    shown = ", ".join(labels[:12])
    return shown + (f" and {len(labels) - 12} more" if len(labels) > 12 else "")
