"""Sources say which bands of which file a layer shows, and survive being written and read."""

import pytest

pytest.importorskip("qgis.core")

from hiner.core.errors import ParameterError
from hiner.hiner_qgis.layer import source
from hiner.hiner_qgis.layer.metadata import Factory
from hiner.hiner_qgis.layer.source import Source


@pytest.mark.parametrize(
    "text, expected",
    [
        ("/a/b.hnr", Source("/a/b.hnr")),
        ("/a/b.hnr?wl=650,550.5,450", Source("/a/b.hnr", (650.0, 550.5, 450.0))),
        ("/a/b.hnr?wl=400:420:10", Source("/a/b.hnr", (400.0, 410.0, 420.0))),
        ("/a/b.hnr?wl=file", Source("/a/b.hnr", own_bands=True)),
        ("/a/b.hnr?sensor=sentinel2a", Source("/a/b.hnr", sensor="sentinel2a")),
        ("hiner:///a/b.hnr?wl=550", Source("/a/b.hnr", (550.0,))),
        ("hiner:///C:/a/b.hnr?wl=550", Source("C:/a/b.hnr", (550.0,))),
        ("C:\\a\\b.hnr?wl=550", Source("C:\\a\\b.hnr", (550.0,))),
        ("/what?/b.hnr?wl=550", Source("/what?/b.hnr", (550.0,))),
        ("./b.hnr?", Source("./b.hnr")),
    ],
)
def test_a_source_is_read(text, expected):
    assert source.parse(text) == expected


@pytest.mark.parametrize(
    "one",
    [
        Source("/a/b.hnr"),
        Source("/a/b.hnr", (650.123456, 1e3, 442.7)),
        Source("/a b/ü.hnr", own_bands=True),
        Source("b.hnr", sensor="landsat8"),
    ],
)
def test_a_written_source_is_read_as_it_was(one):
    assert source.parse(source.write(one)) == one


@pytest.mark.parametrize(
    "text", ["/b.hnr?wl=", "/b.hnr?wl=red", "/b.hnr?wl=-5", "/b.hnr?sensor=eyes", "/b.hnr?wl=550&wl=4"]
)
def test_what_is_no_source_is_refused(text):
    with pytest.raises(ParameterError):
        source.parse(text)


@pytest.mark.parametrize(
    "text", ["/a/b.hnr", "/a/b.hnr?wl=650,550", "b.hnr?wl=file", "b.hnr?sensor=landsat9"]
)
def test_the_parts_of_a_source_make_it_again(text):
    parts = Factory().decode_uri(text)
    assert parts["path"] == text.split("?")[0]
    assert Factory().encode_uri(parts) == text


def test_a_source_follows_its_file_to_another_folder():
    parts = Factory().decode_uri("/old/b.hnr?wl=650,550")
    assert Factory().encode_uri({**parts, "path": "/new/b.hnr"}) == "/new/b.hnr?wl=650,550"
