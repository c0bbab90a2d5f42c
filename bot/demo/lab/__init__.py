"""A small SMTP lab on loopback with its own DNS server: the demo, the tests and the benchmarks use it."""
