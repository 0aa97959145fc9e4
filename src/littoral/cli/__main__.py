"""`python -m littoral.cli`: the command where it is not on the path."""

import sys

from littoral.cli import main

sys.exit(main())
