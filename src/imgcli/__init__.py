"""imgcli: batch image generation with art direction, under a spending cap that holds."""

__version__ = "0.1.0"
