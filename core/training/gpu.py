"""What may go wrong with a GPU: one that cannot compute, errors of its libraries, memory that it keeps."""

import contextlib
import functools
import sys
import traceback

from ..errors import DeviceError, HinerError

SMALLER_MODEL = "Choose a smaller model, or the device 'cpu'."
"""The advice where a device fails a network that is fitted to a scene."""

# What errors of a GPU's libraries say; torch has classes for some of them only. Not "cuda" alone, which those of
# tensors on two devices say too.
_GPU_ERRORS = (
    "cuda error", "cuda driver", "cudacachingallocator", "cudnn", "cublas", "cusolver", "cufft", "find an engine",
    "hip error", "miopen",
)  # fmt: skip
_MEMORY_ERRORS = ("out of memory", "can't allocate memory", "not enough memory")


def fault(torch):
    """Why torch cannot compute on the GPU, in a line; None where it can.

    A GPU that is seen may be too old or too new for this torch, or another program's alone: that shows
    when it computes, and for some only in a convolution.
    """
    if not torch.cuda.is_available():
        return "torch sees no CUDA device"
    try:
        _compute(torch)
    except (RuntimeError, torch.cuda.DeferredCudaCallError) as error:
        return _first_line(error)
    return None


# What has computed once is not asked again; one that failed may have been busy.
@functools.lru_cache(maxsize=1)
def _compute(torch):
    x = torch.ones(1, 4, 8, 8, device="cuda", requires_grad=True)
    torch.nn.functional.conv2d(x, torch.ones(4, 4, 3, 3, device="cuda")).sum().backward()
    torch.cuda.synchronize()


def has_bfloat16(torch):
    """Whether an NVIDIA GPU has bfloat16 in hardware: torch says yes too where it is emulated, slowly."""
    return torch.version.hip is None and torch.cuda.get_device_capability()[0] >= 8


@contextlib.contextmanager
def device_errors(device, advice):
    """Turn torch's errors for exhausted memory, and a GPU's own, into DeviceError; advice: a sentence on what to do."""
    try:
        yield
    except HinerError:
        raise
    except RuntimeError as error:
        told = str(error).lower()
        if any(name in told for name in _MEMORY_ERRORS):
            raise DeviceError(
                f"The memory of the device '{device}' does not suffice ({_first_line(error)}). {advice}"
            ) from error
        if device == "cuda" and any(name in told for name in _GPU_ERRORS):
            # It may not compute any more, until QGIS is started again.
            _compute.cache_clear()
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
            _let_go(error)
        raise
    finally:
        if device == "cuda":
            _empty_cache()


def _let_go(error):
    """Free what the functions hold that an error, and those which it followed, came through."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _empty_cache():
    torch = sys.modules.get("torch")
    if torch is None:
        return
    # After some errors CUDA answers nothing more; that error has been told.
    with contextlib.suppress(RuntimeError):
        torch.cuda.empty_cache()


def _first_line(error):
    return str(error).strip().partition("\n")[0]
