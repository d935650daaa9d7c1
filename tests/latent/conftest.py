"""A context model of random whole numbers: what must hold holds for any model."""

import numpy as np
import pytest

from hiner.core.methods.latent import features, symbols
from hiner.core.methods.latent.context_model import ContextModel


def random_model(seed=0, n_tables=40, hidden=8):
    random = np.random.default_rng(seed)
    arrays = {}
    for number in range(4):
        widths = (features.n_inputs(number), hidden, hidden, 1)
        for i, (n_in, n_out) in enumerate(zip(widths, widths[1:])):
            arrays[f"weight{number}{i}"] = random.integers(-300, 400, (n_in, n_out))
            arrays[f"bias{number}{i}"] = random.integers(-20000, 20000, n_out)
            arrays[f"shift{number}{i}"] = np.array(9 if i < 2 else 13)
    arrays["conditional"] = np.stack([geometric_rows(n_tables), geometric_rows(n_tables)[::-1]])
    arrays["geometric"] = geometric_rows(60)
    return ContextModel.from_arrays(arrays)


def geometric_rows(n_tables):
    """(n_tables, ALPHABET) frequencies that fall from steeply to slowly and sum up to 2^16."""
    rows = np.exp(-np.arange(symbols.ALPHABET) / np.linspace(0.3, 12, n_tables)[:, None])
    spare = (1 << 16) - symbols.ALPHABET
    rows = 1 + np.floor(rows / rows.sum(1, keepdims=True) * spare).astype(np.int64)
    rows[:, 0] += (1 << 16) - rows.sum(1)
    return rows


@pytest.fixture(scope="session")
def model():
    return random_model()
