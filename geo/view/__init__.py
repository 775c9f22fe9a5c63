"""What an analyst sees: words, list, card, map, page and the server that hands them out."""
