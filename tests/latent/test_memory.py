"""What writing a file takes in memory, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import re, sys
sys.path.insert(0, sys.argv[3])
import conftest
import numpy as np
from osgeo import gdal
from hiner.core.parallel import set_threads
from hiner.core.simple import compress_array

def told(name):
    return 1024 * int(re.search(name + r":\\s+(\\d+) kB", open("/proc/self/status").read())[1])

gdal.UseExceptions()
set_threads(2)
cube = gdal.Open(sys.argv[1]).ReadAsArray()
before = told("VmRSS")
# What the libraries take for themselves when they are first used (up to 7 MiB) is no scene's.
compress_array(np.ascontiguousarray(cube[:50, :24, :24]), sys.argv[2], rate=0.3)
before = max(before, told("VmRSS")) - cube.nbytes
assert compress_array(cube, sys.argv[2], rate=0.3).rate < 0.31
print((told("VmHWM") - before) / cube.nbytes)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells it this way")
def test_writing_takes_less_than_four_times_the_raster(tmp_path, checkout, shared_data):
    """The raster included; it has 8 MiB: what does not grow with a scene weighs most in a small one."""
    pytest.importorskip("osgeo.gdal")
    scene = shared_data / "indian_pines" / "indian_pines.tif"
    command = [sys.executable, "-c", SCRIPT, str(scene), str(tmp_path / "a.hnr"), str(checkout / "tests")]
    # Each thread of BLAS has buffers of its own, of which a machine with many cores would count many.
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 4
