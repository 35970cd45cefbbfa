"""Plans, subscriptions and what they allow. Shared by all societies; every row names its society."""
