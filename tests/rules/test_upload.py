"""The zip and its metadata are what the plugin repository takes."""

import configparser
import re
import subprocess
import sys
import zipfile

import pytest

from hiner.core.version import VERSION

REQUIRED = (
    "name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository",
)
WISHED = ("homepage", "tags", "category", "icon", "changelog")


@pytest.fixture(scope="module")
def package(checkout, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, checkout / "scripts/package", folder], check=True, timeout=120)
    (path,) = folder.glob("*.zip")
    return path


@pytest.fixture(scope="module")
def metadata(checkout):
    parser = configparser.ConfigParser()
    parser.optionxform = str
    parser.read(checkout / "metadata.txt", encoding="utf-8")
    return dict(parser["general"])


def test_metadata_is_complete(metadata):
    assert [key for key in (*REQUIRED, *WISHED) if not metadata.get(key, "").strip()] == []


def test_metadata_opens_the_plugin_to_qgis_3_22_through_4(metadata):
    assert metadata["qgisMinimumVersion"] == "3.22"
    assert metadata["qgisMaximumVersion"] == "4.99"
    assert metadata["hasProcessingProvider"] == "yes"


def test_version_is_one_and_has_three_parts(metadata, checkout):
    assert metadata["version"] == VERSION
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)
    assert f"## {VERSION}" in (checkout / "CHANGELOG.md").read_text(encoding="utf-8")


def test_name_avoids_the_word_plugin(metadata):
    assert "plugin" not in metadata["name"].lower()


def test_about_names_what_the_plugin_needs(metadata):
    assert all(library in metadata["about"] for library in ("PyTorch", "NumPy", "GDAL", "SciPy", "matplotlib"))


def test_icon_is_a_png(metadata, checkout):
    assert (checkout / metadata["icon"]).read_bytes().startswith(b"\x89PNG\r\n")


def test_zip_has_one_top_folder_and_is_small_enough(package):
    names = zipfile.ZipFile(package).namelist()
    assert {name.split("/")[0] for name in names} == {"hiner"}
    assert package.stat().st_size < 25 * 2**20


def test_zip_holds_what_the_plugin_needs(package):
    names = set(zipfile.ZipFile(package).namelist())
    assert {
        "hiner/__init__.py", "hiner/metadata.txt", "hiner/LICENSE", "hiner/README.md",
        "hiner/hiner_qgis/plugin.py", "hiner/core/hnr_file.py", "hiner/resources/icons/hiner.png",
        "hiner/resources/sample/enmap_potsdam.tif", "hiner/resources/sample/ATTRIBUTION.md",
    } <= names


def test_zip_holds_nothing_else(package):
    for name in zipfile.ZipFile(package).namelist():
        parts = name.split("/")[1:]
        assert parts[0] not in ("tests", "benchmarks", "scripts"), name
        assert not any(part.startswith((".", "__pycache__")) for part in parts), name
        assert not name.endswith((".pyc", ".so", ".dll", ".exe", ".aux.xml")), name


def test_zip_is_the_same_when_built_again(package, checkout, tmp_path):
    subprocess.run([sys.executable, checkout / "scripts/package", tmp_path], check=True, timeout=120)
    assert (tmp_path / package.name).read_bytes() == package.read_bytes()


def test_licence_is_the_gpl(checkout):
    text = (checkout / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "Version 3, 29 June 2007" in text
