"""The same matching on Spark, for what one machine does not hold.

Spark brings together, counts and sorts; what two records have in common is told by the same code as
on one machine, over Arrow batches. Both engines find the same pairs (docs/adr/0039).
"""
