"""What a user sees while the work goes on: percent, text, and a cancel button that works."""

import pytest


@pytest.fixture
def clock(monkeypatch):
    """Time that passes when told to."""
    import time

    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def advance(seconds):
        now[0] += seconds

    return advance


@pytest.fixture
def told(listen, clock):
    """A FeedbackProgress and the feedback that it tells."""
    from hiner.hiner_qgis.feedback import FeedbackProgress

    feedback = listen()
    return FeedbackProgress(feedback), feedback


def test_percent_and_text_arrive(told):
    progress, feedback = told
    progress.report(0.25, "Training: 31.2 dB, 0:40 left")
    assert feedback.percents == [25.0]
    assert feedback.texts == ["Training: 31.2 dB, 0:40 left"]


def test_text_comes_once_a_second_at_most(told, clock):
    progress, feedback = told
    for step in range(300):
        progress.report(step / 300, f"step {step}")
        clock(0.01)
    assert 3 <= len(feedback.texts) <= 4
    assert 10 <= len(feedback.percents) <= 16


def test_the_end_is_shown_however_quick_the_work(told):
    progress, feedback = told
    for fraction in (0.1, 0.101, 0.5, 1.0, 1.0):
        progress.report(fraction)
    assert feedback.percents == [10.0, 100.0]


def test_text_is_not_repeated(told, clock):
    progress, feedback = told
    for _ in range(5):
        progress.report(0.1, "Reading the raster")
        clock(2)
    assert feedback.texts == ["Reading the raster"]


def test_bar_never_steps_back(told, clock):
    progress, feedback = told
    for fraction in (0.2, 0.9, 0.0, 0.5, 1.0):
        progress.report(fraction)
        clock(1)
    assert feedback.percents == sorted(feedback.percents)
    assert feedback.percents[-1] == 100.0


def test_messages_are_logged_at_once(told):
    progress, feedback = told
    progress.log("first")
    progress.log("second")
    assert feedback.infos == ["first", "second"]


def test_cancelling_reaches_the_engine(told):
    from hiner.core.errors import Cancelled

    progress, feedback = told
    progress.check()
    feedback.cancel()
    with pytest.raises(Cancelled):
        progress.part(0.5, 0.6).check()


def test_compression_tells_what_to_expect_before_it_trains(run, raster, tiny, listen, tmp_path):
    feedback = listen()
    run("compress", feedback, INPUT=raster, OUTPUT=str(tmp_path / "x.hnr"), **{**tiny, "EPOCHS": 250})
    before = "\n".join(feedback.infos[: 1 + [text.startswith("Expected") for text in feedback.infos].index(True)])
    assert "parameters" in before
    assert "epochs" in before
    assert "Device: cpu" in before
    assert "times smaller" in before
    assert any("dB" in text and "left" in text for text in feedback.texts)
    assert any("PSNR" in text for text in feedback.infos)
    assert any("bits per sample" in text for text in feedback.infos)
    assert feedback.percents[-1] == 100
