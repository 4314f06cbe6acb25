"""The life of agreements over the API: the systems of both agencies read, sign, refuse and end."""
