"""Reading finds what was written, from many threads, and notices a file that was replaced."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hiner.core.container.magic import is_hnr
from hiner.core.container.reader import HnrContainer, read_header
from hiner.core.container.writer import write_hnr
from hiner.core.errors import FormatError, RasterError


def test_header_alone_needs_no_section(small_file):
    data = small_file.read_bytes()
    small_file.write_bytes(data[:-60] + bytes(30) + data[-30:])
    assert read_header(small_file).method == "hiner"
    with pytest.raises(FormatError):
        HnrContainer(small_file).verify()


def test_sections_and_validity(small_file):
    container = HnrContainer(small_file)
    assert container.section_names == ("MASK", "HOLE", "AAAA", "BBBB")
    assert len(container.section("AAAA")) == 90
    assert container.section("BBBB") == b""
    validity = container.validity()
    expected = np.random.default_rng(7).random((6, 7)) > 0.3
    assert np.array_equal(validity.pixels, expected)
    assert np.argwhere(validity.of_band(3) != expected).tolist() == [[2, 3]]
    container.verify()


def test_rate_counts_every_byte_of_the_file(small_file):
    assert HnrContainer(small_file).rate == pytest.approx(8 * os.path.getsize(small_file) / (6 * 7 * 5))


def test_a_section_that_is_not_there(small_file):
    with pytest.raises(FormatError, match="lacks its section CCCC"):
        HnrContainer(small_file).section("CCCC")


def test_many_threads_share_a_container(tmp_path, make_header):
    path = tmp_path / "scene.hnr"
    sections = {f"S{i:03d}": np.random.default_rng(i).bytes(20_000) for i in range(40)}
    write_hnr(path, make_header(), sections)
    container = HnrContainer(path)
    with ThreadPoolExecutor(8) as pool:
        names = list(sections) * 5
        assert list(pool.map(container.section, names)) == [sections[name] for name in names]


def test_a_replaced_file_is_noticed(small_file, make_header):
    container = HnrContainer(small_file)
    write_hnr(small_file, make_header(encoder="another"), {"AAAA": b"other"})
    with pytest.raises(FormatError, match="replaced"):
        container.section("AAAA")
    with pytest.raises(FormatError, match="replaced"):
        container.verify()


def test_another_content_is_noticed_even_when_size_and_time_agree(small_file):
    container = HnrContainer(small_file)
    status, data = small_file.stat(), bytearray(small_file.read_bytes())
    data[-40] ^= 1
    small_file.write_bytes(data)
    os.utime(small_file, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(FormatError, match="AAAA is damaged"):
        container.section("AAAA")


def test_the_file_is_not_kept_open(small_file):
    container = HnrContainer(small_file)
    container.section("AAAA")
    small_file.unlink()
    with pytest.raises(RasterError):
        container.section("AAAA")


def test_messages_name_the_file(small_file):
    small_file.write_bytes(small_file.read_bytes()[:60])
    with pytest.raises(FormatError, match="small.hnr"):
        read_header(small_file)


@pytest.mark.parametrize("path", ["absent.hnr", ""])
def test_what_cannot_be_opened(tmp_path, path):
    with pytest.raises(RasterError):
        read_header(tmp_path / path)


@pytest.mark.parametrize("data", [b"", b"\x89", b"\x89HNR\r\n", b"\x89PNG\r\n\x1a\n" + bytes(90), bytes(500)])
def test_other_files_are_refused(tmp_path, data):
    path = tmp_path / "other.hnr"
    path.write_bytes(data)
    with pytest.raises(FormatError):
        read_header(path)


def test_a_later_version_asks_for_an_update(small_file):
    data = bytearray(small_file.read_bytes())
    data[8] = 2
    small_file.write_bytes(data)
    with pytest.raises(FormatError, match="update"):
        read_header(small_file)


def test_is_hnr_asks_the_name_first_and_then_the_content(small_file, tmp_path):
    upper, other, fake = tmp_path / "UPPER.HNR", tmp_path / "scene.tif", tmp_path / "fake.hnr"
    for path in (upper, other):
        path.write_bytes(small_file.read_bytes())
    fake.write_bytes(b"no such file")
    assert is_hnr(small_file)
    assert is_hnr(str(upper))
    assert not is_hnr(other)
    assert not is_hnr(fake)
    assert not is_hnr(tmp_path / "absent.hnr")
    assert not is_hnr(tmp_path)
