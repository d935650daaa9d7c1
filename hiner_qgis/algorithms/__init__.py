"""Processing algorithms: one file each, parameters and calls and no logic."""
