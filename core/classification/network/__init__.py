"""SpectralFormer with ASW, its training and its scores: all that needs torch."""
