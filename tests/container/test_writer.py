"""A file is written whole or not at all, and never harms one that was there."""

import errno
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from hiner.core import whole_file
from hiner.core.container.reader import HnrContainer
from hiner.core.container.writer import write_hnr
from hiner.core.errors import Cancelled, FormatError, OutputError
from hiner.core.progress import Progress
from hiner.core.whole_file import scratch_beside

BIG = {"DATA": bytes(5 * 2**20)}


@pytest.fixture
def target(tmp_path):
    """A path under which another file lies already."""
    path = tmp_path / "scene.hnr"
    path.write_bytes(b"was here before")
    return path


def check_unharmed(target):
    assert target.read_bytes() == b"was here before"
    assert os.listdir(target.parent) == [target.name]


def test_writes_what_the_reader_finds(tmp_path, make_header):
    path = tmp_path / "scene.hnr"
    sections = {"DATA": b"abc", "X012": np.arange(9, dtype="u1").tobytes()}
    n_bytes = write_hnr(path, make_header(), sections)
    assert n_bytes == path.stat().st_size
    container = HnrContainer(path)
    assert container.section_names == ("DATA", "X012")
    assert {name: container.section(name) for name in sections} == sections
    assert os.listdir(tmp_path) == ["scene.hnr"]


def test_replaces_a_file(target, make_header):
    write_hnr(target, make_header(), {})
    assert HnrContainer(target).header.method == "hiner"


def test_follows_a_link_to_its_file(target, make_header, tmp_path_factory):
    link = tmp_path_factory.mktemp("links") / "link.hnr"
    link.symlink_to(target)
    write_hnr(link, make_header(), {})
    assert link.is_symlink()
    assert HnrContainer(target).header.method == "hiner"


def test_has_the_rights_of_any_new_file(tmp_path, make_header):
    (tmp_path / "other").write_bytes(b"")
    write_hnr(tmp_path / "scene.hnr", make_header(), {})
    assert (tmp_path / "scene.hnr").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_names_in_any_script_and_length(tmp_path, make_header):
    path = tmp_path / ("波" * 80 + ".hnr")
    write_hnr(path, make_header(), {})
    assert HnrContainer(path).header.method == "hiner"


def test_a_full_disk(target, make_header, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(whole_file.os, "fsync", full)
    with pytest.raises(OutputError, match="disk is full") as caught:
        write_hnr(target, make_header(), BIG)
    assert str(target) in str(caught.value)
    check_unharmed(target)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")
def test_a_device_that_takes_nothing(target, make_header, monkeypatch):
    def onto_full_device(_, mode):
        return open("/dev/full", mode)

    monkeypatch.setattr(whole_file, "open", lambda path, mode: onto_full_device(path, "wb"), raising=False)
    with pytest.raises(OutputError, match="disk is full"):
        write_hnr(target, make_header(), BIG)
    monkeypatch.undo()
    check_unharmed(target)


def test_a_rename_that_fails(target, make_header, monkeypatch):
    def refused(*_):
        raise PermissionError(errno.EACCES, "Access is denied")

    monkeypatch.setattr(whole_file.os, "replace", refused)
    with pytest.raises(OutputError, match="not allowed"):
        write_hnr(target, make_header(), {})
    monkeypatch.undo()
    check_unharmed(target)


def test_a_missing_folder(tmp_path, make_header):
    with pytest.raises(OutputError, match="folder does not exist"):
        write_hnr(tmp_path / "absent" / "scene.hnr", make_header(), {})


def test_a_folder_as_target(tmp_path, make_header):
    with pytest.raises(OutputError, match="is a folder"):
        write_hnr(tmp_path, make_header(), {})
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(target, make_header):
    target.parent.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="not allowed"):
            write_hnr(target, make_header(), {})
    finally:
        target.parent.chmod(0o700)
    check_unharmed(target)


@pytest.mark.parametrize("calls", [0, 3, 5])
def test_cancelling_leaves_nothing(target, make_header, calls):
    class Patient(Progress):
        left = calls

        def is_cancelled(self):
            self.left -= 1
            return self.left < 0

    with pytest.raises(Cancelled):
        write_hnr(target, make_header(), BIG, progress=Patient())
    check_unharmed(target)


def test_killing_leaves_the_target(target, checkout):
    program = """
import importlib.util, sys, time
spec = importlib.util.spec_from_file_location("hiner", sys.argv[1], submodule_search_locations=[sys.argv[2]])
sys.modules["hiner"] = package = importlib.util.module_from_spec(spec)
from hiner.core import whole_file
with whole_file.scratch_beside(sys.argv[3]) as scratch:
    with open(scratch, "wb") as file:
        file.write(b"half a file")
        file.flush()
        print("writing", flush=True)
        time.sleep(60)
"""
    arguments = [str(checkout / "__init__.py"), str(checkout), str(target)]
    child = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"writing\n"
    child.kill()
    child.wait()
    child.stdout.close()
    assert target.read_bytes() == b"was here before"


def test_scratch_is_removed_whatever_happens(tmp_path):
    folders = []

    def fail():
        with scratch_beside(tmp_path / "scene.hnr") as scratch:
            folders.append(os.path.dirname(scratch))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert folders == [str(tmp_path)]
    assert os.listdir(tmp_path) == []


def test_a_header_that_could_not_be_read_back_is_refused(target, make_header):
    deep = []
    for _ in range(40):
        deep = [deep]
    with pytest.raises(FormatError):
        write_hnr(target, make_header(parameters={"deep": deep}), {})
    check_unharmed(target)


@pytest.mark.parametrize("name", ["abc", "abcd", "ABCDE", "AB D", "ÄBCD"])
def test_section_names_are_four_capitals_or_digits(target, make_header, name):
    with pytest.raises(ValueError, match="name a section"):
        write_hnr(target, make_header(), {name: b""})
    check_unharmed(target)


def test_progress_reaches_the_end(tmp_path, make_header):
    class Recorder(Progress):
        fractions = []

        def report(self, fraction, message=""):
            self.fractions.append(fraction)

    write_hnr(tmp_path / "scene.hnr", make_header(), BIG, progress=Recorder())
    assert Recorder.fractions == sorted(Recorder.fractions)
    assert Recorder.fractions[-1] == 1


def test_two_writers_at_once_leave_one_whole_file(tmp_path, make_header):
    from concurrent.futures import ThreadPoolExecutor

    path = tmp_path / "scene.hnr"
    headers = [make_header(encoder=str(number)) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda header: write_hnr(path, header, BIG), headers))
    HnrContainer(path).verify()
    assert os.listdir(tmp_path) == ["scene.hnr"]
    assert time.time() - path.stat().st_mtime < 60
