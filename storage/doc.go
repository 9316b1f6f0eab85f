// Package storage keeps the newsroom's records in a Bucket: a directory, or
// S3-compatible storage. The bucket is the truth; everything else is derived from it.
//
// Format 1. Every object can be read with ls, gunzip and jq. docs/storage-format.md
// introduces it, docs/schemas describes each document.
//
//	videoteca.json                        Installation: format, id, public base URL and its aliases
//	videos/<id[:2]>/<id>.json             the record; conditional writes only, never deleted
//	sources/<hh>/<sha256>.json            claim: which video owns a source; create-only
//	events/<id[:2]>/<id>/<ulid>.json      immutable; written before the change that it explains
//	captures/<id[:2]>/<id>/<ulid>.json    immutable
//	files/<id[:2]>/<id>/<sha256>.<ext>    immutable, named by the digest of the content
//	articles/<hh>/<id>.json               an article and its placements; conditional writes
//	audits/<yyyy>/<mm>/<dd>/<ulid>/<part>.jsonl.gz   journal, up to 5,000 observations a part; plan.json and summary.json beside
//	checks/<yyyy-mm-dd>.jsonl.gz          checkpoint: when every source was heard; create-only
//	channels/<hh>/<sha256>.json           a channel and its standing; conditional writes
//	changes/<ulid>.json                   {"<key>": <revision about to be reached>}, written before those records; kept two days
//	leases/<name>.json                    who does what only one should do; conditional writes
//	quota/<platform>/<yyyy-mm-dd>.json    units asked of a platform in its day; conditional writes
//	settings/<name>.json                  what people set for all replicas; conditional writes
//	settings/events/<ulid>.json           immutable; who changed a setting, written before the setting
//	accounts/…                            people, their sessions, tokens and links, and events/ of what was changed of them
//	published/…                           embeds as files, if they are published into the store itself
//	proof/…                               what Prove writes and removes
//
// Permissions. A writer reads, lists, creates, replaces and deletes. Old markers go from changes/, trials from
// proof/, ended sessions from accounts/sessions/, outdated pages from published/; retention deletes under captures/ and
// files/, erasure under events/ and sources/ too. A bucket policy may forbid to delete under videos/, articles/, audits/, checks/,
// channels/, leases/, quota/ and settings/. A directory store is made for its owner only (folders 0700, files 0600).
//
// Order. A change of a record writes its event, then its change marker, then the record. A crash in
// between leaves an event and a marker of a change that never came, never a change without them.
//
// Records and events. A record carries `version`, `revision` (one more with every write) and
// `writes`, the ids of its newest sixteen writes, which are the ids of their events. So the
// event of a write that lost its race, or never came, is one whose revision
// the record has reached and whose id is not among the writes, as far as those
// go back; it stays, since what is immutable is not tidied up. The record
// decides what happened. An event's `previous` is the digest of the newest one that its writer
// saw: writers at once make a fork, which is no damage.
//
// Channels and quota carry `revision` and `writes` too. All the tries of one change of theirs have
// one id, so a request that was thought lost and arrives late is found and not made twice.
// They have neither events nor markers.
//
// Settings carry `writes` where people changed them, each the id of an event under settings/events/.
//
// Leases. One is free when it was released, or when its ETag has stood still for a whole term on
// the monotonic clock of whoever wants it. Its holder believes in it for a term from the
// beginning of the request that renewed it, and so ends before anybody else begins. `holding` is
// one holder's time with it, `nonce` one write: a lost reply is settled by reading them again.
//
// Fields that this program does not know survive its rewriting, at any depth,
// except inside what a platform returned (`described`) when that is purged. A document of
// a later version is read as well as may be and never rewritten.
//
// Objects have no metadata of their own, and their content type follows from
// the key, so a directory store is a byte-for-byte mirror of a bucket.
package storage
