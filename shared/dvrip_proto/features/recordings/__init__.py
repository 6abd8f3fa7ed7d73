"""Recordings on the disks of a device: find, play, download."""
