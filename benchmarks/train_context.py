"""Trains the context model that is shipped, on synthetic scenes alone, and stores it.

    OMP_NUM_THREADS=1 python3 benchmarks/train_context.py [--scenes 24] [--steps 5000] [--hidden 32]

Writes resources/context/latent_1.bin and, beside it, latent_1.json: how it was made, and its CRC-32.
Two rounds: the first's material is quantised under Laplace prices (`latent/law.py`), the second's under
the prices of the first's model. No real scene, and no model made from one, has a part in it.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from machine import machine
from package import import_checkout

import_checkout()

from hiner.core.methods.latent import features, model_file  # noqa: E402
from hiner.core.methods.latent.context_model import ContextModel  # noqa: E402
from latent import law, material, to_integers, trainee  # noqa: E402

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "context"
NAME = "latent_1"
BATCH, RATE, SEED = 2048, 3e-3, 0
KEEP, THIN = 0.25, 8


def train(sets, n_steps, hidden):
    """(networks, tables) trained on [set][pass] samples; every set counts alike."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    tables = trainee.Tables()
    networks = [trainee.Pass(features.n_inputs(number), hidden) for number in range(4)]
    groups = [
        {"params": [p for network in networks for p in network.parameters()]},
        {"params": tables.parameters()},
    ]
    optimiser = torch.optim.Adam(groups, lr=RATE)
    for step in range(n_steps):
        rate = RATE * min(1, step / 100) * 0.5 * (1 + np.cos(np.pi * step / n_steps)) + 1e-5
        for group in optimiser.param_groups:
            group["lr"] = rate
        loss = sum(_loss(sets, number, networks[number], tables, random) for number in range(4))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 250 == 0:
            print(step, round(float(loss.detach()), 4), flush=True)
    return networks, tables


def _loss(sets, number, network, tables, random):
    """Mean bits of a batch, each set's over the share of its coefficients that are not zero, about."""
    x, points, quantiser, weight = [], [], [], []
    chosen = np.bincount(random.integers(0, len(sets), BATCH), minlength=len(sets))
    for samples, n in zip((s[number] for s in sets), chosen):
        n_samples = len(samples[1])
        if n == 0 or n_samples == 0:
            continue
        some = random.integers(0, n_samples, n)
        x.append(samples[0][some])
        points.append(samples[1][some])
        quantiser.append(samples[2][some])
        weight.append(samples[3][some] * n_samples / (4 * max((samples[1] > 0).sum(), 1)))
    values = trainee.bits(network, tables, *(np.concatenate(part) for part in (x, points, quantiser)))
    return (values * torch.from_numpy(np.concatenate(weight).astype(np.float32))).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=24)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--hidden", type=int, default=32)
    wishes = parser.parse_args()
    started, arrays = time.monotonic(), None
    for n_steps in (wishes.steps // 4, wishes.steps):
        model = None if arrays is None else ContextModel.from_arrays(arrays)
        sets = []
        for seed in range(wishes.scenes):
            sets += material.of_scene(seed, KEEP, THIN, model)
            print("scene", seed, round(time.monotonic() - started), "s", flush=True)
        networks, tables = train(sets, n_steps, wishes.hidden)
        inputs = [np.concatenate([samples[number][0][::50] for samples in sets]) for number in range(4)]
        arrays = to_integers.arrays(networks, tables, inputs)
    facts = {
        "command": f"benchmarks/train_context.py --scenes {wishes.scenes} --steps {wishes.steps} "
        f"--hidden {wishes.hidden}",
        "scenes": f"synthetic, benchmarks/latent/synthetic_scenes.py, seeds 0 to {wishes.scenes - 1}",
        "real_scenes": [],
        "prices": "Laplace laws (benchmarks/latent/law.py), then the model trained on the material so made",
        "steps": "three a scene: 1.45 x 10^(-q / 20), q uniform in 24 to 34, and 7 and 14 dB more",
        "seconds": round(time.monotonic() - started),
        "machine": machine(),
    }
    model_file.store(FOLDER, NAME, arrays, facts)


if __name__ == "__main__":
    main()
