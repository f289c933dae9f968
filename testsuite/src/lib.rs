//! Programs, runner and oracles.
