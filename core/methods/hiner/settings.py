"""From what a user wishes to a network and a training schedule."""

from dataclasses import dataclass, replace

from ...errors import ParameterError
from ...network.architecture import SMALLEST_WIDTH, Architecture, widest
from ...network.geometry import choose_strides
from ...network.presets import PUBLISHED, published_network
from ...training.schedule import Schedule
from ..contract import QUANTISATIONS
from ..size_wish import check_size

PUBLISHED_DEFAULT_SIZE = 1_000_000
# Measured share of `bits` that a weight takes after entropy coding, and the bits beyond which more of
# them are not worth their bytes (docs/benchmarks.md).
CODED_SHARE = {"minmax": 0.96, "rdo": 0.93}
MOST_CODED_BITS = {"minmax": 16.0, "rdo": 6.3}
# Share of the time of training and quantising that the training takes.
TRAINING_SHARE = {"minmax": 1.0, "rdo": 0.9}
# What a file holds besides its weights: a header with each band's wavelength, width and range.
HEADER_BYTES, BAND_BYTES = 100, 5
# Below these the published shape (12 channels and more, 16 values a cell) cannot go.
SMALLEST_RATE, LARGEST_RATE = 1e-4, 32.0


@dataclass(frozen=True)
class Preset:
    """A rate in bits per sample and a number of passes over the bands."""

    rate: float
    epochs: int


PRESETS = {
    "draft": Preset(0.2, 20),
    "standard": Preset(0.4, 75),
    "high": Preset(0.8, 300),
}


def settings(description, n_coded_bands, options):
    """(Architecture, Schedule) for a scene with that many bands to code.

    Raises ParameterError where the wishes contradict each other or cannot be met.
    """
    _check(options)
    architecture = _architecture(description, n_coded_bands, options)
    epochs = options.epochs or (300 if options.preset in PUBLISHED else PRESETS[options.preset].epochs)
    schedule = Schedule(epochs=epochs, target_psnr=options.target_psnr, seed=options.seed)
    return architecture, replace(schedule, batch=min(schedule.batch, n_coded_bands))


def expected_bytes(n_parameters, n_bands, options):
    """Size of a file of that many parameters and bands, as files measured so far came out."""
    return round(n_parameters * _coded_bits(options) / 8) + HEADER_BYTES + BAND_BYTES * n_bands


def _coded_bits(options):
    """Bits that a weight takes in the file."""
    return min(CODED_SHARE[options.quantisation] * options.bits, MOST_CODED_BITS[options.quantisation])


def _check(options):
    if options.max_error is not None:
        raise ParameterError(
            "The method 'hiner' cannot promise a largest error. Take the method 'latent', or give a rate or a PSNR."
        )
    if options.preset not in PRESETS and options.preset not in PUBLISHED:
        raise ParameterError(
            f"Preset {options.preset!r} is none of {', '.join([*PRESETS, *PUBLISHED])}."
        )
    if options.rate is not None and options.model_size is not None:
        raise ParameterError("Give either a rate or a model size, not both.")
    if options.rate is not None:
        check_size(options, options.rate, SMALLEST_RATE, LARGEST_RATE)
    if not 4 <= options.bits <= 16:
        raise ParameterError(f"{options.bits} bits a weight are not 4 to 16.")
    if options.quantisation not in QUANTISATIONS:
        raise ParameterError(
            f"Quantisation {options.quantisation!r} is none of {', '.join(QUANTISATIONS)}."
        )
    if options.epochs is not None and options.epochs < 1:
        raise ParameterError(f"{options.epochs} epochs are fewer than one.")


def _architecture(description, n_coded_bands, options):
    size = (description.n_rows, description.n_cols)
    if options.preset in PUBLISHED:
        wished = options.model_size or _parameters(description, options, PUBLISHED_DEFAULT_SIZE)
        return published_network(options.preset).architecture(*size, n_coded_bands, wished)
    wished = options.model_size or _parameters(description, options, None)
    return widest(size, choose_strides(*size), n_coded_bands, wished)


def _parameters(description, options, default):
    """Parameters that make a file of the wished rate."""
    rate = options.rate
    if rate is None:
        if default is not None:
            return default
        rate = PRESETS[options.preset].rate
    n_bytes = rate * description.n_samples / 8 - expected_bytes(0, description.n_bands, options)
    return max(0, round(n_bytes * 8 / _coded_bits(options)))


def describe(architecture, schedule, n_bands, options):
    """The network and its training in a line each, for people."""
    strides = ", ".join(str(y) if y == x else f"{y}x{x}" for y, x in architecture.strides)
    widths = ", ".join(str(width) for width in architecture.widths)
    return (
        f"Network: {architecture.parameters(n_bands):,} parameters; grid "
        f"{architecture.grid[0]}x{architecture.grid[1]}, strides {strides}, widths {widths}, "
        f"frame {architecture.frame[0]}x{architecture.frame[1]}",
        f"Training: {schedule.epochs} epochs over {n_bands} bands, {schedule.batch} bands a step",
        f"Quantisation: {options.quantisation}, at most {options.bits} bits a parameter",
    )


def architecture_from(parameters):
    """The Architecture that a file's parameters describe; ParameterError where they are none."""
    return Architecture(
        tuple(parameters["frame"]),
        tuple(tuple(pair) for pair in parameters["strides"]),
        parameters["width"],
        parameters.get("smallest_width", SMALLEST_WIDTH),
    )


def architecture_parameters(architecture):
    """What `architecture_from` reads back."""
    parameters = {
        "frame": list(architecture.frame),
        "strides": [list(pair) for pair in architecture.strides],
        "width": architecture.first_width,
    }
    if architecture.smallest_width != SMALLEST_WIDTH:
        parameters["smallest_width"] = architecture.smallest_width
    return parameters
