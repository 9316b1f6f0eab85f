// Package newsroom has benchmarks of the newsroom's library: a list, a filter and a search through the
// web, each beside the same SQL run alone in the same process. See docs/benchmarks.md.
package newsroom
