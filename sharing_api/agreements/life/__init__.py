"""The life of agreements: from a draft to its end, who acted, what was signed, with which key."""
