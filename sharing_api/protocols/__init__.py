"""The dialects spoken at the door. They translate; the corridor answers."""
