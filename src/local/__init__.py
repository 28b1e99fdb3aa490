"""The embedded stack of stage `local`, and the commands that stand on it."""
