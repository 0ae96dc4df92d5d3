"""Training: one game, one loop, and the run folder through which all else looks on and steers."""
