"""The embedded stores for the tests of this folder."""

from tests.fixtures.stack import local_settings, local_stack

__all__ = ["local_settings", "local_stack"]
