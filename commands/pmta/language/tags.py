"""Every PowerMTA tag that public material establishes: data, a row each.

Columns: name; argument (`none`, `one`, `optional`); what the argument is; tags it may stand in (`global` for the top
level); status ("" or deprecated); note; section of the PowerMTA 5.0 User's Guide (2020 edition unless it says 2019).
"""
# ruff: noqa: E501  a row reads best on one line
# fmt: off

ROWS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("source", "one", "address, network, name or {reserved name}", "global", "", "The most specific network wins for each setting; a named source applies only where it is named.", "3.3.7"),
    ("source-group", "one", "name", "global", "", "", "2019 ed., 3.3.9"),
    ("smtp-user", "one", "user name", "global", "", "", "2019 ed., 3.3.8"),
    ("smtp-listener", "one", "network:port", "global", "", "May be given several times; a one-line directive has the same name.", "2019 ed., 3.3.17"),
    ("domain", "one", "domain pattern", "global virtual-mta virtual-mta-pool", "", "Order is irrelevant: the most specific pattern wins for each setting.", "3.3.10"),
    ("virtual-mta", "one", "name", "global", "", "Shares its name space with the pools.", "2019 ed., 3.3.12"),
    ("virtual-mta-pool", "one", "name", "global", "", "Refused when a VirtualMTA has the same name.", "3.3.13"),
    ("pattern-list", "optional", "name", "global pattern-list", "", "The first match decides. Define it above the source that names it.", "3.3.14"),
    ("smtp-pattern-list", "one", "name", "global", "", "The first match decides.", "2019 ed., 3.3.15"),
    ("bounce-category-patterns", "none", "", "global", "", "Looked at before the patterns that PowerMTA ships with.", "2019 ed., 10.8"),
    ("acct-file", "one", "path or |command", "global", "", "May be given several times.", "3.3.11"),
    ("spool", "one", "directory", "global", "", "At least one is required.", "2019 ed., 3.3.2"),
    ("bounce-processor", "none", "", "global", "", "A change needs a restart.", "2019 ed., 3.3.3"),
    ("feedback-loop-processor", "none", "", "global", "", "", "2019 ed., 3.3.4"),
    ("address-list", "optional", "name", "global bounce-processor feedback-loop-processor", "", "Has a name at the top level only.", "2019 ed., 3.3.5"),
    ("email-patterns", "none", "", "bounce-processor feedback-loop-processor", "", "", "2019 ed., 3.3.6"),
    ("aliases", "none", "", "global", "", "", "2019 ed., 12.9"),
    ("dns", "none", "", "global", "", "", "2019 ed., 3.3.16"),
    ("rewrite-list", "one", "name", "global", "", "", "2019 ed., 3.3.18"),
    ("domain-key-list", "one", "name", "global", "", "", "3.3.19"),
    ("mx-rollup-list", "none", "", "global", "", "", "2019 ed., 10.17"),
    ("transmissions-api", "none", "", "global", "", "", "2019 ed., 3.3.20"),
    ("transmissions-api-listener", "one", "address:port", "global", "", "tls-certificate is required.", "2019 ed., 3.3.21"),
    ("proxy", "one", "name", "global", "", "server and client are both required.", "3.3.22"),
    ("vault", "none", "", "global", "", "One only.", "3.3.23"),
    ("signals", "none", "", "global", "", "api-key is required.", "2019 ed., 10.1.4"),
    ("signals-filter", "one", "name", "global", "", "", "2019 ed., 10.1.4.3"),
    ("sparkpost-analytics", "none", "", "global", "deprecated", "The old name of <signals>.", "2019 ed., 10.1.4"),
)
