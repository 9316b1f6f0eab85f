// Package verify checks what a store holds: whether files have the content that their names
// are digests of, whether documents are as docs/schemas says, whether the events of a video hang
// together, and whether what one object names is there. It reads the bucket itself, not the
// catalog or any other thing that was derived from it.
//
// What it finds is a fault or a note. A fault is a loss: content that changed, an object that
// is gone although another names it. A note is what a crash or two writers at once leave
// behind, which the format allows (see package storage), or what this program
// cannot judge. Nothing is printed: findings and progress go to functions of the caller.
//
// A store at work may be checked. A record is read before what it names, so a listing is newer than
// the record; what a listing seems to lack is asked for by its key before it is called missing; and what is
// younger than an hour and named by nobody may belong to a change that is under way.
//
// A pass goes through the store in the order of its keys, one video after another with a few at once, so
// memory depends on the largest video and not on their number. Where it has come to stands in
// a local file, and a pass that was stopped goes on from there.
//
// With a second store, what is damaged or missing is put back from there if the bytes there
// prove themselves: a file by its digest, an event by the chain, other documents by their schema and
// by their name. Nothing is put back that nothing names, since retention and erasure delete on purpose.
package verify
