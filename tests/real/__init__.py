"""Portero against software that nobody here wrote: `make real` (root, Debian or Ubuntu).

Everything runs in a network namespace of its own that knows only its loopback: every server has an address of its own
in 127.0.0.0/8 and the real ports, and nothing can leave. `make test` leaves this folder out.
"""
