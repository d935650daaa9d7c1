"""What may go wrong with a GPU: one that cannot compute, errors of its libraries, memory that it keeps."""

import contextlib
import functools
import sys
import traceback

from ..errors import DeviceError, HinerError

SMALLER_MODEL = "Choose a smaller model, or the device 'cpu'."
"""The advice where a device fails a network that is fitted to a scene."""

# Names that errors of CUDA, cuDNN and cuBLAS say; torch has classes for some of them only.
_GPU_NAMES = ("cuda", "cudnn", "cublas", "cusolver", "cufft")


def fault(torch):
    """Why torch cannot compute on the GPU, in a line; None where it can.

    A GPU that is seen may be too old or too new for this torch, or another program's alone: that shows
    when it computes, and for some only in a convolution.
    """
    if not torch.cuda.is_available():
        return "torch sees no CUDA device"
    try:
        _compute(torch)
    except RuntimeError as error:
        return _first_line(error)
    return None


# What has computed once is not asked again; one that failed may have been busy.
@functools.lru_cache(maxsize=1)
def _compute(torch):
    x = torch.ones(1, 4, 8, 8, device="cuda", requires_grad=True)
    torch.nn.functional.conv2d(x, torch.ones(4, 4, 3, 3, device="cuda")).sum().backward()
    torch.cuda.synchronize()


def has_bfloat16(torch):
    """Whether the GPU has bfloat16 in hardware: torch says yes too where it is emulated, slowly."""
    return torch.cuda.get_device_capability()[0] >= 8


@contextlib.contextmanager
def device_errors(device, advice):
    """Turn torch's errors for exhausted memory, and a GPU's own, into DeviceError; advice: a sentence on what to do."""
    try:
        yield
    except HinerError:
        raise
    except RuntimeError as error:
        told = str(error).lower()
        if "out of memory" in told or "can't allocate memory" in told:
            raise DeviceError(
                f"The memory of the device '{device}' does not suffice ({_first_line(error)}). {advice}"
            ) from error
        if device == "cuda" and any(name in told for name in _GPU_NAMES):
            raise DeviceError(
                f"The GPU failed ({_first_line(error)}). {advice} If that fails too, restart QGIS first."
            ) from error
        raise


@contextlib.contextmanager
def memory_given_back(device):
    """Leave other programs the GPU's memory afterwards: torch keeps what it has had, until QGIS ends."""
    try:
        yield
    except BaseException as error:
        if device == "cuda":
            # The error holds the functions that it came through, and they hold tensors.
            traceback.clear_frames(error.__traceback__)
        raise
    finally:
        if device == "cuda":
            _empty_cache()


def _empty_cache():
    # Where there is a GPU to give back, torch has long been imported.
    torch = sys.modules["torch"]
    # After some errors CUDA answers nothing more; that error has been told.
    with contextlib.suppress(RuntimeError):
        torch.cuda.empty_cache()


def _first_line(error):
    return str(error).strip().partition("\n")[0]
