// Package survival estimates how long things last and how they end: curves,
// competing causes, hazards in bands, regressions and chains of states, each
// with its interval and its warnings.
package survival
