"""Tools of those who keep the gazetteer and the packs."""
