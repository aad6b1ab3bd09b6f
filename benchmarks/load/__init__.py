"""What the benchmarks over HTTP share: a place to serve from, a thin client, and the processors."""
