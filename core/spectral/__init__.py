"""Wavelengths: their units, the grid of a scene's bands, sensors, and what a user asks for."""
