"""HINER as published: the scene is the weights of a network, quantised and entropy-coded."""
