"""The sample country: invented people, households and firms, drawn from a seed.

`country.generate` draws them without a database, `chapters` tells what each register holds of it,
`load.load_sample_country` writes it there. Nobody in it exists; codes of provinces and communes are
the real ones. Weights in `data/` are authored for the sample and rough: no statistic is here.
"""
