"""How near a decoded scene comes to its original, over valid samples alone."""
