"""What a process beside this one may be asked for: functions of this package, by name."""

import importlib

_JOBS = {
    "decode_tile": "core.methods.latent.tile_jobs",
    "choose_in_tile": "core.methods.latent.tile_jobs",
    "encode_tile": "core.methods.latent.tile_jobs",
}


def job(name):
    """The function of that name; its arguments and what it returns are values of `messages`."""
    package = __name__.split(".", 1)[0]
    return getattr(importlib.import_module(f"{package}.{_JOBS[name]}"), name)
