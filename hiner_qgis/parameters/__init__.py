"""What parameters of algorithms stand for: inputs as the engine takes them, values and outputs that cannot be."""
