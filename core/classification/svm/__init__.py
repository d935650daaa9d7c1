"""The support vector machine: all that needs scikit-learn."""
