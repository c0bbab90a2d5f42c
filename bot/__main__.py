"""`python -m bot` is `portero`."""

import sys

from bot.cli import main

sys.exit(main())
