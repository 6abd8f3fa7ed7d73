"""A package for the sake of Home Assistant's test harness."""
