"""What keeps a command from its work."""


class StartError(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do about it."""
