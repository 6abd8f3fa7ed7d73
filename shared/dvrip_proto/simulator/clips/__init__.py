"""Video that devices show: made or read once, encoded as devices encode, kept in a cache."""
