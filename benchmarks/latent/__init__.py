"""Training and measuring the method `latent`."""
