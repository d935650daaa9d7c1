"""What a training of a classifier may be told, and the named variants."""

from dataclasses import dataclass, replace

from ...errors import ParameterError

VARIANTS = ("best", "patch", "pixel", "vit", "svm")
DEVICES = ("auto", "cpu", "cuda")
LARGEST_PATCH = 31
# Of the smoothings that are tried where none is given.
LARGEST_CHOICE = 7
_LARGEST = {
    "patch": LARGEST_PATCH, "band_group": 65535, "band_step": 65535, "epochs": 10**6, "batch": 10**6, "isi_pool": 10**6,
    "hidden": 4096,
}


@dataclass(frozen=True)
class Settings:
    """Settings of one training; the defaults are SpectralFormer's patch variant as published.

    variant: one of `VARIANTS`. patch: side of the window around a pixel, odd.
    scales: sides of the windows whose means stand for the patch, or empty for its raw pixels.
    band_group: neighbouring bands in one position of the sequence; band_step: bands from one
    position to the next.
    asw, beta: adaptive spectral weighting and the weight of its codec loss.
    isi, eta, isi_pool, isi_share, isi_chance: spectral interpolation, its largest shift in band
    distances, the most images it decodes, the share of epochs it is on for and its chance in each.
    rate, decay, batch: Adam's learning rate and weight decay, pixels a step.
    mixing, noise, band_drop, smoothing: augmentation and label smoothing, 0 for none.
    averaging: decay of the running mean of the weights that is kept, smaller in the first steps; 0 for the
    last weights.
    whitening: shrinkage of the bands' whitening after ASW, 0 for none.
    smooth: side of the window over which the map's probabilities are averaged, 1 for none,
    0 to choose it on held-out training pixels.
    hidden, dropout: width of the network's MLPs, and its dropout.
    """

    variant: str = "patch"
    patch: int = 7
    scales: tuple = ()
    band_group: int = 3
    band_step: int = 1
    cross_layer: bool = True
    asw: bool = True
    beta: float = 0.4
    isi: bool = True
    eta: float = 0.1
    isi_pool: int = 8
    isi_share: float = 0.7
    isi_chance: float = 0.5
    epochs: int = 300
    batch: int = 64
    rate: float = 5e-4
    decay: float = 5e-3
    mixing: float = 0.0
    noise: float = 0.0
    band_drop: float = 0.0
    smoothing: float = 0.0
    averaging: float = 0.0
    whitening: float = 0.0
    hidden: int = 8
    dropout: float = 0.1
    smooth: int = 1
    device: str = "auto"
    seed: int = 0

    @property
    def radius(self):
        """Pixels that a patch reaches beyond its centre."""
        return self.patch // 2

    @property
    def reach(self):
        """Pixels from a training pixel within which a test pixel would profit: a split's margin."""
        return self.patch // 2 + (self.smooth or LARGEST_CHOICE) // 2


_VARIANTS = {
    # SpectralFormer and HINER, as published for Indian Pines.
    "patch": Settings("patch"),
    "pixel": Settings("pixel", patch=1),
    "vit": Settings("vit", band_group=1, cross_layer=False),
    # A support vector machine has no use for a network's parts.
    "svm": Settings("svm", asw=False, isi=False),
    # Window means, wide groups, whitened bands and smoothed maps: beyond the publication.
    "best": Settings(
        "best", scales=(1, 3, 5, 7), band_group=20, band_step=10, epochs=100, rate=2e-3, decay=5e-4,
        smoothing=0.1, averaging=0.98, whitening=0.03, hidden=64, smooth=0,
    ),
}


def settings_for(variant, **changes):
    """The settings of a variant, with those of `changes` that are not None in place of its own.

    Raises ParameterError for a variant that is none and for values out of range.
    """
    if variant not in _VARIANTS:
        raise ParameterError(f"Variant {variant!r} is none of {', '.join(VARIANTS)}.")
    given = {name: value for name, value in changes.items() if value is not None}
    settings = _following(replace(_VARIANTS[variant], **given), given)
    if variant == "svm":
        settings = replace(settings, asw=False, isi=False)
    if variant == "pixel" and settings.patch != 1:
        raise ParameterError("The variant pixel sees one pixel: give no other patch, or the variant patch.")
    check(settings)
    return settings


def is_published(settings):
    """Whether network and training are those of the publications: with or without ASW and ISI, for any seed."""
    own = _VARIANTS[settings.variant]
    free = {name: getattr(settings, name) for name in ("asw", "isi", "device", "seed")}
    return own.variant in ("patch", "pixel") and replace(own, **free) == settings


def _following(settings, given):
    """Settings that were not given follow those that were: window means the patch, steps the groups."""
    if settings.scales and "patch" in given and "scales" not in given:
        smaller = tuple(scale for scale in settings.scales if scale < settings.patch)
        settings = replace(settings, scales=(*smaller, settings.patch))
    if settings.band_step > 1 and "band_group" in given and "band_step" not in given:
        settings = replace(settings, band_step=max(1, settings.band_group // 2))
    return settings


def fitted(settings, n_bands):
    """The settings for an image of few bands: groups no larger than the spectrum."""
    group = min(settings.band_group, n_bands)
    return replace(settings, band_group=group, band_step=min(settings.band_step, group))


def check(settings):
    """Raise ParameterError for settings that no training can have."""
    if settings.variant not in VARIANTS:
        raise ParameterError(f"Variant {settings.variant!r} is none of {', '.join(VARIANTS)}.")
    if settings.device not in DEVICES:
        raise ParameterError(f"Device {settings.device!r} is none of {', '.join(DEVICES)}.")
    for name, most in _LARGEST.items():
        if not 1 <= getattr(settings, name) <= most:
            raise ParameterError(f"{name} is {getattr(settings, name)}; it must be from 1 to {most}.")
    if not 0 <= settings.seed < 2**63:
        raise ParameterError(f"The seed is {settings.seed}; it must be from 0 to 2^63 - 1.")
    if settings.patch % 2 == 0 or settings.patch > LARGEST_PATCH:
        raise ParameterError(
            f"The patch is {settings.patch} pixels wide; it must be odd, 1 to {LARGEST_PATCH}."
        )
    if settings.smooth and (settings.smooth % 2 == 0 or not 0 < settings.smooth <= LARGEST_PATCH):
        raise ParameterError(
            f"The smoothing is {settings.smooth} pixels wide; it must be odd, 1 to {LARGEST_PATCH}, or 0."
        )
    scales = settings.scales
    if len(set(scales)) < len(scales) or any(n % 2 == 0 or not 1 <= n <= settings.patch for n in scales):
        raise ParameterError(f"The window means {scales} must differ, be odd and within the patch of {settings.patch}.")
    shares = ("eta", "isi_share", "isi_chance", "band_drop", "smoothing", "averaging", "mixing", "dropout")
    for name in shares:
        if not 0 <= getattr(settings, name) <= 1:
            raise ParameterError(f"{name} is {getattr(settings, name)}; it must be from 0 to 1.")
    for name in ("beta", "decay", "noise", "whitening"):
        if not 0 <= getattr(settings, name) < float("inf"):
            raise ParameterError(f"{name} is {getattr(settings, name)}; it must be 0 or more.")
    if not 0 < settings.rate < 1:
        raise ParameterError(f"The learning rate is {settings.rate}; it must lie between 0 and 1.")
