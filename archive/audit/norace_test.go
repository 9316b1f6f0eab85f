//go:build !race

package audit_test

// manyVideos is what `make year` lets pass through a year.
const manyVideos = 3000
