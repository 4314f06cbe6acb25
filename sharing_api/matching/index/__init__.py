"""The search index by likeness: single records and batches are matched against whole registers.

It lies in the exchange's database, names records by keyed hashes of what they are met by, and keeps
what is compared of them encrypted. It is filled and kept current through the corridor (`filling`),
what is learned of it is kept with it (`lessons`), and `lookup.find` asks it.
"""
