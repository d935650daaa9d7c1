"""The wished size of a file in the words in which it was wished: bits per sample, or bytes."""

import math

from ..errors import ParameterError

# A file is met within a few percent; what is further off could not be had.
_TOLERANCE = 1.1


def check_size(options, rate, smallest, largest):
    """Raise ParameterError for a rate, in bits per sample, that is not `smallest` to `largest`.

    options: CompressOptions, whose file_size the rate may stand for.
    """
    if smallest <= rate <= largest:
        return
    if options.file_size is None:
        raise ParameterError(f"A rate of {rate:g} bits per sample is not {smallest:g} to {largest:g}.")
    if not rate:
        raise ParameterError(f"A file of {options.file_size:,} bytes is none: give more.")
    # Rounded inwards: what is named must not be refused.
    bytes_a_bit = options.file_size / rate
    least, most = math.ceil(smallest * bytes_a_bit), math.floor(largest * bytes_a_bit)
    raise ParameterError(
        f"A file of {options.file_size:,} bytes is too {'small' if rate < smallest else 'large'} for this scene: "
        f"give {least:,} to {most:,} bytes."
    )


def missed(wished, wished_bytes, n_bytes):
    """A line on a file that could not be made as small as was wished, in the words of `wished`; '' for one that is."""
    if n_bytes <= _TOLERANCE * wished_bytes:
        return ""
    return (
        f"The wished {wished} cannot be reached: the smallest possible file of this scene takes about {n_bytes:,} "
        "bytes, with its header, the figures of each band and the mask of pixels without data."
    )
