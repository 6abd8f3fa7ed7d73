"""`make demo`: simulated devices, a real Home Assistant and a real playbook, started and stopped together."""
