"""Users and groups of a device, and their passwords."""
