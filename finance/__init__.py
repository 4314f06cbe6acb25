"""The national database on finance.

What is recorded: budget units, the budget from estimate to settlement, taxpayers and duties,
customs declarations in summary, public assets.
Legal basis: Circulars 185/2015/TT-BTC, 130/2025/TT-BTC and 132/2025/TT-BTC.
Owner: Ministry of Finance (G12).
Not here: enterprises (enterprise), parcels of public assets (land), persons (population).
"""
