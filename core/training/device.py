"""Where training runs: choosing the device, its threads, and what to say when it is not there."""

import contextlib
import functools
import os
import threading

from ..errors import DependencyError, DeviceError, ParameterError
from ..parallel import usable_cores
from . import gpu

INSTALL_TORCH = (
    "This method needs PyTorch, which QGIS's Python does not have. "
    "Debian, Ubuntu: sudo apt install python3-torch. conda: conda install pytorch. "
    "Decoding and viewing .hnr files works without it, and so does the classifier svm."
)


def import_torch():
    """Return the torch module, or raise DependencyError that says how to install it."""
    try:
        import torch
    except (ImportError, OSError) as error:
        # On Windows a broken torch raises OSError for a DLL that does not load.
        raise DependencyError(f"{INSTALL_TORCH} ({error})") from error
    return torch


def choose_device(name, told=None):
    """'auto', 'cpu' or 'cuda' to the torch device string that will be used.

    told: called with a sentence where 'auto' passes over a GPU that is there but cannot compute.
    Raises ParameterError for another name and DeviceError where CUDA is asked for and cannot be had.
    """
    torch = import_torch()
    if name not in ("auto", "cpu", "cuda"):
        raise ParameterError(f"Device {name!r} is none of auto, cpu, cuda.")
    if name == "cpu":
        return name
    fault = gpu.fault(torch)
    if fault is None:
        return "cuda"
    if name == "cuda":
        raise DeviceError(
            f"CUDA was asked for, but cannot be used: {fault}. Choose the device 'auto' or 'cpu', "
            "or install a torch built for this GPU and its driver."
        )
    if told is not None and torch.cuda.is_available():
        told(
            f"The GPU cannot be used ({fault}); the CPU computes. Another program may be using it, or it needs another "
            "torch, built for it and its driver."
        )
    return "cpu"


# Multiply-adds a band from which several threads are worth their waiting for each other.
THREADED_WORK = 150_000_000


@contextlib.contextmanager
def threads_for(torch, multiplications):
    """Let torch use every core meanwhile for large networks, and one for small ones.

    Debian's torch starts with one thread. On small networks threads mostly wait for each other, on
    busy cores many times longer than they work. The number follows the network alone, since sums
    in another order would make another file. A number that the user set in the environment stands.
    """
    wished = usable_cores() if multiplications >= THREADED_WORK else 1
    with _TORCH_THREADS.held(lambda: _restored_threads(torch)):
        if "OMP_NUM_THREADS" not in os.environ:
            torch.set_num_threads(wished)
        yield


@contextlib.contextmanager
def one_thread_each(torch):
    """Let torch and its BLAS use one thread meanwhile, so that threads of our own do not fight theirs.

    Yields whether both do. Where torch calls another BLAS than MKL, that one's threads can be held
    back by threadpoolctl alone, which comes with scikit-learn.
    """
    with _TORCH_THREADS.held(lambda: _restored_threads(torch)):
        torch.set_num_threads(1)
        if "BLAS_INFO=mkl" in torch.__config__.show():
            yield True
        elif _other_blas() is None:
            yield False
        else:
            with _BLAS_THREADS.held(lambda: _other_blas().limit(limits=1, user_api="blas")):
                yield True


class _Shared:
    """A context that works which overlap share: the first enters it and the last leaves it.

    Two tasks of QGIS may train at once: if each put back what it found, one thread would be left for good.
    """

    def __init__(self):
        self._lock, self._holders, self._stack = threading.Lock(), 0, contextlib.ExitStack()

    @contextlib.contextmanager
    def held(self, made):
        """made: function that returns the context."""
        with self._lock:
            if not self._holders:
                self._stack.enter_context(made())
            self._holders += 1
        try:
            yield
        finally:
            with self._lock:
                self._holders -= 1
                if not self._holders:
                    self._stack.close()


_TORCH_THREADS, _BLAS_THREADS = _Shared(), _Shared()


@contextlib.contextmanager
def _restored_threads(torch):
    before = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(before)


@functools.lru_cache(maxsize=None)
def _other_blas():
    """What holds back the threads of the BLAS libraries that are loaded, None without threadpoolctl."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController()
