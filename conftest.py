"""What every test run has: the rule about programs that a machine may lack, and drawn examples that no slow machine can fail."""

from hypothesis import settings

pytest_plugins = ["tests.programs"]

# How long an example takes depends on what else the machine does: a deadline would fail tests for no fault of the code.
settings.register_profile("unhurried", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("unhurried")
