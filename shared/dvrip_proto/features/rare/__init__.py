"""What few devices can."""
