"""The rows of pasted.toml."""

import tomllib
from pathlib import Path

PASTES = [
    (row["text"], row["role"], row.get("port"), row["diagnosis"])
    for row in tomllib.loads(Path(__file__).with_name("pasted.toml").read_text("utf-8"))["pastes"]
]
