"""torch's threads are as they were when works that overlap have ended, whoever ends first."""

import pytest

torch = pytest.importorskip("torch")

from hiner.core.training.device import THREADED_WORK, one_thread_each, threads_for  # noqa: E402


@pytest.fixture
def two_threads(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


WORKS = [lambda: one_thread_each(torch), lambda: threads_for(torch, 1), lambda: threads_for(torch, 2 * THREADED_WORK)]


@pytest.mark.parametrize("first", WORKS)
@pytest.mark.parametrize("second", WORKS)
def test_works_that_overlap_leave_what_they_found(two_threads, first, second):
    a, b = first(), second()
    a.__enter__()
    b.__enter__()
    a.__exit__(None, None, None)
    b.__exit__(None, None, None)
    assert torch.get_num_threads() == 2


def test_a_work_that_fails_leaves_what_it_found(two_threads):
    with pytest.raises(ZeroDivisionError), one_thread_each(torch):
        assert torch.get_num_threads() == 1
        1 / 0
    assert torch.get_num_threads() == 2


def test_blas_gets_its_threads_back():
    threadpoolctl = pytest.importorskip("threadpoolctl")

    def counts():
        return [pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]

    before, a, b = counts(), one_thread_each(torch), one_thread_each(torch)
    a.__enter__()
    b.__enter__()
    a.__exit__(None, None, None)
    b.__exit__(None, None, None)
    assert counts() == before
