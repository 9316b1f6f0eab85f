// Package storage keeps the newsroom's records in a Bucket: a directory, or
// S3-compatible storage. The bucket is the truth; everything else is derived from it.
//
// Format 1. Every object can be read with ls, gunzip and jq.
//
//	videoteca.json                        Installation: format, id, public base URL and its aliases
//	videos/<id[:2]>/<id>.json             the record; conditional writes only, never deleted
//	sources/<hh>/<sha256>.json            claim: which video owns a source; create-only
//	events/<id[:2]>/<id>/<ulid>.json      immutable; written before the change that it explains
//	captures/<id[:2]>/<id>/<ulid>.json    immutable
//	files/<id[:2]>/<id>/<sha256>.<ext>    immutable, named by the digest of the content
//	articles/<hh>/<id>.json               an article and its placements; conditional writes
//	audits/<yyyy>/<mm>/<dd>/<ulid>/<part>.jsonl.gz   journal, up to 5,000 observations a part; summary.json beside
//	changes/<ulid>.json                   {"<key>": <revision about to be reached>}, written before those records; kept two days
//	proof/…                               what Prove writes and removes
//
// A record carries `version`, `revision` (one more with every write) and
// `writes`, the ids of its newest sixteen writes. Fields that this program does not know
// survive its rewriting. An event whose revision is not followed by a later event of a higher one,
// and which the record has not reached, is of a write that lost its race or
// never came: the record decides what happened.
//
// Objects have no metadata of their own, and their content type follows from
// the key, so a directory store is a byte-for-byte mirror of a bucket.
package storage
