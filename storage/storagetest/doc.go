// Package storagetest is the contract of storage.Bucket as tests, and the real S3
// server that they run on. Every implementation passes Run; the simplest real
// one, the directory, is the test double of the packages above.
package storagetest
