"""The standards and guides that the rules cite, by name: a misspelt one does not pass the type checker.

What they are stands in sources.toml.
"""

from commands.smtpport.catalogue.reader import shared_sources

_SOURCES = shared_sources()

IANA = _SOURCES["iana"]
RFC_2033 = _SOURCES["rfc-2033"]
RFC_3207_4 = _SOURCES["rfc-3207-4"]
RFC_3464 = _SOURCES["rfc-3464"]
RFC_5321 = _SOURCES["rfc-5321"]
RFC_5965 = _SOURCES["rfc-5965"]
RFC_6409_3_1 = _SOURCES["rfc-6409-3-1"]
RFC_6409_4_3 = _SOURCES["rfc-6409-4-3"]
RFC_7672 = _SOURCES["rfc-7672"]
RFC_8314_3 = _SOURCES["rfc-8314-3"]
RFC_8314_3_3 = _SOURCES["rfc-8314-3-3"]
RFC_8314_4_1 = _SOURCES["rfc-8314-4-1"]
RFC_8314_7_3 = _SOURCES["rfc-8314-7-3"]
RFC_8461 = _SOURCES["rfc-8461"]
AWS_LAMBDA_LIFE = _SOURCES["aws-lambda-life"]
AWS_LAMBDA_VPC = _SOURCES["aws-lambda-vpc"]
LINKERD = _SOURCES["linkerd"]
AIOSMTPD = _SOURCES["aiosmtpd"]
MAILPIT = _SOURCES["mailpit"]
POSTFIX_LMTP = _SOURCES["postfix-lmtp"]
POWERMTA = _SOURCES["powermta"]
POWERMTA_RELAYING = _SOURCES["powermta-relaying"]
