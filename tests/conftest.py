"""How the suite runs: the same cases every time; no clock judges them. `make fuzz` is where chance has its place."""

from hypothesis import HealthCheck, settings

settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
