//go:build !race

package seal

const raced = false
