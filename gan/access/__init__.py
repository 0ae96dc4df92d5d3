"""Who may come in: `Door` looks at host and origin, `Access` asks for a token, `Allowance` counts.

Our own routes (`gan.api`, `gan.live`) lie outside Streamlit's own checks, hence `Door`. `Access` stands before all of
the server, pages and their sockets too, whenever it can be reached from elsewhere.
"""

from gan.access.allowance import Allowance, Allowances
from gan.access.door import LOOPBACK, Door
from gan.access.guard import WRONG, Access
from gan.access.key import link, secret, token, wanted

__all__ = ["LOOPBACK", "WRONG", "Access", "Allowance", "Allowances", "Door", "link", "secret", "token", "wanted"]
