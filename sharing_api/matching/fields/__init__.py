"""The kinds of fields: how each is read, which keys it gives, how two values are compared.

A kind is a class whose objects hold one field of all records as arrays. It knows no other field.
"""
