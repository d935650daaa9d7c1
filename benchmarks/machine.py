"""What machine a figure was measured on, in words that name no host."""

import os
import platform
import time

import numpy as np


def machine():
    """Processor, cores, GPU and versions, for a results file."""
    facts = {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "date": time.strftime("%Y-%m-%d"),
    }
    try:
        import torch
    except ImportError:
        return facts
    facts["torch"] = torch.__version__
    facts |= _blas(torch)
    if torch.cuda.is_available():
        facts["gpu"] = torch.cuda.get_device_name()
    return facts


def _blas(torch):
    """Which processor's kernels OpenBLAS multiplies with, where torch does so by it and that can be asked for."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return {}
    if "BLAS_INFO=mkl" in torch.__config__.show():
        return {}
    found = [library for library in threadpool_info() if library["internal_api"] == "openblas"]
    return {"blas": f"OpenBLAS {found[0]['version']} for {found[0]['architecture']}"} if found else {}


def _processor():
    try:
        with open("/proc/cpuinfo") as lines:
            names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.machine()
