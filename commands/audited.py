"""What the log of changes tells: a code for each thing that somebody can do, and how people group them. Data only.

Storage keeps the codes (`storage.audit`), the words are in `commands/history/log_words.py`.
"""

from collections.abc import Mapping
from enum import StrEnum


class Deed(StrEnum):
    """What was done. The parameters that stand in the entry are named behind each."""

    WATCH_ADDED = "watch_added"  # kind, ports
    WATCH_EDITED = "watch_edited"  # old and new: the settings that differ, by name
    WATCH_DELETED = "watch_deleted"
    WATCH_RESTORED = "watch_restored"
    PAUSED = "paused"  # why, who
    RESUMED = "resumed"
    MUTED = "muted"  # until, why
    UNMUTED = "unmuted"
    SNOOZED = "snoozed"  # until
    UNSNOOZED = "unsnoozed"
    ACKNOWLEDGED = "acknowledged"  # incident
    ACCEPTED = "accepted"
    TAGGED = "tagged"  # added, removed
    DIGEST_SET = "digest_set"  # day, time, zone
    DIGEST_ENDED = "digest_ended"
    RESULT_DELETED = "result_deleted"  # kind, made_at, whose
    RESULTS_PRUNED = "results_pruned"  # days, count
    PERSON_FORGOTTEN = "person_forgotten"  # count
    VANTAGE_ADDED = "vantage_added"  # sources, where addresses are pinned
    VANTAGE_ROTATED = "vantage_rotated"
    VANTAGE_REVOKED = "vantage_revoked"
    VANTAGE_PINNED = "vantage_pinned"  # sources: addresses; none in what was noted before there was a log
    VANTAGE_UNPINNED = "vantage_unpinned"
    VANTAGE_REFUSED = "vantage_refused"  # asked_in: the channel, which is told to admins and to who asked
    SETTING_CHANGED = "setting_changed"  # old, new; neither of what is secret or names people


GROUPS: Mapping[str, tuple[Deed, ...]] = {
    "watches": (
        Deed.WATCH_ADDED,
        Deed.WATCH_EDITED,
        Deed.WATCH_DELETED,
        Deed.WATCH_RESTORED,
        Deed.PAUSED,
        Deed.RESUMED,
    ),
    "mutes": (Deed.MUTED, Deed.UNMUTED, Deed.SNOOZED, Deed.UNSNOOZED),
    "acknowledgements": (Deed.ACKNOWLEDGED, Deed.ACCEPTED),
    "tags": (Deed.TAGGED,),
    "digests": (Deed.DIGEST_SET, Deed.DIGEST_ENDED),
    "deletions": (Deed.WATCH_DELETED, Deed.RESULT_DELETED, Deed.RESULTS_PRUNED, Deed.PERSON_FORGOTTEN),
    "vantages": (
        Deed.VANTAGE_ADDED,
        Deed.VANTAGE_ROTATED,
        Deed.VANTAGE_REVOKED,
        Deed.VANTAGE_PINNED,
        Deed.VANTAGE_UNPINNED,
        Deed.VANTAGE_REFUSED,
    ),
    "settings": (Deed.SETTING_CHANGED,),
}
"""By the word that is typed."""
