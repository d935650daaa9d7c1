"""Puts the results' tables into docs/benchmarks.md, between its marks.

    python3 benchmarks/tables.py

A mark is a line `<!-- table: NAME -->`; the table goes between it and `<!-- end -->`.
"""

import json
import re
from pathlib import Path

import classification_tables
import rate_tables

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "docs" / "benchmarks.md"


def results(name):
    """A results file, or None where that was not measured."""
    path = FOLDER / "results" / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "| " + " | ".join("---" for _ in columns) + " |"]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


def described(machine):
    """A line that names the machine."""
    parts = [f"{machine['cores']} x {machine['processor']}", machine.get("gpu"), machine["date"]]
    versions = [f"{name} {machine[name]}" for name in ("torch", "numpy") if name in machine]
    return "Machine: " + ", ".join(str(part) for part in [*parts, *versions, machine.get("blas")] if part) + "."


def training():
    found = [results(name) for name in ("training", "training_cuda")]
    lines = []
    for measured in filter(None, found):
        rows = []
        for row in measured["rows"]:
            first, last = row["published"], row["this"][-1]
            rows.append((
                row["scene"], f"{row['parameters']:,}",
                _training(measured, first), _training(measured, last),
                f"{row['time_ratio']:.2f}" if last["psnr_db"] >= first["psnr_db"] else "not reached",
            ))
        header = ("scene", "parameters", "published training", "this training", "time ratio")
        lines += [described(measured["machine"]), "", *table(header, rows), ""]
    return lines


def _training(measured, run):
    """Epochs, time on the device's clock, PSNR."""
    seconds = run["seconds" if measured["device"] == "cuda" else "processor_seconds"]
    return f"{run['epochs']} epochs, {seconds:.0f} s, {run['psnr_db']:.2f} dB"


def decoding():
    measured = results("decoding")
    if measured is None:
        return []
    rows = [
        (
            row["network"], f"{row['parameters']:,}", row["numpy_ms_per_band"],
            row["numpy_s_per_cube"], row["numpy_ms_per_pixel"],
            row.get("torch_cpu_ms_per_band", "-"), row.get("torch_cuda_bands_per_second", "no GPU"),
            row["numpy_peak_mib"],
        )
        for row in measured["rows"]
    ]
    header = (
        "network", "parameters", "NumPy, ms a band", "NumPy, s a cube", "NumPy, ms a pixel",
        "torch CPU, ms a band", "torch GPU, bands a second", "NumPy, peak memory of a band, MiB",
    )
    return [described(measured["machine"]), "", *table(header, rows), ""]


def any_wavelength():
    measured = results("any_wavelength")
    if measured is None:
        return []
    rows = [
        (
            row["scene"], f"{row['parameters']:,}", row["epochs"], row["trained_bands"],
            row["neighbours"], row["stored"], row["network"], f"{row['network_parameters']:,}",
            row["original_neighbours"],
        )
        for row in measured["rows"]
    ]
    header = (
        "scene", "parameters", "epochs", "trained bands", "mean of decoded neighbours",
        "**stored embeddings**", "embedding network", "its parameters", "mean of original neighbours",
    )
    return [described(measured["machine"]), "", *table(header, rows), ""]


def any_wavelength_latent():
    measured = results("any_wavelength_latent")
    if measured is None:
        return []
    names = ("scene", "rate", "coded_bands", "neighbours", "between", "original_neighbours")
    header = ("scene", "bpppb", "coded bands", "mean of decoded neighbours", "**between**", "mean of original neighbours")
    rows = [tuple(row[name] for name in names) for row in measured["rows"]]
    return [described(measured["machine"]), "", *table(header, rows), ""]


def hiner_points():
    measured = results("hiner_points")
    if measured is None:
        return []
    rows = [
        (rate_tables.SCENES[name], f"{row['parameters']:,}" if row["parameters"] else "-", row["epochs"],
         f"{row['rate']:.3f}", f"{row['psnr']:.2f}", row["how"])
        for name, points in measured["scenes"].items() for row in points
    ]  # fmt: skip
    return [*table(("scene", "parameters", "epochs", "bpppb", "PSNR, dB", "how"), rows), ""]


