// Package dossier writes all that is known of one video into a zip: the record, the
// events, the captures, the files, the observations of its sources, and a page in
// English and one in Spanish that say who looked, when, how and from where, and what all
// of it does not prove.
//
// Documents go in as they are kept, byte for byte, so that the digests by which
// events name each other hold in the dossier too. SHA256SUMS covers every other file,
// and manifest.json says where the observations were looked for.
//
// A dossier is written from its first byte to its last, and none of its files stands
// in memory whole but the small documents. The same archive and options give the same bytes.
package dossier
