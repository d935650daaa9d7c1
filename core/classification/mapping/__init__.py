"""From a trained classifier to a map, block by block."""
