"""Firmware of a device: the file, and its way into the device."""
