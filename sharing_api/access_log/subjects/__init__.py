"""What makes a report about one person complete: chains of entries, and a tree over all of them."""
