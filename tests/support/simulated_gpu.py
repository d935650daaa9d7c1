"""A GPU that is not there, on which all is computed but values: what lies elsewhere is told, and what would wait."""

import contextlib

import pytest


@contextlib.contextmanager
def simulated_gpu():
    """Tensors without values on a GPU that need not be there: one of another device raises, reading a value too."""
    torch = pytest.importorskip("torch")
    fake = pytest.importorskip("torch._subclasses.fake_tensor")
    if torch.version.cuda is None or not hasattr(torch.nn.functional, "scaled_dot_product_attention"):
        pytest.skip("needs torch 2.0 or later, built for CUDA, as PyPI has it for Linux")
    with fake.FakeTensorMode(allow_non_fake_inputs=True), torch.device("cuda"):
        yield
