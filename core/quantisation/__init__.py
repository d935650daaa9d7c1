"""From float tensors to a few bits a value and back, and what of that goes into a file."""
