"""Files of the method hiner are what docs/hnr-format.md describes: decoded here by nothing but that page."""

import importlib.util
import json
import lzma
import math
import zlib
from pathlib import Path

import numpy as np
import pytest
from described_symbols import Bytes, symbols_of
from synthetic import make_scene

from hiner.core.codec import CompressOptions, compress
from hiner.core.container.dictionary import DICTIONARY
from hiner.core.entropy import huffman, static_rans
from hiner.core.hnr_file import HnrFile
from hiner.core.scene.description import Band
from hiner.core.simple import compress_array
from hiner.core.spectral.grid import SpectralPoint

TESTS = Path(__file__).parents[1]
GOLDEN = sorted((TESTS / "codec/golden").glob("hiner_v1_*.hnr"))


def module_of(path):
    spec = importlib.util.spec_from_file_location("described_" + Path(path).stem, TESTS / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONTAINER = module_of("container/test_format.py")
CODER_EXAMPLES = module_of("entropy/test_coder.py").golden_examples()


def layout_of(parameters, n_coded):
    """The sizes from the grid to the frame, and the shapes of all tensors."""
    sizes, width = [parameters["frame"]], parameters["width"]
    for sy, sx in reversed(parameters["strides"]):
        sizes.insert(0, [math.ceil(sizes[0][0] / sy), math.ceil(sizes[0][1] / sx)])
    shapes = [(width, 16, 1, 1), (width,)]
    for i, (sy, sx) in enumerate(parameters["strides"]):
        kernel, before = min(1 + 2 * i, 5), width
        whole, rest = divmod(5 * width, 6)
        width = whole + (rest > 3 or (rest == 3 and whole % 2 == 1))
        width = max(width, parameters.get("smallest_width", 12))
        shapes += [(width * sy * sx, before, kernel, kernel), (width * sy * sx,)]
    return sizes, [*shapes, (1, width, 3, 3), (1,), (n_coded, 16, *sizes[0])]


def tensors_of(sections, shapes, bits):
    sizes = [math.prod(shape) for shape in shapes]
    symbols = np.array(symbols_of(sections["SYMB"], sizes, bits))
    payload, tensors = Bytes(sections["QPAR"]), []
    for shape, end in zip(shapes, np.cumsum(sizes)):
        levels = symbols[end - math.prod(shape) : end].reshape(shape).astype("f4")
        axis = payload.number(1) - 1
        minimum, scale = (np.frombuffer(payload.take(2), "<f2") for _ in range(2))
        if axis >= 0:
            lines = tuple(1 if i == axis else length for i, length in enumerate(shape))
            a, b = (np.array(payload.folded(math.prod(lines)), int) for _ in range(2))
            scale = half_of(order_of(scale) + a).reshape(lines)
            minimum = half_of(order_of(minimum) + b - a).reshape(lines)
        assert (scale >= 0).all()
        tensors.append(minimum.astype("f4") + levels * scale.astype("f4"))
    assert payload.data == b""
    return tensors


def order_of(half):
    bits = int(half.view("<u2")[0])
    return -(bits & 0x7FFF) if bits & 0x8000 else bits


def half_of(order):
    assert np.abs(order).max(initial=0) <= 0x7BFF
    return np.where(order < 0, 0x8000 - order, order).astype("<u2").view("<f2")


def convolution(x, weights, biases):
    k = weights.shape[2]
    rows, cols = x.shape[1:]
    x = np.pad(x, ((0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros((len(weights), rows, cols), "f4") + biases[:, None, None]
    for m in range(k):
        for n in range(k):
            y += np.einsum("oj,jrc->orc", weights[:, :, m, n], x[:, m : m + rows, n : n + cols])
    return y


def gelu(x):
    erf = np.vectorize(math.erf, otypes=["f4"])
    return x * (1 + erf(x / math.sqrt(2))) / 2


class Described:
    """A file, read by the page."""

    def __init__(self, path):
        packed, self.sections = CONTAINER.sections_of(path.read_bytes())
        inflate = zlib.decompressobj(-15, zdict=DICTIONARY)
        self.header = json.loads(inflate.decompress(packed))
        self.size, n_bands = (self.header["rows"], self.header["columns"]), self.header["bands"]
        runs = self.header.get("runs", {}).get("usable", [n_bands])
        self.usable = np.repeat(np.arange(len(runs)) % 2 == 0, runs)
        self._read_range(list("".join(f"{byte:08b}" for byte in inflate.unused_data)))
        self.parameters = self.header["parameters"]
        self.coded = np.flatnonzero(self.usable & (self.minimum < self.maximum)).tolist()
        self.sizes, shapes = layout_of(self.parameters, len(self.coded))
        *self.network, self.embeddings = tensors_of(self.sections, shapes, self.parameters["bits"])
        self._read_masks()

    def _read_range(self, bits):
        columns = {}
        for name in self.header["table"]:
            which = int("".join(bits[4:6]), 2)
            bands = self.usable if which == 1 else np.ones(len(self.usable), bool)
            assert which < 2
            kind, digits, integers = CONTAINER.column_of(bits, int(bands.sum()))
            if kind == 2:
                patterns = np.array([v if v >= 0 else 2**31 - 1 - v for v in integers], "<u4")
                values = patterns.view("<f4").astype("f8")
            else:
                values = np.array(integers) / 10**digits
                values = values.astype("f4").astype("f8") if kind == 1 else values
                assert kind < 2
            columns[name] = np.full(len(bands), np.nan)
            columns[name][bands] = values
        self.minimum, self.maximum = columns["minimum"], columns["maximum"]
        for name, usual in (("scale", 1), ("offset", 0)):
            one = np.full(len(self.usable), self.header.get("constant", {}).get(name, usual), float)
            setattr(self, name, columns.get(name, one))

    def _read_masks(self):
        rows, cols = self.size
        self.valid = np.repeat(self.usable, rows * cols).reshape(-1, rows, cols)
        if "MASK" in self.sections:
            self.valid &= unpacked(expanded(self.sections["MASK"]), rows, cols)
        if "HOLE" in self.sections:
            hole, n_bands = self.sections["HOLE"], len(self.usable)
            data, n_bytes = expanded(hole[2:]), rows * math.ceil(cols / 8)
            for band, number in enumerate(np.frombuffer(data[: 2 * n_bands], "<u2").astype(int)):
                if number:
                    start = 2 * n_bands + (number - 1) * n_bytes
                    self.valid[band] ^= unpacked(data[start : start + n_bytes], rows, cols)

    def paint(self, embedding):
        layers = iter(self.network)
        x = gelu(convolution(embedding, next(layers), next(layers)))
        for (sy, sx), (rows, cols) in zip(self.parameters["strides"], self.sizes[1:]):
            y = convolution(x, next(layers), next(layers))
            z = np.empty((len(y) // (sy * sx), y.shape[1] * sy, y.shape[2] * sx), "f4")
            for o in range(len(z)):
                for m in range(sy):
                    for n in range(sx):
                        z[o, m::sy, n::sx] = y[(o * sy + m) * sx + n]
            x = gelu(z[:, :rows, :cols])
        y = convolution(x, next(layers), next(layers))[0]
        return (np.tanh(y) + 1)[: self.size[0], : self.size[1]] / 2

    def sample(self, lower, upper, fraction):
        """Samples between two bands, NaN where invalid, with the scale and offset of the nearer."""
        parts = [(lower, 1 - fraction), (upper, fraction)]
        scale, offset = (column[lower if fraction < 0.5 else upper] for column in (self.scale, self.offset))
        minimum, maximum = ((physical - offset) / scale for physical in (
            sum(share * (self.offset + self.scale * ends)[band] for band, share in parts)
            for ends in (self.minimum, self.maximum)
        ))
        span = maximum - minimum
        painted = np.zeros(self.size)
        coded = [(self.coded.index(band), share) for band, share in parts if band in self.coded]
        if coded:
            total = sum(share for _, share in coded)
            painted = self.paint(sum(self.embeddings[i] * np.float32(s / total) for i, s in coded))
        return np.where(self.valid[lower] & self.valid[upper], minimum + painted * span, np.nan)

    def own(self, band):
        """A band of integers in the scene's data type."""
        nodata, maximum = self.header.get("nodata", 0), self.maximum[band]
        if not self.usable[band]:
            return np.full(self.size, nodata, self.header["dtype"])
        values = np.rint(np.clip(self.sample(band, band, 0), self.minimum[band], maximum))
        values[values == nodata] += 1 if nodata < maximum else -1
        return np.where(self.valid[band], values, nodata).astype(self.header["dtype"])


def expanded(payload):
    if payload[0] == 0:
        return zlib.decompress(payload[1:], -15)
    filters = [{"id": lzma.FILTER_LZMA1, "lc": 0, "lp": 0, "pb": 0, "dict_size": 2**20}]
    return lzma.decompress(payload[1:], lzma.FORMAT_RAW, filters=filters)


def unpacked(data, rows, cols):
    lines = np.unpackbits(np.frombuffer(data, "u1").reshape(rows, -1), axis=1)[:, :cols]
    return np.bitwise_xor.accumulate(lines, axis=0).astype(bool)


def agrees(values, theirs, span, nodata):
    """Whether invalid samples are nodata and the others within 1e-4 of the band's range."""
    invalid = np.isnan(values)
    off = np.abs(values - theirs)[~invalid]
    return np.array_equal(theirs[invalid], np.full(invalid.sum(), nodata, "f4"), equal_nan=True) and (
        off.max(initial=0) <= 1e-4 * span
    )


def cube_with_oddities():
    """int16, 5 bands of 12x14: band 2 constant, band 4 without data, holes, values around nodata."""
    y, x, b = np.mgrid[:12, :14, :5].transpose(0, 3, 1, 2)
    reach = np.where(b < 3, 40, 2)
    cube = np.rint(reach * np.sin(x / 3 + b) * np.cos(y / 4)).astype("int16")
    cube[2] = 55
    cube[cube == 0] = 1
    cube[:, 3:6, 4:9] = cube[4] = cube[1, 9, 2] = 0
    return cube


@pytest.mark.parametrize(("wanted", "bits"), [("huffman", 8), ("rans", 8), ("huffman", 12), ("rans", 12)])
def test_a_file_decoded_by_the_page_alone(wanted, bits, tmp_path, monkeypatch):
    pytest.importorskip("torch")
    other = {"huffman": static_rans, "rans": huffman}[wanted]
    monkeypatch.setattr(other, "encode", lambda *_: bytes(10**6))
    path, cube = tmp_path / "scene.hnr", cube_with_oddities()
    compress_array(
        cube, path, [400, 410, 420, 430, 440], 0, method="hiner", model_size=6500, epochs=1, bits=bits, device="cpu"
    )

    described, hnr = Described(path), HnrFile(path)
    assert described.sections["SYMB"][0] == {"huffman": 0, "rans": 1}[wanted]
    assert described.coded == [0, 1, 3]
    # Five sixths of 15 lie between two integers, of which the even one is meant.
    assert described.parameters["width"] == 15
    span = described.maximum - described.minimum
    for lower, upper, fraction in [(0, 0, 0), (1, 1, 0), (2, 2, 0), (3, 3, 0), (0, 1, 0.3), (1, 2, 0.75)]:
        (theirs,) = hnr.read_points([SpectralPoint(lower, upper, fraction)])
        values = described.sample(lower, upper, fraction)
        assert agrees(values, theirs, (1 - fraction) * span[lower] + fraction * span[upper], 0)
    for band, theirs in enumerate(hnr.read_bands(range(5))):
        assert np.array_equal(described.own(band) == 0, cube[band] == 0)
        # Of 168 samples hardly one lies so near a half that two readers round it apart.
        assert np.count_nonzero(described.own(band) != theirs) <= 1
    # Band 3 holds -2 to 2 without nodata's 0, which the network paints and a reader avoids.
    assert np.count_nonzero(np.rint(described.sample(3, 3, 0)) == 0) > 50


def test_between_bands_of_different_scale_by_the_page_alone(tmp_path):
    pytest.importorskip("torch")
    gains = enumerate([(0.001, 0), (0.003, -1), (0.002, 0.5)])
    bands = tuple(Band(400.0 + 10 * i, None, True, scale, offset) for i, (scale, offset) in gains)
    scene = make_scene(cube_with_oddities()[:3], 0.0, bands)
    compress(scene, tmp_path / "a.hnr", CompressOptions(method="hiner", model_size=6500, epochs=1, device="cpu"))
    described, hnr = Described(tmp_path / "a.hnr"), HnrFile(tmp_path / "a.hnr")
    assert described.scale.tolist() == [0.001, 0.003, 0.002]
    assert described.offset.tolist() == [0, -1, 0.5]
    for lower, upper, fraction in [(0, 0, 0), (0, 1, 0.3), (0, 1, 0.8), (1, 2, 0.5)]:
        (theirs,) = hnr.read_points([SpectralPoint(lower, upper, fraction)])
        assert agrees(described.sample(lower, upper, fraction), theirs, 80, 0)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_files_decoded_by_the_page_alone(path):
    described = Described(path)
    nodata = described.header.get("nodata", np.nan)
    for band, theirs in enumerate(np.load(path.with_suffix(".npz"))["bands"]):
        if described.usable[band]:
            span = described.maximum[band] - described.minimum[band]
            assert agrees(described.sample(band, band, 0), theirs, span, nodata)
        else:
            assert np.array_equal(theirs, np.full(theirs.shape, nodata, "f4"), equal_nan=True)


@pytest.mark.parametrize("name", CODER_EXAMPLES)
def test_golden_symbols_decoded_by_the_page_alone(name):
    """Sparse codes, tables for groups, raw bits: what files of so few weights do not have."""
    symbols, alphabet_size, sizes = CODER_EXAMPLES[name]
    data = (TESTS / "entropy/golden" / name).read_bytes()
    bits = alphabet_size.bit_length() - 1
    assert symbols_of(data, sizes or [len(symbols)], bits) == symbols.tolist()
