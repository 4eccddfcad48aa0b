"""`make mutants`: does the suite notice when a rule goes missing? (trust.md 21)

Two halves, both in a throw-away copy of the checkout with servers of its own:

- `flaws`: ten known flaws, planted one after the other; the tests named beside each turn red.
- `clauses`: twenty rules drawn by seed, each without one of its second clauses ("and only when",
  "or since", one more filter, an `.exclude`, an early return); the tests of its folder turn red.

A survivor is a rule that nobody proves, or a clause that changes nothing: then it has its line,
with the reason, in `equivalents`.
"""
