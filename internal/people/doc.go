// Package people knows who works in the newsroom: accounts with roles, their sessions, and the
// tokens of programs that act for them.
//
// What is kept lies behind Documents, under these keys:
//
//	accounts/people.json            all accounts, their tokens, and the one-time set-up link, as one document
//	accounts/sessions/<hash>.json   one a session, named by the SHA-256 of its secret
//	accounts/throttle/<xx>.json     failed attempts to sign in, in 256 documents
//	accounts/events/<time>-<id>.json what was changed, by whom, create-only
//
// One document for all accounts lets a conditional write guard what concerns several of them:
// that the last administrator stays, and that the set-up link dies with the first. Of passwords the
// argon2id hash is kept, of every other secret its SHA-256, which is enough for 256 random bits.
//
// Reading goes through a short memory, so what one process changes acts in another within ten
// seconds. While the store cannot be asked, whoever was signed in within the last hour stays so.
package people
