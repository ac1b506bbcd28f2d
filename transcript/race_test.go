//go:build race

package transcript

func init() { raceEnabled = true }
