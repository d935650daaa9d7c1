"""Work in processes of their own: threads of one process wait for each other at every call of NumPy."""
