"""Files with right check values and wrong claims are refused before anything is allocated."""

import json
import tracemalloc
import zlib

import numpy as np
import pytest
from rpc import RPC_ITEMS

from hiner.core.container.dictionary import DICTIONARY
from hiner.core.container.layout import pack_preamble, pack_section_head
from hiner.core.container.masks import MASK
from hiner.core.container.packed_header import pack_header, unpack_header
from hiner.core.container.reader import HnrContainer
from hiner.core.errors import FormatError
from hiner.core.scene.description import Band
from hiner.core.scene.rpc import Rpc

MEGABYTE = 2**20
RPC = {name: list(numbers) for name, numbers in Rpc.from_items(RPC_ITEMS).numbers.items()}


def split(packed):
    """A packed header as its JSON and its band table."""
    inflate = zlib.decompressobj(-15, zdict=DICTIONARY)
    return json.loads(inflate.decompress(packed)), inflate.unused_data


def joined(text, table):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=DICTIONARY)
    return deflate.compress(text) + deflate.flush() + table


def write(path, packed, sections=()):
    preamble, check = pack_preamble(packed, len(sections))
    data = preamble + packed
    for name, payload in sections:
        head, check = pack_section_head(name, payload, check)
        data += head + payload
    path.write_bytes(data)


@pytest.fixture
def crafted(tmp_path, make_header):
    """A function that opens a file whose JSON was changed but whose check values are right."""

    def make(change=None, table=None, text=None, sections=()):
        document, own_table = split(pack_header(make_header()))
        document.update(change or {})
        text = json.dumps(document).encode() if text is None else text
        path = tmp_path / "crafted.hnr"
        write(path, joined(text, own_table if table is None else table), sections)
        tracemalloc.start()
        try:
            return HnrContainer(path)
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < 64 * MEGABYTE

    return make


def test_names_of_rpcs_that_nobody_knows_are_passed_over(crafted):
    container = crafted({"rpc": {**RPC, "OF_THE_FUTURE": [0] * 100_000}})
    assert container.header.description.georeference.rpc == Rpc.from_items(RPC_ITEMS)


def test_the_unchanged_header_is_read(crafted):
    assert crafted().header.description.n_bands == 5


@pytest.mark.parametrize(
    "change",
    [
        {"rows": 1_000_000, "columns": 1_000_000},
        {"rows": 10**30},
        {"rows": -1},
        {"bands": 65535},
        {"bands": 4},
        {"bands": 10**9},
        {"table": ["wavelength"] * 2},
        {"table": ["wavelength"]},
        {"table": [["wavelength"]]},
        {"table": [f"column {i}" for i in range(100)]},
        {"table": "wavelength"},
        {"parts": 3},
        {"parts": None},
        {"parts": 10**30},
        {"runs": {"usable": [10**12]}},
        {"runs": {"usable": [5, 5]}},
        {"runs": {"usable": [2, 3]}},
        {"runs": {"good": "all"}},
        {"present": {"wavelength": [1, 4, 9]}},
        {"names": {"pattern": "{number}" * 10}},
        {"names": ["one"]},
        {"names": "one"},
        {"constant": {"scale": "1"}},
        {"constant": {"scale": [1] * 5}},
        {"constant": 5},
        {"gcps": [[0] * 5, []]},
        {"rpc": 5},
        {"rpc": {"LINE_OFF": [1]}},
        {"rpc": {**RPC, "LINE_OFF": []}},
        {"rpc": {**RPC, "LINE_OFF": 1}},
        {"rpc": {**RPC, "SAMP_NUM_COEFF": [0] * 21}},
        {"rpc": {**RPC, "SAMP_NUM_COEFF": ["0"] * 20}},
        {"rpc": {**RPC, "ERR_BIAS": [[1]]}},
        {"dtype": "object"},
        {"method": 5},
        {"per_band": 5, "runs": 5},
    ],
)
def test_absurd_claims_are_refused(crafted, change):
    with pytest.raises(FormatError):
        crafted(change)


def test_a_usable_band_among_the_bad_ones_has_a_wavelength_where_the_good_ones_have(make_header):
    bands = [Band(400.0), Band(None, good=False), Band(420.0)]
    assert unpack_header(pack_header(make_header(bands, usable=[True, False, True]))).grid.ends == (400.0, 420.0)
    with pytest.raises(FormatError, match="wavelength"):
        unpack_header(pack_header(make_header(bands)))


@pytest.mark.parametrize("table", [b"", b"\x00", bytes(999), b"\xff" * 9999], ids=lambda table: len(table))
def test_wrong_band_tables_are_refused(crafted, table):
    with pytest.raises(FormatError):
        crafted(table=table)


IMPROPER_JSON = {
    "nothing": b"",
    "null": b"null",
    "deep lists": b"[" * 5_000_000,
    "deep objects": b'{"a":' * 1_000_000,
    "endless blanks": b" " * 30_000_000,
    "a number without end": b"9" * 5_000_000,
    "NaN": b'{"rows":NaN}',
    "a key twice": b'{"bands":5,"bands":5}',
    "a hundred thousand objects": b'{"bands":[' + b"{}," * 100_000 + b"{}]}",
}


@pytest.mark.parametrize("name", IMPROPER_JSON)
def test_wrong_json_is_refused(crafted, name):
    with pytest.raises(FormatError):
        crafted(text=IMPROPER_JSON[name])


def test_random_band_tables_give_a_header_or_a_format_error(crafted):
    random = np.random.default_rng(10)
    _, table = split(pack_header(crafted().header))
    n_refused = 0
    for _ in range(500):
        changed = bytearray(table)
        for spot in random.integers(len(table), size=random.integers(1, 4)):
            changed[spot] = int(random.integers(256))
        try:
            crafted(table=bytes(changed))
        except FormatError:
            n_refused += 1
    assert n_refused > 100


def test_a_preamble_that_claims_a_huge_header_is_refused(tmp_path):
    path = tmp_path / "huge.hnr"
    preamble, _ = pack_preamble(b"", 0)
    path.write_bytes(preamble[:12] + b"\xff\xff\xff\xff" + preamble[16:])
    with pytest.raises(FormatError):
        HnrContainer(path)


def test_a_section_that_claims_to_be_huge_is_refused(crafted):
    class Claims(bytes):
        def __len__(self):
            return 2**60

    with pytest.raises(FormatError, match="cut short"):
        crafted(sections=[("DATA", Claims(b"abc"))])


def test_a_section_that_occurs_twice_is_refused(crafted):
    with pytest.raises(FormatError, match="twice"):
        crafted(sections=[("DATA", b"1"), ("DATA", b"2")])


def test_a_mask_of_a_scene_far_larger_than_the_file_is_refused(crafted):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"\x00" + deflate.compress(bytes(4 * MEGABYTE)) + deflate.flush()
    container = crafted({"rows": 20_000, "columns": 20_000, "bands": 5}, sections=[(MASK, bomb)])
    with pytest.raises(FormatError):
        container.validity()


def test_an_unknown_method_leaves_the_header_readable(crafted):
    container = crafted({"method": "of the future", "encoder": "HINER for QGIS 9.0"})
    assert container.header.method == "of the future"
    assert container.header.encoder == "HINER for QGIS 9.0"
