"""Does a small network at the decoder pay for its bytes? Trained on a scene's own planes, after all else.

    OMP_NUM_THREADS=1 python3 benchmarks/refinement.py SCENE RATE

Per plane, from the decoded planes alone: three 3x3 layers of 8 channels. Prints the squared error of the planes
before and after in dB, and the network's parameters; at 8 bits each these are what it would cost.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import scenes
from package import import_checkout

import_checkout()

import torch  # noqa: E402
from hiner.core.methods.latent import scene_encoder, wavelet  # noqa: E402
from hiner.core.simple import compress_array  # noqa: E402
from torch import nn  # noqa: E402

HIDDEN, STEPS, RATE, PLANES = 8, 400, 3e-3, 8


class Watched(scene_encoder.SceneEncoder):
    """Keeps the planes as they were and as they are decoded, of the last step that was tried."""

    kept = {}

    def _coefficients(self, step):
        low, details = super()._coefficients(step)
        whole = [tuple(band * step for band in bands) for bands in details]
        self.kept.update(step=step, planes=wavelet.inverse(low * step, whole))
        return low, details

    def encode(self, number, report=None):
        out = super().encode(number, report)
        self.kept["decoded"] = out[4].reshape(len(out[4]), *self.shape)
        return out


def inputs_of(decoded):
    """(K, 5, rows, cols): a plane, what it has beyond its surroundings, its spread, the plane before."""

    def beyond(x, side):
        return x - nn.functional.avg_pool2d(x, side, 1, side // 2, count_include_pad=False)

    spread = decoded.flatten(1).std(1).log()[:, None, None, None].expand(-1, 1, *decoded.shape[2:]) / 5
    before = torch.cat([torch.zeros_like(decoded[:1]), decoded[:-1]])
    parts = [torch.tanh(decoded / 50) * 5, beyond(decoded, 3), beyond(decoded, 5), spread, beyond(before, 3)]
    return torch.cat(parts, 1)


def trained(inputs, decoded, wanted):
    layers = [nn.Conv2d(5, HIDDEN, 3, padding=1), nn.GELU(), nn.Conv2d(HIDDEN, HIDDEN, 3, padding=1), nn.GELU()]
    network = nn.Sequential(*layers, nn.Conv2d(HIDDEN, 1, 3, padding=1))
    nn.init.zeros_(network[-1].weight)
    nn.init.zeros_(network[-1].bias)
    optimiser = torch.optim.Adam(network.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for _ in range(STEPS):
        some = torch.randperm(len(inputs))[:PLANES]
        loss = ((decoded[some] + network(inputs[some]) - wanted[some]) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network


def main():
    name, rate = sys.argv[1], float(sys.argv[2])
    torch.manual_seed(0)
    from hiner.core.methods.latent import trial

    trial.SceneEncoder = Watched
    cube, wavelengths = scenes.load(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.hnr"
        compress_array(cube, path, wavelengths, rate=rate)
        n_bytes = path.stat().st_size
    step, decoded, planes = (Watched.kept[key] for key in ("step", "decoded", "planes"))
    decoded, wanted = (torch.from_numpy(array[: len(decoded)] / step)[:, None].float() for array in (decoded, planes))
    inputs = inputs_of(decoded)
    network = trained(inputs, decoded, wanted)
    with torch.no_grad():
        refined = torch.cat([decoded[k : k + 1] + network(inputs[k : k + 1]) for k in range(len(decoded))])
    before, after = (float(((x - wanted) ** 2).mean()) for x in (decoded, refined))
    parameters = sum(p.numel() for p in network.parameters())
    print(f"{name}: {n_bytes} bytes, {10 * np.log10(before / after):+.3f} dB, {parameters} parameters")


if __name__ == "__main__":
    main()
