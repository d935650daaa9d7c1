"""A `.hnr` file is read in a Python that has NumPy and nothing else of what the plugin can use."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest
from shipped import TORCH_MODULES, module_name, shipped_files
from synthetic import TINY, make_scene, smooth

# A fresh interpreter in which these libraries are not installed, with the checkout as `hiner`.
WITHOUT = """
import importlib.abc, sys
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {libraries!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
sys.path.insert(0, {tests!r})
import conftest
"""


def run_without(libraries, code, checkout):
    program = WITHOUT.format(libraries=set(libraries), tests=str(checkout / "tests")) + textwrap.dedent(code)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    pytest.importorskip("torch")
    from hiner.core.codec import compress

    path = tmp_path_factory.mktemp("reading") / "scene.hnr"
    compress(make_scene(smooth(40, 48, 12).astype("uint16")), path, TINY)
    return path


def test_library_named_as_absent_is_absent(checkout):
    code = """
        try:
            import numpy
        except ModuleNotFoundError:
            print("absent")
    """
    assert run_without(["numpy"], code, checkout).strip() == "absent"


def test_modules_import_without_what_training_and_reports_need(checkout):
    names = [module_name(path) for path in shipped_files() if path.parts[0] == "core"]
    names = [name for name in names if name not in TORCH_MODULES]
    code = f"""
        import importlib
        for name in {names!r}:
            importlib.import_module(name)
    """
    run_without(["torch", "sklearn", "matplotlib", "scipy", "qgis"], code, checkout)


def test_file_is_decoded_without_torch_scipy_gdal_and_qgis(checkout, file, tmp_path):
    from hiner.core.hnr_file import HnrFile

    output = tmp_path / "decoded.npz"
    code = f"""
        import numpy
        from hiner.core.hnr_file import HnrFile
        file = HnrFile({str(file)!r})
        numpy.savez({str(output)!r}, bands=file.read_bands([0, 7]), between=file.read_wavelengths([455.0]))
    """
    run_without(["torch", "scipy", "osgeo", "qgis", "matplotlib", "sklearn"], code, checkout)
    here = HnrFile(file)
    with np.load(output) as there:
        assert np.abs(there["bands"].astype(int) - here.read_bands([0, 7])).max() <= 1
        np.testing.assert_allclose(there["between"], here.read_wavelengths([455.0]), atol=1e-4 * 3900)


def test_compressing_without_torch_says_how_to_install_it(checkout, tmp_path):
    code = f"""
        import numpy
        from hiner.core.errors import DependencyError
        from hiner.core.simple import compress_array
        cube = numpy.arange(6000, dtype="uint16").reshape(6, 25, 40)
        try:
            compress_array(cube, {str(tmp_path / "x.hnr")!r}, method="hiner")
        except DependencyError as error:
            print(error)
    """
    assert "apt install python3-torch" in run_without(["torch"], code, checkout)
    assert list(tmp_path.iterdir()) == []
