"""Who is who: the likeness of persons and of enterprises, whichever register wrote them down.

One definition of likeness serves a file that a steward brings and a register: the kinds of fields
(`fields`) say how values are read and compared, the model files (`models/`) which fields there are
and what is made of it.
"""
