//go:build !race

package audit_test

const manyVideos = 2000
