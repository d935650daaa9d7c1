"""Lossless coding of integer symbols: Huffman and interleaved rANS, vectorised over lanes."""
