"""From a question in French or English to queries of the catalogue, by words alone: no language model."""
