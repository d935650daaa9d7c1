"""The networks of the four published scenes.

Source: HINER (ACM MM 2024), section 4.1, and its implementation's settings.
"""

import math
from dataclasses import dataclass
from typing import Optional, Tuple

from ..errors import ParameterError
from .architecture import Architecture, published_width

PUBLISHED_SIZES = (500_000, 1_000_000, 2_000_000)


@dataclass(frozen=True)
class PublishedNetwork:
    """Strides of a published network, and the grid where the scene's size is published too."""

    name: str
    strides: Tuple[int, ...]
    grid: Optional[Tuple[int, int]] = None

    def architecture(self, n_rows, n_cols, n_bands, n_parameters):
        """The network for an image, as published: a frame that is the grid times all strides.

        An image larger than the published frame gets as many grid cells as cover it.
        Raises ParameterError where the wished number of parameters is too small.
        """
        product = math.prod(self.strides)
        needed = -(-n_rows // product), -(-n_cols // product)
        grid = tuple(max(pair) for pair in zip(needed, self.grid or needed))
        strides = tuple((stride, stride) for stride in self.strides)
        width = published_width(grid, strides, n_bands, n_parameters)
        return Architecture((grid[0] * product, grid[1] * product), strides, width)


PUBLISHED = {
    network.name: network
    for network in (
        PublishedNetwork("indian_pines", (5, 3, 2, 2), (3, 3)),
        PublishedNetwork("pavia_university", (5, 4, 3, 2), (6, 3)),
        PublishedNetwork("pavia_centre", (5, 4, 3, 2, 2)),
        # The published text names no size for CHILD, so its grid follows the image.
        PublishedNetwork("child", (5, 4, 4, 2, 2)),
    )
}


def published_network(name):
    """The published network of that name; raises ParameterError for another name."""
    if name not in PUBLISHED:
        raise ParameterError(f"No published network {name!r}; there are {', '.join(PUBLISHED)}.")
    return PUBLISHED[name]
