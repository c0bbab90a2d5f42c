"""A DKIM key of the config beside its record in DNS and, where it can be read, its private key file."""

from collections.abc import Collection

from commands.pmta.dkim import RSA, PublicKey, judge
from commands.pmta.facts import SigningKey
from commands.pmta.file_claims import VAULT
from commands.pmta.source_claims import Said
from commands.pmta.world import ABSENT, UNKNOWN, KeyFile, KeyFiles, Looked, Lookups


async def key_claims(one: SigningKey, hashes: Collection[str], lookups: Lookups, files: KeyFiles | None) -> list[Said]:
    """How the record stands; with `files`, also whether the file is its private half."""
    found = await lookups.txt(one.record)
    if found.failure == UNKNOWN:
        return [("dkim_unknown", found.why, found.server), *_unpaired(one.file, files)]
    if found.failure:
        state = "dkim_dangling" if found.failure == ABSENT and found.alias else f"dkim_{found.failure}"
        return [(state, found.alias, found.server), *_unpaired(one.file, files)]
    said, key = judge(found.values, hashes)
    made = [(state, _with_alias(state, seen, found), found.server) for state, seen in said]
    return [*made, *(_of_file(one.file, key, files) if files and key else _unpaired(one.file, files))]


def _unpaired(path: str, files: KeyFiles | None) -> list[Said]:
    """A file without a key in DNS to compare it with: only that it is not there."""
    found = files.read(path) if files and not path.lower().startswith(VAULT) else KeyFile()
    return [("file_absent", path, "")] if found.is_absent else []


def _with_alias(state: str, seen: str, found: Looked) -> str:
    return f"{seen}, through the alias {found.alias}" if found.alias and state == "dkim_present" else seen


def _of_file(path: str, key: PublicKey, files: KeyFiles) -> list[Said]:
    """The file beside the record. A key in a vault is not asked for."""
    if path.lower().startswith(VAULT):
        return [("file_unread", "it lies in a vault", "")]
    found = files.read(path)
    if found.failure:
        absent = ("file_absent", path, "")
        return [absent if found.is_absent else ("file_unread", f"{path}, {found.failure}", "")]
    if found.key is None:
        return [("file_no_key", path, "")]
    if found.key.kind != RSA:
        return [("file_not_rsa", path, "")]
    return [("file_matches" if found.key.encoded == key.encoded else "file_differs", path, "")]
