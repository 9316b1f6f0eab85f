// Package catalog is the local read model of a store: the records of its videos
// as last read, in one SQLite file. Pages and embeds are answered from it, so that
// serving needs neither the bucket nor the network.
//
// The file is derived and disposable. Deleting it loses nothing: Fill reads the
// records again. A file that is damaged, that another version of the program
// wrote, or that belongs to another store is moved aside by Open and begun anew.
//
// Several processes of a machine share one file (write-ahead log, one writer at a
// time, readers never wait). A row is never replaced by a lower revision of its
// record, so it does not matter which process hears of a change first.
//
// Layout (schema 1; times are microseconds since 1970 UTC):
//
//	meta     name, value                              "store": the address of the store
//	videos   id, revision, etag, registered, state, record   record is the JSON of archive.Video
//	sources  platform, source_id, video               which video can be watched there
//	aliases  alias, video                             ids of merged videos
//	counts   state, videos                            kept by triggers
//
// A change of the layout, such as a search index, raises schemaVersion; there are
// no migrations, since a rebuild takes seconds.
package catalog
