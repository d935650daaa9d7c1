"""Tables of the rate-distortion benchmark."""

NAMES = {
    "latent": "**latent**",
    "plain": "KLT + JPEG 2000",
    "weights": "KLT + JPEG 2000, our band weights",
    "band_jpeg2000": "JPEG 2000, band by band",
    "x265": "x265, bands as a 12-bit video",
}
SCENES = {"enmap_potsdam": "EnMAP Potsdam", "jasper_ridge": "Jasper Ridge", "indian_pines": "Indian Pines"}


def curves(entry):
    """{codec: [row]} of a scene."""
    return {
        "latent": entry["latent"], **entry["anchors"],
        **{name: entry[name] for name in ("band_jpeg2000", "x265") if name in entry},
    }  # fmt: skip


def bd_rates(scenes):
    """(header, rows): BD-rate of `latent` against each codec."""
    kinds = [("plain/rate", NAMES["plain"]), ("plain/strict", NAMES["plain"] + ", headers counted once")]
    kinds += [("weights/rate", NAMES["weights"]), ("band_jpeg2000/rate", NAMES["band_jpeg2000"]), ("x265/rate", NAMES["x265"])]
    rows = []
    for kind, name in kinds:
        found = [entry["bd_rate_percent"].get(kind) for entry in scenes.values()]
        cells = [f"{f[0]:+.1f} % ({f[1]:.0f} to {f[2]:.0f} dB)" if f else "-" for f in found]
        mean = sum(f[0] for f in found if f) / max(sum(f is not None for f in found), 1)
        rows.append((name, *cells, f"{mean:+.1f} %"))
    return ("against", *(SCENES.get(name, name) for name in scenes), "mean"), rows


def points(scenes):
    """(header, rows): every point of every codec."""
    header = (
        "scene", "codec", "bpppb", "PSNR, dB", "worst band, dB", "spectral angle, degrees", "largest error",
        "encode, s", "decode, s", "memory over the imports', MiB",
    )  # fmt: skip
    rows = []
    for name, entry in scenes.items():
        for codec, points_of in curves(entry).items():
            for row in points_of:
                # The rivals' decoders are libraries called plane by plane: their time says nothing.
                timed = codec in ("latent", "x265")
                rows.append((
                    SCENES.get(name, name), NAMES[codec], f"{row['rate']:.3f}", f"{row['psnr']:.2f}",
                    f"{row['worst_band']:.1f}", f"{row['sam']:.2f}", f"{row['max_error']:.0f}",
                    f"{row['encode_s']:.1f}", f"{row['decode_s']:.2f}" if timed else "-",
                    f"{row['peak_mib']:.0f}" if row.get("peak_mib") else "-",
                ))  # fmt: skip
    return header, rows


def lossless(scenes):
    """(header, rows): bits per sample without loss."""
    measured = {name: entry for name, entry in scenes.items() if "lossless" in entry}
    codecs = list(next(iter(measured.values()))["lossless"]) if measured else []
    rows = [(codec, *(f"{entry['lossless'][codec][0]:.2f}" for entry in measured.values())) for codec in codecs]
    ours = [f"**{entry['lossless_latent']['rate']:.2f}**" for entry in measured.values()]
    return ("codec", *(SCENES.get(name, name) for name in measured)), [*rows, ("**latent, MAX_ERROR = 0**", *ours)]


def by_rate(scenes):
    """(header, rows): the presets' rates."""
    header = ("scene", "wished bpppb", "bpppb", "PSNR, dB", "encode, s", "decode all, s", "memory over the imports', MiB")
    rows = [
        (
            SCENES.get(name, name), rate, f"{row['rate']:.4f}", f"{row['psnr']:.2f}", f"{row['encode_s']:.1f}",
            f"{row['decode_s']:.2f}", f"{row['peak_mib']:.0f}",
        )
        for name, entry in scenes.items() for rate, row in entry["rates"].items()
    ]  # fmt: skip
    return header, rows
