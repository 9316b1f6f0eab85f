// Package wayback finds and orders mementos of sources' pages at the Internet
// Archive: pages as they were, for the day on which the source is gone.
//
// A Client speaks three of the archive's interfaces:
//
//	availability   GET archive.org/wayback/available: one memento, quickly; an empty
//	               answer also means that it cannot say now, so it never counts as "none"
//	TimeMap        GET web.archive.org/web/timemap/json/{page} (RFC 7089's idea, the CDX
//	               server's rows): all of them; the only one whose "none" is believed
//	Save Page Now  POST web.archive.org/save, with keys: a capture; its errors come with
//	               status 200 (Save Page Now 2 Public API Docs, 2026-07-22)
//
// A Keeper works through a library in the background: it looks each public page up,
// asks for a capture where there is none, follows it up, and writes what came of it
// into the source's record. All of it is paced, none of it holds up a registration.
//
// The archive's index folds upper and lower case, and ids of videos don't: what it
// returns is compared with the page that was asked for.
package wayback
