"""``python -m gan``: the verbs of `gan.cli`."""

import sys

from gan.cli import main

sys.exit(main())
