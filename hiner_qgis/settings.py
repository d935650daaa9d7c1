"""What the user has set for the plugin: kept in QGIS's settings, in force from the plugin's start."""

from dataclasses import asdict, dataclass, fields

from qgis.core import QgsSettings

from ..core import parallel
from .layer import cache

_GROUP = "hiner"
DEVICES = ("auto", "cpu", "cuda")
TRUE_COLOUR, OWN_BANDS = "", "wl=file"
"""Queries of a layer's source: what is shown where a file is opened without saying more. Every file has both."""
SMALLEST_CACHE, LARGEST_CACHE, MOST_THREADS = 16, 65536, 64


@dataclass(frozen=True)
class Settings:
    """device: where `auto` runs networks; cache_mib: decoded tiles kept for layers; threads: 0 for all cores, up to 8;
    bands: a query of `layer.source`, '' for true colour."""

    device: str = "auto"
    cache_mib: int = cache.DEFAULT_BYTES >> 20
    threads: int = 0
    bands: str = TRUE_COLOUR


def read():
    """The Settings as they were kept; what cannot be is taken from the defaults."""
    kept, found = QgsSettings(), {}
    for field in fields(Settings):
        value = kept.value(f"{_GROUP}/{field.name}", field.default)
        try:
            found[field.name] = type(field.default)(value)
        except (TypeError, ValueError):
            found[field.name] = field.default
    return _possible(Settings(**found))


def _possible(settings):
    plain = Settings()
    return Settings(
        settings.device if settings.device in DEVICES else plain.device,
        min(max(settings.cache_mib, SMALLEST_CACHE), LARGEST_CACHE),
        min(max(settings.threads, 0), MOST_THREADS),
        settings.bands if settings.bands in (TRUE_COLOUR, OWN_BANDS) else plain.bands,
    )


def write(settings):
    """Keep Settings and put them in force."""
    kept = QgsSettings()
    for name, value in asdict(settings).items():
        kept.setValue(f"{_GROUP}/{name}", value)
    apply(settings)


def apply(settings):
    """Put Settings in force; those of device and bands are read when they are needed."""
    cache.SHARED.set_limit(settings.cache_mib << 20)
    parallel.set_threads(settings.threads)


def device_for(wished):
    """The device of an algorithm's parameter: where that says `auto`, the one that is set."""
    return read().device if wished == "auto" else wished
