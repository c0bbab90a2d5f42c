"""Runs watches and tells of them: scheduler, probe, delivery, digests, gauges; `notifiers` has the ways out."""
