"""The demonstration: three invented societies with a finished match each, made by the services that the pages use."""
