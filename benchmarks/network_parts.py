"""SpectralFormer's two costly parts against other ways to compute them, forward and back, by one thread of a CPU.

    OMP_NUM_THREADS=1 python3 benchmarks/network_parts.py

16 patches of the published patch variant on 200 bands, what a thread takes at once. The ways take turns, so that they
meet the same noise, and the least processor time of 30 turns counts. Needs PyTorch and NumPy alone. Adds to
benchmarks/results/network_parts.json, by processor and version of torch.
"""

import json
import time
from pathlib import Path

import torch
from machine import machine
from package import import_checkout

import_checkout()

from hiner.core.classification.network.attention import ChunkedAttention  # noqa: E402
from hiner.core.classification.network.position_map import PositionMap  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "network_parts.json"
PATCHES, POSITIONS, WIDTH, HEADS, TURNS = 16, 201, 64, 4, 30


def in_chunks(joint):
    return ChunkedAttention.apply(joint, HEADS)


def with_torchs_own(joint):
    query, key, value = (x.transpose(1, 2) for x in joint.unflatten(2, (3, HEADS, -1)).unbind(2))
    return torch.nn.functional.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)


def with_all_scores(joint):
    query, key, value = joint.unflatten(2, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
    scores = query @ key.transpose(2, 3) * key.shape[3] ** -0.5
    return (scores.softmax(-1) @ value).transpose(1, 2).flatten(2)


def convolved(weight, x):
    return torch.nn.functional.conv1d(x, weight[:, :, None])


def parts():
    """{part: ({way: function}, its arguments)}"""
    attention = {"in chunks": in_chunks, "all scores at once": with_all_scores}
    if hasattr(torch.nn.functional, "scaled_dot_product_attention"):
        attention["torch's own"] = with_torchs_own
    fusion = {"matrix by matrix": PositionMap.apply, "convolution": convolved}
    joint, x = torch.randn(PATCHES, POSITIONS, 3 * WIDTH), torch.randn(PATCHES, POSITIONS, WIDTH)
    weight = torch.randn(POSITIONS, POSITIONS) / POSITIONS
    return {"attention": (attention, (joint,)), "map over positions": (fusion, (weight, x))}


def least_seconds(ways, arguments):
    """{way: (forward, forward and back)}, processor seconds of the quickest turn."""
    arguments = [x.requires_grad_() for x in arguments]
    slope = torch.randn(PATCHES, POSITIONS, WIDTH)
    least = {name: (float("inf"),) * 2 for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            started = time.process_time()
            out = way(*arguments)
            forward = time.process_time() - started
            torch.autograd.grad(out, arguments, slope)
            least[name] = tuple(map(min, least[name], (forward, time.process_time() - started)))
    return least


def main():
    torch.set_num_threads(1)
    facts = machine()
    where = ", ".join([facts["processor"], "torch " + facts["torch"].partition("+")[0], *filter(None, [facts.get("blas")])])
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"runs": {}}
    for part, (ways, arguments) in parts().items():
        for way, (forward, both) in least_seconds(ways, arguments).items():
            row = {"forward_ms": round(1e3 * forward, 2), "both_ms": round(1e3 * both, 2), "machine": facts}
            results["runs"][f"{part} | {way} | {where}"] = row
            print(part, way, row["forward_ms"], row["both_ms"], flush=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
