"""Whatever happens to a file's bytes, reading it ends in a FormatError: never in a crash, a hang
or memory that only the damage asked for."""

import time
import tracemalloc

import numpy as np

from hiner.core.container.reader import HnrContainer
from hiner.core.errors import FormatError

TRIES = 20_000


def is_refused(path, data):
    # Written in place: emptying a file first makes some file systems wait for the disk.
    with open(path, "r+b") as file:
        file.write(data)
        file.truncate()
    try:
        container = HnrContainer(path)
        container.verify()
    except FormatError:
        return True
    return False


def test_any_single_bit_is_noticed(small_file):
    data = small_file.read_bytes()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        assert is_refused(small_file, changed), f"byte {place}"


def test_any_truncation_is_noticed(small_file):
    data = small_file.read_bytes()
    assert all(is_refused(small_file, data[:length]) for length in range(len(data)))


def alter(data, random):
    """One of what disks, networks and editors do to a file."""
    data, place = bytearray(data), int(random.integers(len(data)))
    kind = random.integers(7)
    if kind == 0:
        data[place] ^= int(random.integers(1, 256))
    elif kind == 1:
        for spot in random.integers(len(data), size=random.integers(1, 40)):
            data[spot] = int(random.integers(256))
    elif kind == 2:
        del data[place:]
    elif kind == 3:
        data[place:place] = random.bytes(int(random.integers(1, 30)))
    elif kind == 4:
        del data[place : place + int(random.integers(1, 30))]
    elif kind == 5:
        data += random.bytes(int(random.integers(1, 30)))
    else:
        data[place : place + 8] = bytes([255]) * 8
    return bytes(data)


def n_refused(path, tries, seed):
    """Alter the file at random; return how many tries changed it, all of which must be refused."""
    random, data = np.random.default_rng(seed), path.read_bytes()
    altered = [alter(data, random) for _ in range(tries)]
    altered = [each for each in altered if each != data]
    assert all(is_refused(path, each) for each in altered)
    return len(altered)


def test_random_damage_is_always_noticed(small_file):
    started = time.monotonic()
    assert n_refused(small_file, TRIES, 9) > 0.95 * TRIES
    assert time.monotonic() - started < 120


def test_random_damage_allocates_little(small_file):
    tracemalloc.start()
    try:
        assert n_refused(small_file, TRIES // 20, 11) > 0
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()


def test_sections_that_changed_places_are_noticed(tmp_path, make_header):
    from hiner.core.container.writer import write_hnr

    path = tmp_path / "scene.hnr"
    write_hnr(path, make_header(), {"ONE1": b"first", "TWO2": b"other"})
    data = path.read_bytes()
    head, one, two = data[:-42], data[-42:-21], data[-21:]
    assert not is_refused(path, head + one + two)
    assert is_refused(path, head + two + one)
    assert is_refused(path, head + one + one)
