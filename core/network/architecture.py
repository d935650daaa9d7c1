"""The shape of HINER's decoder: grid, strides, widths, kernels and parameter counts. No torch.

Source: HINER (ACM MM 2024, arXiv 2407.21395), sections 3.2 and 4.1.
"""

import math
from dataclasses import dataclass
from typing import Tuple

from ..errors import ParameterError

EMBEDDING_CHANNELS = 16
WIDTH_REDUCTION = 1.2
SMALLEST_WIDTH = 12
NARROWER_WIDTHS = (12, 8, 6, 4, 3, 2)
LARGEST_KERNEL = 5
HEAD_KERNEL = 3
MAX_STAGES = 8
MAX_STRIDE = 8
MAX_WIDTH = 4096


@dataclass(frozen=True)
class Architecture:
    """A decoder from an embedding on a small grid to a `frame` of (rows, cols) pixels.

    `strides` holds one (rows, cols) pair a stage; the published networks have equal pairs, images
    that are much longer than wide get unequal ones. The published frames are the grid times all
    strides, with the image in their middle of zeros. Here a frame may have any size: after each
    stage rows and columns that no pixel of the frame needs are cut off, so that a frame can be
    the image itself and nothing is spent on padding.
    """

    frame: Tuple[int, int]
    strides: Tuple[Tuple[int, int], ...]
    first_width: int
    smallest_width: int = SMALLEST_WIDTH

    def __post_init__(self):
        widths = (self.first_width, self.smallest_width)
        sizes = (*self.frame, *(s for pair in self.strides for s in pair), *widths)
        if len(self.frame) != 2 or any(len(pair) != 2 for pair in self.strides):
            raise ParameterError(f"No decoder has frame {self.frame} and strides {self.strides}.")
        if not 1 <= len(self.strides) <= MAX_STAGES or not all(
            isinstance(size, int) and size >= 1 for size in sizes
        ):
            raise ParameterError(
                f"No decoder has frame {self.frame}, strides {self.strides}, widths {widths}."
            )
        if max(s for pair in self.strides for s in pair) > MAX_STRIDE:
            raise ParameterError(f"Strides {self.strides} exceed {MAX_STRIDE}.")
        if max(widths) > MAX_WIDTH:
            raise ParameterError(f"A width of {max(widths)} is more than {MAX_WIDTH}.")

    @property
    def sizes(self):
        """(rows, cols) of the grid and then of the output of each stage, cut to what is needed."""
        sizes = [self.frame]
        for sy, sx in reversed(self.strides):
            rows, cols = sizes[-1]
            sizes.append((-(-rows // sy), -(-cols // sx)))
        return tuple(reversed(sizes))

    @property
    def grid(self):
        """Rows and columns of an embedding."""
        return self.sizes[0]

    @property
    def widths(self):
        """Channels after the stem and after each stage."""
        widths = [self.first_width]
        for _ in self.strides:
            widths.append(max(round(widths[-1] / WIDTH_REDUCTION), self.smallest_width))
        return tuple(widths)

    @property
    def kernels(self):
        """Kernel side of each stage: 1, 3, 5, 5, ..."""
        return tuple(min(1 + 2 * i, LARGEST_KERNEL) for i in range(len(self.strides)))

    @property
    def shapes(self):
        """{name: shape} of the decoder's tensors, in the order in which a file holds them.

        Convolution weights are (out, in, kernel, kernel). A stage's outputs are ordered for the
        pixel shuffle: channel, row within the stride, column within the stride.
        """
        widths = self.widths
        shapes = {
            "stem.weight": (widths[0], EMBEDDING_CHANNELS, 1, 1),
            "stem.bias": (widths[0],),
        }
        for i, ((sy, sx), kernel) in enumerate(zip(self.strides, self.kernels)):
            n_out = widths[i + 1] * sy * sx
            shapes[f"stages.{i}.weight"] = (n_out, widths[i], kernel, kernel)
            shapes[f"stages.{i}.bias"] = (n_out,)
        shapes["head.weight"] = (1, widths[-1], HEAD_KERNEL, HEAD_KERNEL)
        shapes["head.bias"] = (1,)
        return shapes

    def embedding_shape(self, n_bands):
        """Shape of the stored embeddings: (bands, channels, grid rows, grid cols)."""
        return (n_bands, EMBEDDING_CHANNELS, *self.grid)

    def decoder_parameters(self):
        """Number of weights and biases of the decoder."""
        return sum(math.prod(shape) for shape in self.shapes.values())

    def parameters(self, n_bands):
        """Number of values in the file: the decoder's and the embeddings of `n_bands` bands."""
        return self.decoder_parameters() + math.prod(self.embedding_shape(n_bands))

    def multiplications(self):
        """Multiply-adds to decode one whole band."""
        total = math.prod(self.grid) * math.prod(self.shapes["stem.weight"])
        for i, size in enumerate(self.sizes[:-1]):
            total += math.prod(size) * math.prod(self.shapes[f"stages.{i}.weight"])
        return total + math.prod(self.frame) * math.prod(self.shapes["head.weight"])


def published_width(grid, strides, n_bands, n_parameters):
    """First width by the published rule: the positive root of a quadratic.

    The stages' weights are a * width^2 (biases and the head left out), the stem's 16 * width; with
    the embeddings they are to make `n_parameters`.

    Raises ParameterError where the embeddings alone need more than that.
    """
    quadratic = sum(
        WIDTH_REDUCTION ** -(2 * i + 1) * sy * sx * min(1 + 2 * i, LARGEST_KERNEL) ** 2
        for i, (sy, sx) in enumerate(strides)
    )
    rest = n_parameters - n_bands * EMBEDDING_CHANNELS * math.prod(grid)
    if rest <= 0:
        raise _too_small(n_parameters, n_parameters - rest + 1)
    linear = EMBEDDING_CHANNELS
    return max(1, int((-linear + math.sqrt(linear**2 + 4 * quadratic * rest)) / (2 * quadratic)))


def widest(frame, strides, n_bands, n_parameters):
    """The widest architecture of that frame and those strides within `n_parameters`, all counted.

    Widths stay at 12 and above, as published, unless that is too much for a small scene.
    Raises ParameterError where even the narrowest needs more.
    """
    for smallest in NARROWER_WIDTHS:
        low, high = 0, MAX_WIDTH
        while low < high:
            middle = (low + high + 1) // 2
            if Architecture(frame, strides, middle, smallest).parameters(n_bands) <= n_parameters:
                low = middle
            else:
                high = middle - 1
        if low >= smallest:
            return Architecture(frame, strides, low, smallest)
    needed = Architecture(frame, strides, smallest, smallest).parameters(n_bands)
    raise _too_small(n_parameters, needed)


def _too_small(n_parameters, needed):
    return ParameterError(
        f"{n_parameters} parameters are too few for a network of this scene, which needs at least "
        f"{needed}. Ask for a larger model or a higher rate."
    )
