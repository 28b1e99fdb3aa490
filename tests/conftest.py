pytest_plugins = [
    "tests.fixtures.desk",
    "tests.fixtures.dynamodb",
    "tests.fixtures.log",
    "tests.fixtures.mongodb",
    "tests.fixtures.redis",
    "tests.fixtures.tokens",
]
