"""The national database of population statistics.

What is recorded: indicators and counts of the population by area, sex, age and more, with the
state of the population register and the rule that each was computed by.
Legal basis: Law on Statistics 89/2015/QH13 as amended in 2021; Decree 94/2022/NĐ-CP.
Owner: National Statistics Office, Ministry of Finance (G12).
Not here: persons (population): what is here is about nobody. Not published: density (0102; areas
of provinces are of the land administration, and no dated list of them is loaded), migration (0108)
and birth registration under five (0110). The office may ask for the counts of the latter two, but
they are tables of the same persons as those by age, and a witness that keeps the sums that they
share is not designed yet.
"""
