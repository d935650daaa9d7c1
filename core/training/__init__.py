"""Fitting a network to one scene: targets, loss, schedule, trainer. Everything here needs torch."""
