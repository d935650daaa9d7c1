"""The loss is L1 + CAM by their formulas, over valid pixels."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hiner.core.training.loss import content_angle, hiner_loss  # noqa: E402


def bands(seed, noise=0.1):
    random = np.random.default_rng(seed)
    original = random.random((3, 8, 9)).astype("f4")
    decoded = np.clip(original + noise * random.normal(size=original.shape), 0, 1).astype("f4")
    return decoded, original


def angle_by_formula(a, b):
    cosine = (a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())
    return np.degrees(np.arccos(cosine))


@pytest.mark.parametrize("noise", [0.5, 0.1, 0.01])
def test_content_angle_is_the_arc_cosine(noise):
    decoded, original = bands(0, noise)
    by_formula = [angle_by_formula(a.astype("f8"), b.astype("f8")) for a, b in zip(decoded, original)]
    angles = content_angle(torch.from_numpy(decoded), torch.from_numpy(original))
    assert np.allclose(angles.numpy(), by_formula, rtol=1e-4)


def test_content_angle_of_equal_bands_is_zero_with_a_finite_slope():
    decoded = torch.rand(2, 5, 5, requires_grad=True)
    angle = content_angle(decoded, decoded.detach().clone())
    angle.sum().backward()
    assert angle.max() < 1e-3
    assert torch.isfinite(decoded.grad).all()


def test_loss_weighs_half_the_l1_and_a_two_hundredth_of_the_angle():
    decoded, original = bands(1)
    expected = 0.5 * np.abs(decoded - original).mean() + 0.005 * np.mean(
        [angle_by_formula(a.astype("f8"), b.astype("f8")) for a, b in zip(decoded, original)]
    )
    loss = hiner_loss(torch.from_numpy(decoded), torch.from_numpy(original))
    assert loss.item() == pytest.approx(expected, rel=1e-4)


def test_invalid_pixels_do_not_matter():
    decoded, original = bands(2)
    valid = np.random.default_rng(3).random(decoded.shape) < 0.6
    wrong = np.where(valid, decoded, 0.77).astype("f4")
    args = torch.from_numpy(original), torch.from_numpy(valid.astype("f4"))
    assert hiner_loss(torch.from_numpy(wrong), *args) == hiner_loss(torch.from_numpy(decoded), *args)
    by_hand = 0.5 * np.abs(decoded - original)[valid].mean() + 0.005 * np.mean(
        [angle_by_formula(a[v].astype("f8"), b[v].astype("f8"))
         for a, b, v in zip(decoded, original, valid)]
    )
    assert hiner_loss(torch.from_numpy(decoded), *args).item() == pytest.approx(by_hand, rel=1e-4)
