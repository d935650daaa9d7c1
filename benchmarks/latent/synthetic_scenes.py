"""Synthetic hyperspectral scenes: mixed materials on random fields, with shading, texture, sensor noise.

Nothing here is measured from a real scene: the context model that is shipped is trained on these alone.
"""

import numpy as np
from scipy import ndimage


def fractal(rng, rows, cols, slope):
    """Gaussian field with a power spectrum f^-slope, zero mean, unit variance."""
    fy, fx = np.meshgrid(np.fft.fftfreq(rows), np.fft.rfftfreq(cols), indexing='ij')
    amplitude = np.maximum(np.hypot(fy, fx), 1 / max(rows, cols)) ** (-slope / 2)
    field = np.fft.irfft2(amplitude * np.fft.rfft2(rng.normal(size=(rows, cols))), (rows, cols))
    return (field - field.mean()) / field.std()


def parcels(rng, rows, cols, count, rough):
    """Labels of a perturbed Voronoi partition with a random metric."""
    turn = rng.uniform(0, np.pi)
    stretch = rng.uniform(1, 3)
    y, x = np.meshgrid(np.arange(rows), np.arange(cols), indexing='ij')
    y = y + rough * fractal(rng, rows, cols, 2.5)
    x = x + rough * fractal(rng, rows, cols, 2.5)
    u, v = x * np.cos(turn) + y * np.sin(turn), stretch * (y * np.cos(turn) - x * np.sin(turn))
    seeds = rng.integers(0, rows, count), rng.integers(0, cols, count)
    su = seeds[1] * np.cos(turn) + seeds[0] * np.sin(turn)
    sv = stretch * (seeds[0] * np.cos(turn) - seeds[1] * np.sin(turn))
    power = rng.choice([1.0, 2.0])
    distance = np.stack([np.abs(u - a) ** power + np.abs(v - b) ** power for a, b in zip(su, sv)])
    return distance.argmin(0)


def spectra(rng, count, bands, length):
    """Smooth random spectra with a common shape: (count, bands), positive."""
    position = np.linspace(0, 1, bands)
    cover = np.exp(-0.5 * ((position[:, None] - position) / length) ** 2) + 0.02 * np.exp(-np.abs(position[:, None] - position) / 0.01)
    root = np.linalg.cholesky(cover + 1e-6 * np.eye(bands))
    common = root @ rng.normal(size=bands)
    return np.exp(0.5 * common + 0.45 * (rng.normal(size=(count, bands)) @ root.T))


def roads(rng, rows, cols):
    """A few bright lines, 1 to 3 pixels wide."""
    out = np.zeros((rows, cols))
    y, x = np.meshgrid(np.arange(rows), np.arange(cols), indexing='ij')
    for _ in range(rng.integers(0, 6)):
        turn = rng.uniform(0, np.pi)
        d = np.abs((x - rng.uniform(0, cols)) * np.cos(turn) + (y - rng.uniform(0, rows)) * np.sin(turn) + rng.uniform(0, 3) * fractal(rng, rows, cols, 3))
        out = np.maximum(out, d < rng.uniform(0.5, 1.5))
    return out


def scene(seed):
    """A cube (bands, rows, cols) float32."""
    rng = np.random.default_rng(seed)
    rows, cols = rng.integers(64, 200, 2)
    bands = int(rng.integers(60, 200))
    over = 2
    r, c = rows * over, cols * over
    materials = int(rng.integers(6, 30))
    label = parcels(rng, r, c, int(rng.integers(15, 400)), rng.uniform(0, 6)) % materials
    maps = np.stack([(label == m).astype(float) for m in range(materials)])
    line = roads(rng, r, c)
    which = rng.integers(0, materials)
    maps *= 1 - line
    maps[which] += line
    # natural mixtures inside the parcels
    soft = np.stack([fractal(rng, r, c, rng.uniform(1.0, 3.2)) for _ in range(materials)])
    soft = np.exp(rng.uniform(0.5, 2.5) * soft)
    share = rng.uniform(0.05, 0.95)
    maps = (1 - share) * maps + share * soft / soft.sum(0)
    shade = np.exp(rng.uniform(0.02, 0.3) * fractal(rng, r, c, rng.uniform(0.5, 2.5)))
    shade = shade * np.exp(rng.uniform(0, .5) * rng.normal(size=label.max() + 1))[label]
    maps = np.stack([ndimage.gaussian_filter(m * shade, over * rng.uniform(0.3, 0.7)) for m in maps])
    maps = maps.reshape(materials, rows, over, cols, over).mean((2, 4))
    cube = np.tensordot(spectra(rng, materials, bands, rng.uniform(0.05, 0.2)), maps, ((0), (0)))
    # variability inside materials: weak spectral shapes on their own fields
    extra = int(rng.integers(4, 30))
    shapes = np.log(spectra(rng, extra, bands, rng.uniform(0.02, 0.1)))
    shapes -= shapes.mean(0)
    fields = np.stack([fractal(rng, rows, cols, rng.uniform(0.3, 2.5)) for _ in range(extra)])
    fields *= (0.04 * rng.uniform(0.6, 1) ** np.arange(extra) * rng.uniform(0.3, 2))[:, None, None]
    fields *= np.exp(rng.uniform(0, 1) * fractal(rng, rows, cols, 2))
    cube = cube * np.exp(np.tensordot(shapes, fields, ((0), (0))))
    level = cube.mean((1, 2), keepdims=True)
    quality = np.exp(np.log(rng.uniform(60, 1500)) + 0.6 * rng.normal() * 0 + 0.5 * np.log(spectra(rng, 1, bands, 0.1))[0])
    noise = rng.normal(size=cube.shape) * level / quality[:, None, None] * np.sqrt(np.maximum(cube / level, 0.05)) ** rng.integers(0, 2)
    if rng.random() < 0.4:
        noise += rng.normal(size=(bands, 1, cols)) * level / quality[:, None, None] * rng.uniform(0.1, 0.6)
    if rng.random() < 0.3:
        noise = ndimage.gaussian_filter(noise, (0, rng.uniform(0, 0.5), rng.uniform(0, 0.6)))
    return (cube + noise).astype(np.float32)
