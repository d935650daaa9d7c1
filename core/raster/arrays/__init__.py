"""Scenes delivered as arrays whose bands, rows and columns lie in an order of their own."""
