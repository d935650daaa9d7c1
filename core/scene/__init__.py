"""What a hyperspectral scene is: its samples, its bands, its place, and which pixels are valid."""
