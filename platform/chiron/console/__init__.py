"""The operators' console: how each society is doing, never what its people wrote."""
