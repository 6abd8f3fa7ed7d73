"""A voice for a Home Assistant that reaches nobody: espeak-ng says it."""
