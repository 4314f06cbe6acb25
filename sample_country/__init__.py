"""The sample country: invented people, households and firms, drawn from a seed.

`country.generate` draws them without a database, `load.load_sample_country` writes them into the
registers. Nobody in it exists; codes of provinces and communes are the real ones. Weights in
`data/` are authored for the sample and rough: nothing here is a statistic.
"""
