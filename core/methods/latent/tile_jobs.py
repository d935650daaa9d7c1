"""What is done for a tile by itself, in a process beside this one where that saves time.

Jobs take and give values of `processes.messages`, a context model by its number.
"""

from ...processes.pool import SHARED
from . import quantise, tile_encoder
from .shipped import context_model
from .tile_decoder import TileDecoder

WORTH = 1 << 18
"""Samples from which on the work takes longer than sending it: about a tenth of a second."""
FINDING_TABLES = 0.7
"""Of the time of choosing."""


def choose_in_tile(scaled, integers, filled, model, check=None):
    """A job: a tile's integers [level][orientation] (K, h, w), priced in the contexts of those before."""
    return choose_here(scaled, integers, filled, context_model(model), check)


def encode_tile(low, details, filled, n_lanes, model, check=None):
    """A job: bytes of a tile; see `tile_encoder.encode`."""
    return encoded_here(low, details, filled, n_lanes, context_model(model), check)


def decode_tile(data, n_planes, filled, rows, cols, n_lanes, wanted, model, check=None):
    """A job: the details of the levels from `wanted` on, the finest first; raises FormatError."""
    decoder = TileDecoder(data, n_planes, filled, rows, cols, context_model(model), n_lanes)
    decoder.level(wanted, check)
    return decoder.details[wanted:]


def choose(scaled, integers, filled, model, check=None):
    """`choose_in_tile` of one of several tiles, by any ContextModel; in another process where that pays."""
    if model.number is None or _samples(scaled) < WORTH:
        return choose_here(scaled, integers, filled, model, check)
    arguments = {"scaled": scaled, "integers": integers, "filled": filled, "model": model.number}
    return SHARED.call("choose_in_tile", arguments, check)


def choose_here(scaled, integers, filled, model, check=None, report=None):
    """A tile's integers, by any ContextModel; report: called with the share that is done. See `quantise.cheapest`."""

    def tell(share):
        if report:
            report(FINDING_TABLES + (1 - FINDING_TABLES) * share)

    tables = quantise.indices(integers, model, check)
    tell(0.0)
    return quantise.cheapest(scaled, tables, filled, model.prices, tell, check)


def encoded(low, details, filled, n_lanes, model, check=None):
    """`encode_tile` of one of several tiles, by any ContextModel; in another process where that pays."""
    if model.number is None or _samples(details) < WORTH:
        return encoded_here(low, details, filled, n_lanes, model, check)
    arguments = {"low": low, "details": details, "filled": filled, "n_lanes": n_lanes, "model": model.number}
    return SHARED.call("encode_tile", arguments, check)


def decode(decoder, wanted, check=None):
    """Decode one of several tiles, a TileDecoder, down to a level; in another process where that pays."""
    if decoder.is_decoded(wanted):
        return
    arguments = decoder.arguments
    # Coarser levels that were decoded here are decoded there once more: a third of the work at most.
    if arguments["model"] is None or decoder.samples(wanted) < WORTH:
        decode_here(decoder, wanted, check)
    else:
        decoder.adopt(wanted, SHARED.call("decode_tile", {**arguments, "wanted": wanted}, check))


def decode_here(decoder, wanted, check=None):
    """Decode a tile, a TileDecoder, down to a level in this process."""
    decoder.level(wanted, check)


def encoded_here(low, details, filled, n_lanes, model, check=None):
    """Bytes of a tile, by any ContextModel; see `tile_encoder.encode`."""
    index = quantise.indices(details, model, check)
    return tile_encoder.encode(low, details, filled, index, model, n_lanes, check)


def _samples(details):
    return sum(band.size for bands in details for band in bands)
