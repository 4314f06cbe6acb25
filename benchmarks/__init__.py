"""What is measured, against whom: each program prints ratios against a peer in the same run."""
