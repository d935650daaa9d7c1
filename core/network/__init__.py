"""HINER's network: its shape, its published instances, and two ways to run it (torch, NumPy)."""
