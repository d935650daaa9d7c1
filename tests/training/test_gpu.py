"""A GPU that cannot compute is passed over or told; what goes wrong on one is told with a remedy, and memory given back."""

import weakref

import pytest

torch = pytest.importorskip("torch")

from hiner.core.errors import Cancelled, DeviceError  # noqa: E402
from hiner.core.training import gpu  # noqa: E402
from hiner.core.training.device import choose_device  # noqa: E402

NO_KERNEL = "CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors might be reported later"


@pytest.fixture
def useless_gpu(monkeypatch):
    """A GPU that torch sees and cannot compute on."""
    def refuse(*_, **__):
        raise RuntimeError(NO_KERNEL)

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch, "ones", refuse)
    gpu._compute.cache_clear()


def test_a_gpu_that_cannot_compute_is_passed_over_with_a_word(useless_gpu):
    told = []
    assert choose_device("auto", told.append) == "cpu"
    assert len(told) == 1 and "no kernel image" in told[0] and "\n" not in told[0]
    assert choose_device("auto") == choose_device("cpu") == "cpu"


def test_a_gpu_that_cannot_compute_is_refused_where_it_is_asked_for(useless_gpu):
    with pytest.raises(DeviceError, match="no kernel image.*'cpu'"):
        choose_device("cuda")


@pytest.mark.parametrize("told", [
    NO_KERNEL, "cuDNN error: CUDNN_STATUS_NOT_INITIALIZED", "CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate(handle)",
    "GET was unable to find an engine to execute this computation",
])
def test_errors_of_the_gpus_libraries_say_what_to_do(told):
    with pytest.raises(DeviceError, match="Choose a smaller model.*restart QGIS"), gpu.device_errors("cuda", gpu.SMALLER_MODEL):
        raise RuntimeError(told)


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_memory_that_does_not_suffice_is_told_of_any_device(device):
    with pytest.raises(DeviceError, match="does not suffice.*smaller"), gpu.device_errors(device, gpu.SMALLER_MODEL):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.")


@pytest.mark.parametrize("error", [
    RuntimeError("Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"),
    Cancelled("cancelled"), DeviceError("CUDA error told before"),
])
def test_other_errors_pass_as_they_are(error):
    with pytest.raises(type(error)) as caught, gpu.device_errors("cuda", gpu.SMALLER_MODEL):
        raise error
    assert caught.value is error


@pytest.mark.parametrize(("error", "told"), [(Cancelled, Cancelled), (RuntimeError, DeviceError)])
def test_what_a_failed_training_held_is_let_go_before_memory_is_given_back(monkeypatch, error, told):
    held = []
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: held.append(training() is None))

    def train():
        nonlocal training
        tensor = torch.zeros(3)
        training = weakref.ref(tensor)
        raise error("CUDA out of memory")

    training = None
    with pytest.raises(told), gpu.memory_given_back("cuda"), gpu.device_errors("cuda", gpu.SMALLER_MODEL):
        train()
    assert held == [True]
    with gpu.memory_given_back("cpu"):
        pass
    assert held == [True]
