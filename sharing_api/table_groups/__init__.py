"""Tables of single rooms of the exchange; `sharing_api.tables` puts them beside the others."""
