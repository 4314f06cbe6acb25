"""The stories of the cast."""


def enact(session, register, catalogue): ...
