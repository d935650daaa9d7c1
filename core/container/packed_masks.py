"""Masks as a file holds them, unpacked at the pixels asked for."""

import zlib

import numpy as np

CHUNK_BYTES = 2**16
"""Of packed rows that are unpacked together."""


class PackedMasks:
    """Masks of one shape, read from a `MaskStream`; kept compressed, since there may be one for every band.

    They take about what they took in the file, not an eighth of a byte for every sample of the scene.
    """

    def __init__(self, stream, n_masks, n_rows, n_cols):
        self._n_rows, self._row_bytes = n_rows, -(-n_cols // 8)
        self._step = max(1, CHUNK_BYTES // self._row_bytes)
        self._chunks = [list(self._chunks_of_next(stream)) for _ in range(n_masks)]

    def at(self, number, rows, cols):
        """A mask at the sorted pixel indices rows x cols, (len(rows), len(cols)) bool."""
        rows, cols = np.asarray(rows), np.asarray(cols)
        first = int(cols[0]) // 8
        within = slice(first, int(cols[-1]) // 8 + 1)
        out = np.empty((len(rows), len(cols)), bool)
        for chunk in range(int(rows[0]) // self._step, int(rows[-1]) // self._step + 1):
            start = chunk * self._step
            some = slice(*np.searchsorted(rows, (start, start + self._step)))
            if some.start < some.stop:
                packed = np.frombuffer(zlib.decompress(self._chunks[number][chunk]), np.uint8)
                packed = packed.reshape(-1, self._row_bytes)[rows[some] - start, within]
                out[some] = np.unpackbits(packed, axis=1)[:, cols - 8 * first]
        return out

    def _chunks_of_next(self, stream):
        above = np.zeros(self._row_bytes, np.uint8)
        for start in range(0, self._n_rows, self._step):
            height = min(self._step, self._n_rows - start)
            rows = np.frombuffer(stream.take(height * self._row_bytes), np.uint8).reshape(height, -1).copy()
            # Each row is stored as what differs from the one above.
            rows[0] ^= above
            np.bitwise_xor.accumulate(rows, axis=0, out=rows)
            above = rows[-1].copy()
            yield zlib.compress(rows.tobytes(), 1)
