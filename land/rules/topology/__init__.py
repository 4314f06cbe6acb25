"""Whether shapes are fit to be registered: valid, beside their neighbours, the same land as before.

`shapes` reads and checks one shape, `overlaps` compares it with its neighbours or all of a commune
with each other, `partitions` compares what was with what is to be, `areas` measures.
"""
