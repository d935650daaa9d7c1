"""The bytes are those that docs/hnr-format.md describes: read here by nothing but that page."""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from hiner.core.container.dictionary import DICTIONARY
from hiner.core.container.header import BandStatistics
from hiner.core.container.reader import HnrContainer
from hiner.core.container.writer import write_hnr
from hiner.core.scene.description import Band
from hiner.core.scene.scene import Validity

GOLDEN = Path(__file__).parent / "golden"


def test_the_dictionary_of_version_1_never_changes():
    assert (len(DICTIONARY), zlib.crc32(DICTIONARY)) == (12802, 0x7EB6BC4C)


def sections_of(data):
    """{name: payload} and the header's bytes of a file, every check value compared."""
    assert data[:8] == bytes([0x89, 0x48, 0x4E, 0x52, 0x0D, 0x0A, 0x1A, 0x0A])
    version, n_sections, n_header, check = struct.unpack("<HHII", data[8:20])
    assert version == 1
    header, place, sections = data[20 : 20 + n_header], 20 + n_header, {}
    assert check == zlib.crc32(data[8:16] + header)
    for _ in range(n_sections):
        name, length, own = struct.unpack("<4sQI", data[place : place + 16])
        payload = data[place + 16 : place + 16 + length]
        assert own == zlib.crc32(data[place : place + 12] + payload, check)
        check, place = own, place + 16 + length
        sections[name.decode()] = payload
    assert place == len(data)
    return header, sections


def zigzag(number):
    return number >> 1 if number % 2 == 0 else -(number + 1 >> 1)


def column_of(bits, n):
    """Take one column of n numbers from a list of bits and return its kind, digits and integers."""

    def take(count):
        taken = "".join(bits[:count])
        del bits[:count]
        return int(taken or "0", 2)

    def unary(most):
        count = 0
        while count < most and take(1):
            count += 1
        return count

    kind, order, _, zeros, digits, significant = (take(w) for w in (2, 2, 2, 2, 4, 4))
    assert zeros == 0
    used, values, slope, bend = 16, [], 0, 0
    before = len(bits)
    for i in range(n):
        if i == 0:
            k = take(6)
        elif i % 8 == 0:
            k += zigzag(unary(1000))
        last = values[-1] if values else 0
        guess = 0 if order == 0 else last + (slope if order > 1 else 0) + (bend if order > 2 else 0)
        unit = 1
        if significant and i:
            unit = 10 ** max(0, len(str(abs(last))) - significant)
            guess = (2 * guess + unit) // (2 * unit) * unit
        ones = unary(10)
        if ones < 10:
            value = guess + unit * zigzag((ones << k) + take(k))
        else:
            size = take(7)
            value = guess + zigzag((1 << size) + take(size))
        if i and (ones < 10 or i < order):
            bend = value - last - slope if i > 1 else 0
            slope = value - last
        values.append(value)
    used += before - len(bits)
    take(-used % 8)
    return kind, digits, values


def test_a_file_read_by_the_page_alone(tmp_path, make_header):
    n = 20
    bands = [Band(round(400 + 9.731 * i + 0.01 * i * i, 2), name=f"Band {i + 1}") for i in range(n)]
    low = np.array([3.0 * (i % 4) for i in range(n)])
    high = low + 200 + np.arange(n) ** 2
    statistics = BandStatistics(low, high, low + 90, high / 8, low + 10, high - 30)
    pixels = np.random.default_rng(12).random((6, 7)) > 0.3
    path = tmp_path / "scene.hnr"
    header = make_header(bands, statistics=statistics)
    validity = Validity(pixels, np.ones(n, bool), {4: ~pixels})
    write_hnr(path, header, {"DATA": b"abc"}, validity)

    packed, sections = sections_of(path.read_bytes())
    inflate = zlib.decompressobj(-15, zdict=DICTIONARY)
    document = json.loads(inflate.decompress(packed))
    assert list(sections) == ["MASK", "HOLE", "DATA"]
    assert sections["DATA"] == b"abc"
    assert (document["rows"], document["columns"], document["bands"]) == (6, 7, n)
    assert document["names"] == {"pattern": "Band {number}"}

    bits = list("".join(f"{byte:08b}" for byte in inflate.unused_data))
    columns = {name: column_of(bits, n) for name in document["table"]}
    assert not bits
    kind, digits, integers = columns["wavelength"]
    assert kind == 0
    assert [value / 10**digits for value in integers] == [band.wavelength for band in bands]
    assert columns["minimum"][2] == low.tolist()
    assert columns["maximum"][2] == high.tolist()
    parts, low_parts = document["parts"], np.array(columns["low"][2])
    high_parts = np.array(columns["high"][2])
    assert low_parts.tolist() == np.rint(10 / (high - low) * parts).tolist()
    mean_parts = np.array(columns["mean"][2]) + (low_parts + high_parts) // 2
    assert mean_parts.tolist() == np.rint(90 / (high - low) * parts).tolist()
    deviation_parts = np.array(columns["deviation"][2]) + (high_parts - low_parts) // 4
    assert deviation_parts.tolist() == np.rint(high / 8 / (high - low) * parts).tolist()

    mask = inflated_rows(sections["MASK"])
    assert np.array_equal(mask, pixels)
    assert sections["HOLE"][:2] == b"\x01\x00"
    numbers = np.frombuffer(zlib.decompress(sections["HOLE"][3:], -15)[: 2 * n], "<u2")
    assert numbers.tolist() == [0, 0, 0, 0, 1] + [0] * 15


def inflated_rows(section):
    assert section[0] == 0
    rows = [int(byte) for byte in zlib.decompress(section[1:], -15)]
    for i in range(1, len(rows)):
        rows[i] ^= rows[i - 1]
    return np.array([[int(bit) for bit in f"{row:08b}"[:7]] for row in rows], bool)


@pytest.mark.parametrize("name", ["plain", "oddities"])
def test_golden_files_are_read_for_ever(name):
    container = HnrContainer(GOLDEN / f"{name}.hnr")
    expected = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    container.verify()
    validity = container.validity()
    assert container.header.to_json() == expected["header"]
    assert {n: container.section(n).hex() for n in container.section_names} == expected["sections"]
    assert [f"{validity.of_band(b).sum()}" for b in range(len(validity.bands))] == expected["valid_pixels"]
