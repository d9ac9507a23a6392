"""`python -m cdisc_aclf`."""

import sys

from cdisc_aclf.cli import main

sys.exit(main())
