"""Settings: `development` for a desk, `production`, and `test`; all read the environment through `env` alone."""
