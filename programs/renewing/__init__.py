"""The next session: prepared from the last one in one step, and everybody of it asked whether they come again."""
