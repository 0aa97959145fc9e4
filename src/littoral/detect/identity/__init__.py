"""Rule `identity`: who is it really?"""

from __future__ import annotations

from littoral.detect.identity.detector import Identity

DETECTOR = Identity()
PLURAL = "identity_conflicts"
