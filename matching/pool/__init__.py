"""Everybody who waits for a pair, at a glance and before any suggestion: who seeks what, and what one more would bring.

`supply` counts by what people are and want, `regions` where they are, `alone` who can have nobody and by which rule,
`kinds` and `recruiting` what one more mentor would bring, `background` the same where it takes long.
"""
