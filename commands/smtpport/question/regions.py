"""The region in a question, for services whose host carries one: `ses in eu-west-1`, `ses frankfurt`, `zoho europe`."""

import re

from commands.smtpport.catalogue.lookup import providers

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


_PARTS = {
    "eu": r"eu|europe|european|europa|europeo|europea",
    "in": r"india|indian",
    "au": r"australia|australian",
    "jp": r"japan|japanese|japon",
    "zohocloud": r"canada|canadian|canadiense",
}
"""A label of a host -> words for where its data centre is. Not `in` itself, which is a word of every question."""


def regional_host(key: str | None, text: str) -> str | None:
    """The host of a service in the region that a text names, in small letters; None where either says nothing."""
    pattern = _HOSTS.get(key or "")
    region = _region(text, of_aws=key in _OF_AWS) if pattern else None
    return pattern.format(region) if pattern and region else _of_account(key, text) or _listed(key, text)


_OF_ORGANISATIONS = {"zoho": "smtppro.zoho.com"}
"""Providers whose customers with a domain of their own have another host."""
_ORGANISATION = re.compile(
    r"\b(?:own domain|custom domain|my domain|our domain|company domain|dominio propio|propio dominio|mi dominio"
    r"|organi[sz]ation(?:al)?|organizaci[o\u00f3]n|workplace|business (?:account|mail|plan)|paid plan|de empresa)\b"
)


def _of_account(key: str | None, text: str) -> str | None:
    """The host for the kind of account that is named, where no place is: of another data centre it is another one."""
    is_elsewhere = any(re.search(rf"\b(?:{words})\b", text) for words in _PARTS.values())
    named = _OF_ORGANISATIONS.get(key or "")
    return named if named and _ORGANISATION.search(text) and not is_elsewhere else None


def _listed(key: str | None, text: str) -> str | None:
    """Of several hosts of a provider the one at the place that is named."""
    row = providers().get(key or "")
    hosts = row.hosts if row is not None and len(row.hosts) > 1 else ()
    parts = [part for part, words in _PARTS.items() if re.search(rf"\b(?:{words})\b", text)]
    return next((host for part in parts for host in hosts if _is_at(part, host)), None)


def _is_at(part: str, host: str) -> bool:
    return any(label == part or label.startswith(f"{part}-") for label in host.split("."))


def _region(text: str, *, of_aws: bool) -> str | None:
    if found := _REGION.search(text):
        return found[0]
    named = (region for city, region in _CITIES.items() if re.search(rf"\b{city}\b", text))
    return next(named, None) if of_aws else None
