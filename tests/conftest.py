pytest_plugins = [
    "tests.fixtures.desk",
    "tests.fixtures.dynamodb",
    "tests.fixtures.mongodb",
    "tests.fixtures.redis",
    "tests.fixtures.tokens",
]
    "tests.fixtures.dynamodb",
    "tests.fixtures.mongodb",
    "tests.fixtures.redis",
    "tests.fixtures.log",
    "tests.fixtures.tokens",
]
