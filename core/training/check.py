"""Whether a network, once quantised, reaches the wished PSNR."""

from .squared_errors import mean_psnr, squared_errors


class QuantisedCheck:
    """Decodes all bands from the rounded weights and compares their mean PSNR with the target.

    rounded: {name: array} to the same as a file's reader will see it; `embeddings` among them.
    """

    def __init__(self, targets, architecture, rounded, target_psnr, device, progress):
        self._targets, self._architecture, self._rounded = targets, architecture, rounded
        self._target, self._device, self._progress = target_psnr, device, progress

    def __call__(self, arrays, embeddings):
        """True once the target (dB) is reached."""
        tensors = self._rounded({**arrays, "embeddings": embeddings})
        errors = squared_errors(
            self._targets, self._architecture, tensors, self._device, self._progress
        )
        return mean_psnr(errors) >= self._target
