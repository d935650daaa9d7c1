"""What is trained and kept: settings, the trained classifier, its file."""
