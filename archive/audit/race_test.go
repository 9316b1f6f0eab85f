//go:build race

package audit_test

// manyVideos is fewer under the race detector, which is eight times as slow; `make check` lets
// the year of two thousand pass without it.
const manyVideos = 120
