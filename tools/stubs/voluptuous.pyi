# Home Assistant puts probatio in the place of voluptuous: here the type checker learns of it.
from probatio import *  # noqa: F403 - every name of it, whatever they are
