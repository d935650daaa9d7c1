"""The shipped context model: a network for each pass, and the tables that the networks choose from."""

from functools import cached_property

import numpy as np

from ...entropy.rans import RansTables
from ...errors import FormatError
from . import symbols
from .features import n_inputs
from .network import PassNetwork

PRECISION = 16
N_PASSES = 4
PRICED_POINTS = 512
"""Beyond them a few bits more or less decide nothing."""


class ContextModel:
    """networks: a PassNetwork for each pass.

    conditional: (2 quantisers, tables, ALPHABET) frequencies that sum up to 2^16; geometric: (tables,
    ALPHABET) frequencies, for loadings and the low band: table s is the law of mean 2^(s / 3 - 9).
    """

    number = None
    """By which files name it, where it is shipped."""

    def __init__(self, networks, conditional, geometric):
        self.networks = networks
        self.conditional, self.geometric = np.asarray(conditional, np.int64), np.asarray(geometric, np.int64)

    @classmethod
    def from_arrays(cls, arrays):
        """From {name: array} as `benchmarks/train_context.py` makes them; raises FormatError."""
        try:
            conditional, geometric = arrays["conditional"], arrays["geometric"]
            networks = [_network(arrays, number, conditional.shape[1]) for number in range(N_PASSES)]
        except KeyError as error:
            raise FormatError(f"The context model has no {error}.") from error
        if conditional.shape[2] != symbols.ALPHABET or geometric.shape[1] != symbols.ALPHABET:
            raise FormatError("The context model's tables are of another alphabet.")
        return cls(networks, conditional, geometric)

    @property
    def n_tables(self):
        """Tables of each quantiser."""
        return self.conditional.shape[1]

    @property
    def first_geometric(self):
        """Where the geometric tables stand in `tables`, behind those of both quantisers."""
        return 2 * self.n_tables

    @cached_property
    def tables(self):
        """RansTables of quantiser 0, quantiser 1 and the geometric laws."""
        return RansTables(np.concatenate([*self.conditional, self.geometric]), PRECISION)

    @cached_property
    def prices(self):
        """(2, tables, PRICED_POINTS) float32: bits of each point, its sign and raw bits included."""
        return point_prices(self.conditional / (1 << PRECISION))


def point_prices(probabilities):
    """Bits of the points 0, 1, ... under (2, tables, ALPHABET) probabilities, sign and raw bits included."""
    points = np.arange(PRICED_POINTS)
    symbol, _, raw = symbols.split(points)
    return (-np.log2(probabilities)[:, :, symbol] + raw + (points > 0)).astype(np.float32)


def _network(arrays, number, n_tables):
    layers = [tuple(arrays[f"{part}{number}{i}"] for part in ("weight", "bias", "shift")) for i in range(3)]
    if layers[0][0].shape[0] != n_inputs(number):
        raise FormatError("The context model's networks take other inputs.")
    return PassNetwork(layers, n_tables)
