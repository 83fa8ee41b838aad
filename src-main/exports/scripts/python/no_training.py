"""Says why the training of this network is not repeated."""

import sys

#: section reasons
REASONS = ()
#: end
sys.exit("The training can't be repeated:\n" + "\n".join(REASONS))
