"""Write the kept numbers anew and print what changed: ``python -m tests.golden.update``."""

from __future__ import annotations

import json
import sys

from tests.golden.measure import KEPT, describe_difference, read_kept


def main() -> None:
    """Write the numbers, and say which of them changed, so that a person can judge whether they should."""
    for file, measure in KEPT.items():
        kept = read_kept(file) if file.exists() else {}
        now = measure()
        file.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"{file.name}: {describe_difference(kept, now) or 'no number changed.'}\n")


if __name__ == "__main__":
    main()
