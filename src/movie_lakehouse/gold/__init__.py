"""Gold: recommendations, similarity and summaries."""
