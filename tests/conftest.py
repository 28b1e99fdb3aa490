pytest_plugins = ["tests.fixtures.dynamodb", "tests.fixtures.mongodb", "tests.fixtures.redis"]
