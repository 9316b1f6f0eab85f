//go:build race

package audit_test

// manyVideos is fewer under the race detector, which is eight times as slow; `make check` lets
// the year of thousands pass without it, as `make year`.
const manyVideos = 120
