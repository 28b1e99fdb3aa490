# What others import comes before them, so that its asserts are rewritten.
pytest_plugins = [
    "tests.fixtures.tokens",
    "tests.fixtures.desk",
    "tests.fixtures.dynamodb",
    "tests.fixtures.log",
    "tests.fixtures.mongodb",
    "tests.fixtures.openai_server",
    "tests.fixtures.redis",
]
