// Package archive is the domain of Videoteca: videos that a newsroom keeps, the
// sources where they can be watched, what those sources showed and when, and
// the one rule that decides whether a source is alive.
//
// It imports the standard library only. Every technology (a platform, a store,
// a page) is a package around it and meets it through the interfaces declared here.
//
// A Video holds two kinds of data that never mix. What an editor wrote or
// confirmed belongs to the newsroom. What a platform returned stands in
// Source.Described and in Captures, with its method and date, and can be purged
// without losing the newsroom's part.
package archive
