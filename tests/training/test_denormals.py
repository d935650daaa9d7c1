"""Numbers too small for float32's exponent are zeros where that was asked for, and nowhere else."""

import threading

import pytest

torch = pytest.importorskip("torch")

from hiner.core.training.denormals import denormals_as_zeros  # noqa: E402


def product():
    """1e-20 * 1e-20 in float32: 1e-40 is a denormal number."""
    return float(torch.tensor([1e-20]) * torch.tensor([1e-20]))


@pytest.fixture(autouse=True)
def as_found():
    if not torch.set_flush_denormal(False):
        pytest.skip("this processor cannot take denormal numbers as zeros")
    yield
    torch.set_flush_denormal(False)


def test_they_are_zeros_meanwhile_and_numbers_after():
    with denormals_as_zeros(torch):
        assert product() == 0
        with denormals_as_zeros(torch):
            assert product() == 0
        assert product() == 0, "what is within gives back what it found"
    assert product() == pytest.approx(1e-40, rel=1e-4)


def test_an_error_leaves_nothing_behind():
    with pytest.raises(ValueError), denormals_as_zeros(torch):
        raise ValueError
    assert product() > 0


def test_the_smallest_normal_numbers_stay():
    with denormals_as_zeros(torch):
        assert float(torch.tensor([1.2e-38]) * 1) == pytest.approx(1.2e-38, rel=1e-4)


def test_other_threads_keep_theirs():
    within, found = threading.Event(), []

    def elsewhere():
        within.wait(10)
        found.append(product())

    # Begun before: a thread takes over what its creator has.
    other = threading.Thread(target=elsewhere)
    other.start()
    with denormals_as_zeros(torch):
        within.set()
        other.join()
    assert found == [pytest.approx(1e-40, rel=1e-4)]
