"""Which runs of symbols share a table: those whose difference is not worth another one."""

import numpy as np

# Shape of the histograms that are compared; the low bits of larger alphabets hardly differ.
_BINS = 256
_PRIOR = 0.5
# Bits that a table takes even where it is simple.
_TABLE_BITS = 80


def shared_tables(histograms):
    """The table of each group: (groups,) integers from 0 on, in the order of appearance.

    Groups are joined two by two, the pair that saves most first, while that shortens the code.
    A histogram's code length is that of an adaptive code that begins with _PRIOR occurrences of
    each symbol (R. E. Krichevsky, V. K. Trofimov, IEEE Trans. Inf. Theory 27, 1981).

    histograms: (groups, symbols) integers; groups without symbols join the first table.
    """
    members = [[i] for i, histogram in enumerate(histograms) if histogram.any()]
    if not members:
        return np.zeros(len(histograms), np.int64)
    coarse = _coarse(histograms)
    length_of = _code_length(int(coarse.sum()), coarse.shape[1])
    sums = [coarse[group[0]] for group in members]
    lengths = [length_of(histogram) for histogram in sums]
    gains = np.full((len(sums), len(sums)), -np.inf)

    def compare(i, others):
        for j in others:
            joined = length_of(sums[i] + sums[j])
            gains[min(i, j), max(i, j)] = lengths[i] + lengths[j] + _TABLE_BITS - joined

    for i in range(len(sums)):
        compare(i, range(i))
    while gains.max() > 0:
        i, j = np.unravel_index(np.argmax(gains), gains.shape)
        members[i] += members[j]
        sums[i] = sums[i] + sums[j]
        lengths[i] = length_of(sums[i])
        members[j] = []
        gains[j] = gains[:, j] = -np.inf
        compare(i, [k for k, group in enumerate(members) if group and k != i])
    return _numbered(members, len(histograms))


def _numbered(members, n_groups):
    tables = np.zeros(n_groups, np.int64)
    for number, group in enumerate(sorted((group for group in members if group), key=min)):
        tables[group] = number
    return tables


def _coarse(histograms):
    """Sums over neighbouring symbols, at most _BINS of them."""
    n_symbols = histograms.shape[1]
    width = -(-n_symbols // _BINS)
    padded = np.pad(histograms, ((0, 0), (0, -n_symbols % width)))
    return padded.reshape(len(histograms), -1, width).sum(2)


def _code_length(largest, n_bins):
    """A function from histograms with sums up to `largest` to bits."""
    occurrences = np.arange(largest)
    of_symbol = np.r_[0, np.cumsum(np.log2(occurrences + _PRIOR))]
    of_total = np.r_[0, np.cumsum(np.log2(occurrences + _PRIOR * n_bins))]
    return lambda histogram: of_total[histogram.sum()] - of_symbol[histogram].sum()