def rate_distortion(part):
    """A function that makes one of the tables of `rate_tables`."""

    def lines():
        measured = results("rate_distortion")
        if measured is None:
            return []
        made = part(measured["scenes"])
        return [described(measured["machine"]), "", *table(*made), ""]

    return lines


def quantisation():
    measured = results("quantisation")
    if measured is None:
        return []
    rows = []
    for row in measured["rows"]:
        plain, chosen = row["minmax"], row["rdo"]
        rows.append((
            row["scene"], f"{row['parameters']:,}", f"{row['float_psnr_db']:.2f}", row["bits"],
            f"{plain['psnr_db']:.2f}", f"{plain['bytes']:,}",
            f"{chosen['psnr_db']:.2f}", f"{chosen['bytes']:,}",
            f"{chosen['psnr_db'] - plain['psnr_db']:+.2f}",
            f"{100 * (chosen['bytes'] / plain['bytes'] - 1):+.1f} %",
            f"{chosen['seconds']:.0f} of {row['training_seconds']:.0f}",
        ))
    header = (
        "scene", "parameters", "floats, dB", "bits", "minmax, dB", "bytes", "rdo, dB", "bytes", "dB", "bytes",
        "seconds, of training's",
    )
    return [described(measured["machine"]), "", *table(header, rows), ""]


def latent_speed():
    measured = results("latent_speed")
    if measured is None:
        return []
    names = ("write", "all", "band", "window", "another band", "another window", "quarter")
    rows = [
        ("x".join(map(str, row["shape"][1:] + row["shape"][:1])), f"{row['rate']:.3f}", *(f"{row[n][0]} ({row[n][1]})" for n in names))
        for row in measured["rows"]
    ]  # fmt: skip
    header = (
        "scene", "bpppb", "write", "read all bands", "one band", "256x256 of a band", "another band",
        "256x256 of another band", "three bands, every fourth pixel",
    )  # fmt: skip
    return [f"{described(measured['machine'])} {measured['threads']} threads.", "", *table(header, rows), ""]


def qgis_speed():
    measured = results("qgis_speed")
    if measured is None:
        return []
    machines = dict.fromkeys(described(run["machine"]) for run in measured["runs"].values())
    rows = [
        (name, f"{row['side']}x{row['side']}x200", row["compress_s"], row["decompress_s"])
        for name, run in measured["runs"].items() for row in run["rows"]
    ]  # fmt: skip
    return [*machines, "", *table(("version", "scene", "compress, s", "all bands back, s"), rows), ""]


def adaptation():
    measured = results("adaptation")
    if measured is None:
        return []

    def saved(row, n_bytes):
        return f"{100 * (n_bytes - row['symbols']) / row['file']:+.2f} %"

    rows = [
        (f"{row['scene']}, {row['rate']} bpppb", f"{row['file']:,}", f"{row['symbols']:,}", saved(row, row["own"]), row["tables"],
         saved(row, min(row["moved"].values())))
        for row in measured["rows"]
    ]  # fmt: skip
    header = ("scene", "file, bytes", "symbols, bytes", "own tables, free of charge", "tables in use", "all tables moved by the best of -2 to 2")
    return [described(measured["machine"]), "", *table(header, rows), ""]


def latent_memory():
    measured = results("latent_memory")
    if measured is None:
        return []
    rows = [
        (name.split(",")[0], f"{row['rate']:.3f}", row["raster_mib"], row["peak_mib"], row["ratio"])
        for name, row in measured["runs"].items()
    ]
    header = ("scene", "bpppb", "raster, MiB", "peak with the raster, MiB", "times the raster")
    return [f"{described(measured['machine'])}", "", *table(header, rows), ""]


