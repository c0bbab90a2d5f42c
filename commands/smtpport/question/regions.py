"""The region in a question, for services whose host carries one: `ses in eu-west-1`, `ses frankfurt`."""

import re

_REGION = re.compile(r"\b(?:us|eu|uk|ap|ca|sa|me|af|il)-(?:gov-)?[a-z]{4,12}-\d\b")

_CITIES = {
    "ireland": "eu-west-1", "irlanda": "eu-west-1", "dublin": "eu-west-1", "london": "eu-west-2",
    "londres": "eu-west-2", "paris": "eu-west-3", "frankfurt": "eu-central-1", "stockholm": "eu-north-1",
    "virginia": "us-east-1", "ohio": "us-east-2", "oregon": "us-west-2", "montreal": "ca-central-1",
    "sydney": "ap-southeast-2", "singapore": "ap-southeast-1", "singapur": "ap-southeast-1", "tokyo": "ap-northeast-1",
    "mumbai": "ap-south-1", "seoul": "ap-northeast-2", "sao paulo": "sa-east-1",
}  # fmt: skip
"""What AWS calls its regions after."""

_HOSTS = {
    "ses": "email-smtp.{}.amazonaws.com",
    "ses-fips": "email-smtp-fips.{}.amazonaws.com",
    "workmail": "smtp.mail.{}.awsapps.com",
    "oci-email": "smtp.email.{}.oci.oraclecloud.com",
}
_OF_AWS = frozenset({"ses", "ses-fips", "workmail"})


def regional_host(key: str | None, text: str) -> str | None:
    """The host of a service in the region that a text names, in small letters; None where either says nothing."""
    pattern = _HOSTS.get(key or "")
    region = _region(text, of_aws=key in _OF_AWS) if pattern else None
    return pattern.format(region) if pattern and region else None


def _region(text: str, *, of_aws: bool) -> str | None:
    if found := _REGION.search(text):
        return found[0]
    named = (region for city, region in _CITIES.items() if re.search(rf"\b{city}\b", text))
    return next(named, None) if of_aws else None
