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
// The layout stands in schema.go. A change of it raises schemaVersion; there are no migrations, since the
// store is read anew in less than a minute for each hundred thousand videos (docs/benchmarks.md).
package catalog
