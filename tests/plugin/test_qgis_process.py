"""The plugin in `qgis_process`, as a script or a server would call it: a process and profile of its own."""

import json
import os
import shutil
import subprocess

import pytest

# Debian 12's `qgis_process` is a wrapper that does not work; where there is a .bin, that is the program.
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")


@pytest.fixture(scope="module")
def qgis_process(checkout, tmp_path_factory):
    """A function that calls `qgis_process` with the checkout as an enabled plugin."""
    if PROGRAM is None:
        pytest.skip("qgis_process is not installed")
    profile = tmp_path_factory.mktemp("profile")
    plugins = profile / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "hiner").symlink_to(checkout, target_is_directory=True)
    environment = {
        **os.environ, "QGIS_CUSTOM_CONFIG_PATH": str(profile), "QT_QPA_PLATFORM": "offscreen",
        "OMP_NUM_THREADS": "1",
    }

    def call(*arguments):
        done = subprocess.run(
            [PROGRAM, *arguments], env=environment, capture_output=True, text=True, timeout=300,
            stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout, done.stderr

    assert call("plugins", "enable", "hiner")[0] == 0
    return call


def results_of(output):
    return json.loads(output[output.index("{"):])["results"]


def test_algorithms_are_listed(qgis_process):
    code, output, _ = qgis_process("list")
    assert code == 0
    for name in (
        "compress", "decompress", "info", "evaluate", "trainclassifier", "classify", "accuracy",
        "compress_train_classify", "classify_hnr_files",
    ):
        assert f"hiner:{name}" in output


def test_help_explains_parameters(qgis_process):
    code, output, _ = qgis_process("help", "hiner:decompress")
    assert code == 0
    assert "sensor:sentinel2a" in output


def test_there_and_back(qgis_process, raster, tiny, tmp_path, read_raster):
    hnr, tif = str(tmp_path / "x.hnr"), str(tmp_path / "x.tif")
    options = [f"{name}={value}" for name, value in tiny.items()]
    code, output, errors = qgis_process(
        "--json", "run", "hiner:compress", "--", f"INPUT={raster}", f"OUTPUT={hnr}", *options
    )
    assert code == 0, errors
    results = results_of(output)
    assert results["OUTPUT"] == hnr
    assert results["PSNR"] > 10
    code, output, errors = qgis_process(
        "--json", "run", "hiner:decompress", "--", f"INPUT={hnr}", f"OUTPUT={tif}", "WAVELENGTHS=500,550.5"
    )
    assert code == 0, errors
    assert [float(items["wavelength"]) for items in read_raster(tif)["items"]] == [500.0, 550.5]


def test_failure_is_told_and_nothing_is_written(qgis_process, hnr, tmp_path):
    code, output, errors = qgis_process(
        "run", "hiner:decompress", "--", f"INPUT={hnr}", f"OUTPUT={tmp_path / 'x.tif'}", "WAVELENGTHS=2000"
    )
    assert code != 0
    assert "2000 nm lies outside" in output + errors
    assert list(tmp_path.iterdir()) == []


def test_from_samples_to_an_accuracy(qgis_process, checkout, tmp_path):
    pytest.importorskip("sklearn")
    sample = checkout / "resources" / "sample"
    samples, scene = sample / "enmap_potsdam_classes.geojson", sample / "enmap_potsdam.tif"
    model, made = tmp_path / "m.hncls", tmp_path / "map.tif"

    def run(name, *arguments):
        code, output, errors = qgis_process("--json", "run", f"hiner:{name}", "--", *arguments)
        assert code == 0, errors
        return results_of(output)

    trained = run(
        "trainclassifier", f"INPUT={scene}", f"SAMPLES={samples}", "FIELD=class", "VARIANT=svm", "PATCH=1",
        f"OUTPUT={model}",
    )
    assert trained["OUTPUT"] == str(model)
    assert 0.3 < trained["OA"] < 1
    run("classify", f"INPUT={scene}", f"MODEL={model}", f"OUTPUT={made}")
    # Of a labels' file that trained most of them.
    assert run("accuracy", f"CLASSIFIED={made}", f"REFERENCE={samples}", "FIELD=class")["OA"] > trained["OA"]
