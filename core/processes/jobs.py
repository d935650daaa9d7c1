"""What a process beside this one may be asked for: functions of this package, by name."""

import importlib

_JOBS = {name: "methods.latent.tile_jobs" for name in ("choose_in_tile", "encode_tile", "decode_tile")}
"""The module, of the engine's, in which each stands."""


def job(name):
    """The function of that name; its arguments and what it returns are values of `messages`."""
    # By name, and on demand: the modules that ask for jobs import this package.
    return getattr(importlib.import_module(f"..{_JOBS[name]}", __package__), name)
