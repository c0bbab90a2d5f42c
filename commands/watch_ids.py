"""How a watch and its incidents are named: `w-7k3fq`, `w-7k3fq.12`, and a message of several `w-7k3fq.12.3`."""

import re

NAMED = re.compile(r"(?P<watch>w-[a-z0-9]{5,20})(?P<incident>(?:\.\d{1,9}){1,2})?")
"""A message that several incidents came into later has the name of the event that began it."""
