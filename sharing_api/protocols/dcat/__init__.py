"""The catalogue as DCAT-AP 3.0.1: what the registers publish, for the catalogues of others."""
