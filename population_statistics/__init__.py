"""The national database of population statistics.

What is recorded: indicators and counts of the population by area, sex, age and more, with the
state of the population register and the rule that each was computed by.
Legal basis: Law on Statistics 89/2015/QH13 as amended in 2021; Decree 94/2022/NĐ-CP.
Owner: National Statistics Office, Ministry of Finance (G12).
Not here: persons (population): what is here is about nobody.
"""
