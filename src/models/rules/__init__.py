"""The rules of DOMAIN.md: pure functions from the loaded records and a command's arguments to a `Change`.

A refusal raises one of `src.models.errors` and changes nothing, since no record is ever changed in place.
Every command checks in the same order, and the first failure is the one that the caller sees: the order's
status, the shape of the arguments, the old items, the new items, the payment method, the money.
`version` and `updated_at` are left to the commit.
"""