def layer():
    measured = results("layer")
    if measured is None:
        return []
    names = ("open", "first", "sharp", "again", "pans", "zooms", "wavelengths", "wavelengths_sharp", "identifies", "blocked_ms", "memory_mib")
    rows = [
        ("x".join(map(str, row["shape"][1:] + row["shape"][:1])), kind, *(f"{row[kind][name]:.4g}" for name in names))
        for row in measured["rows"] for kind in ("GeoTIFF", "hnr")
    ]  # fmt: skip
    header = (
        "scene", "layer", "open, s", "first picture, s", "sharp, s", "again, s", "ten pans, s", "ten zooms, s",
        "other wavelengths, s", "sharp, s", "500 identifies, s", "GUI held up, ms", "memory, MiB",
    )  # fmt: skip
    return [f"{described(measured['machine'])} QGIS {measured['machine']['qgis']}.", "", *table(header, rows), ""]


def classification():
    measured = results("classification")
    return [] if measured is None else [described(measured["machine"]), "", *table(*classification_tables.accuracies(measured["runs"])), ""]


def classification_speed():
    measured = results("classification_speed")
    if measured is None:
        return []
    machines = {described(row["machine"]): None for row in measured["runs"].values()}
    return [*machines, "", *table(*classification_tables.seconds(measured["runs"])), ""]


def network_parts():
    measured = results("network_parts")
    return [] if measured is None else [*table(*classification_tables.parts(measured["runs"])), ""]


def classification_settings():
    measured = results("classification_settings")
    if measured is None:
        return []
    rows = [
        (name, f"{100 * sum(row['oa']) / len(row['oa']):.2f}", ", ".join(f"{100 * oa:.1f}" for oa in row["oa"]), row["processor_seconds"])
        for name, row in measured["tried"].items()
    ]  # fmt: skip
    return [described(measured["machine"]), "", *table(("settings", "mean OA, %", "each part", "seconds"), rows), ""]


def isi_pool():
    measured = results("isi_pool")
    if measured is None:
        return []
    rows = [
        (
            name, f"{100 * sum(row['oa']) / len(row['oa']):.2f}", ", ".join(f"{100 * oa:.1f}" for oa in row["oa"]),
            max(row["decoded"], default=0), row["processor_seconds"],
        )
        for name, row in measured["tried"].items()
    ]  # fmt: skip
    columns = ("training images", "mean OA, %", "each part", "images decoded", "seconds a training")
    return [described(measured["machine"]), "", *table(columns, rows), ""]


TABLES = {
    "isi_pool": isi_pool,
    "layer": layer,
    "any_wavelength_latent": any_wavelength_latent,
    "latent_speed": latent_speed,
    "qgis_speed": qgis_speed,
    "classification": classification,
    "classification_settings": classification_settings,
    "classification_speed": classification_speed,
    "network_parts": network_parts,
    "latent_memory": latent_memory,
    "adaptation": adaptation,
    "training": training,
    "decoding": decoding,
    "any_wavelength": any_wavelength,
    "bd_rates": rate_distortion(rate_tables.bd_rates),
    "by_rate": rate_distortion(rate_tables.by_rate),
    "lossless": rate_distortion(rate_tables.lossless),
    "rate_points": rate_distortion(rate_tables.points),
    "hiner_points": hiner_points,
    "quantisation": quantisation,
}


def fill(page):
    """The page with every marked table replaced."""

    def replaced(match):
        lines = TABLES[match.group(1)]()
        body = "\n".join(lines) if lines else "Not measured yet.\n"
        return f"<!-- table: {match.group(1)} -->\n\n{body}\n<!-- end -->"

    return re.sub(r"<!-- table: (\w+) -->.*?<!-- end -->", replaced, page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(fill(PAGE.read_text()))
    if results("rate_distortion"):
        import rate_plots

        rate_plots.draw(results("rate_distortion")["scenes"], (results("hiner_points") or {"scenes": {}})["scenes"])
