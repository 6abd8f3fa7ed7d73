"""Home Assistant with the integration: what it costs and how fast it is."""
