"""Lengths of a Huffman code's words: optimal ones, and their place in a file."""

import numpy as np

from ..errors import FormatError
from . import rice

# A table of all prefixes of this many bits decodes a code in one look-up.
LONGEST = 20
_DENSE, _SPARSE = 0, 1


def optimal_lengths(counts):
    """Code lengths that minimise the coded size, none above LONGEST; 0 for counts of 0.

    Package-merge: L. L. Larmore, D. S. Hirschberg, "A fast algorithm for optimal length-limited
    Huffman codes", J. ACM 37 (1990). If a single symbol occurs, it gets the length 1.

    counts: (symbols,) integers. Returns (symbols,) int64.
    """
    counts = np.asarray(counts, np.int64)
    used = np.flatnonzero(counts)
    lengths = np.zeros(len(counts), np.int64)
    if len(used) < 2:
        lengths[used] = 1
        return lengths
    ascending = used[np.argsort(counts[used], kind="stable")]
    leaves = counts[ascending]
    level, leaf_flags = leaves, [np.ones(len(leaves), bool)]
    for _ in range(min(LONGEST, len(used) - 1) - 1):
        even = len(level) // 2 * 2
        merged = np.r_[leaves, level[0:even:2] + level[1:even:2]]
        order = np.argsort(merged, kind="stable")
        level = merged[order]
        leaf_flags.append(order < len(leaves))
    # Of the last level the cheapest 2n - 2 items are taken, of each level before what they pack.
    n_taken = 2 * len(used) - 2
    for is_leaf in reversed(leaf_flags):
        n_leaves = int(np.count_nonzero(is_leaf[:n_taken]))
        lengths[ascending[:n_leaves]] += 1
        n_taken = 2 * (n_taken - n_leaves)
    return lengths


def encode_lengths(lengths):
    """Code `optimal_lengths` of symbols of which at least one is used.

    Layout: kind (one byte), first used symbol,
    used symbols or span less one (two bytes each), Rice codes of each length's difference from
    the one before: of all symbols in the span (dense), or of the used ones after the gaps
    between them (sparse).
    """
    used = np.flatnonzero(lengths)
    first, n_spanned = int(used[0]), int(used[-1] - used[0] + 1)
    dense = rice.encode(_differences(lengths[first : first + n_spanned]))
    sparse = rice.encode(np.diff(used) - 1) + rice.encode(_differences(lengths[used]))
    if len(dense) <= len(sparse):
        return _head(_DENSE, first, n_spanned) + dense
    return _head(_SPARSE, first, len(used)) + sparse


def decode_lengths(reader, alphabet_size):
    """Read from a ByteReader: (alphabet_size,) int64.

    Raises FormatError for symbols beyond the alphabet, lengths beyond LONGEST, and words that
    are not those of a complete code.
    """
    kind, first, count = reader.byte(), reader.short(), reader.short() + 1
    if kind not in (_DENSE, _SPARSE) or first + count > alphabet_size:
        raise FormatError("the code's lengths are not those of this alphabet")
    if kind == _DENSE:
        symbols = np.arange(first, first + count)
    else:
        symbols = first + np.cumsum(np.r_[0, rice.decode(reader, count - 1) + 1])
    if symbols[-1] >= alphabet_size:
        raise FormatError("a code word stands for no symbol of this alphabet")
    lengths = np.zeros(alphabet_size, np.int64)
    lengths[symbols] = np.cumsum(rice.unfold(rice.decode(reader, count)))
    check_complete(lengths)
    return lengths


def check_complete(lengths):
    """Raise FormatError unless the Kraft sum is 1, or a single symbol has the length 1."""
    used = lengths[lengths != 0]
    if used.min(initial=1) < 1 or used.max(initial=1) > LONGEST:
        raise FormatError("a code word has an impossible length")
    if int(np.sum(1 << (LONGEST - used))) != 1 << LONGEST and list(used) != [1]:
        raise FormatError("the code's lengths make no complete prefix code")


def _head(kind, first, count):
    return bytes([kind]) + first.to_bytes(2, "little") + (count - 1).to_bytes(2, "little")


def _differences(lengths):
    return rice.fold(np.diff(lengths, prepend=0))
