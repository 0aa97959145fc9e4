"""Who may do what with which thing, and why: policies in Cedar, decisions, filters for lists.

Pure: an account, an action, a thing and the circumstances go in, a verdict with its reason comes
out. Reading and verifying signatures of policy sets is here too; keeping them is not.
"""

from littoral.access.check import check
from littoral.access.decide import Decider, Verdict
from littoral.access.filter import Filter, Unfilterable, plain
from littoral.access.mask import mask
from littoral.access.request import BadRequest, Circumstances, Principal, Resource
from littoral.access.rules import BadPolicies, PolicyFiles, Rule, shipped
from littoral.access.sets import Signature, Standing, set_hash, sign, standing

__all__ = [
    "BadPolicies", "BadRequest", "Circumstances", "Decider", "Filter", "PolicyFiles", "Principal",
    "Resource", "Rule", "Signature", "Standing", "Unfilterable", "Verdict", "check", "mask",
    "plain", "set_hash", "shipped", "sign", "standing",
]  # fmt: skip
