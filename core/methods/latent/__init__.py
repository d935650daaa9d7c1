"""The method `latent`: a KLT's planes as entropy-coded wavelet coefficients (docs/latent-findings.md)."""
