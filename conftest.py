"""What every test run has: the rule about programs that a machine may lack."""

pytest_plugins = ["tests.programs"]
