// Package archivetest is a make-believe video platform that behaves, over HTTP,
// the way YouTube does. Tests and the demo put the real adapter in front of it
// and then make its videos, or the platform as a whole, go wrong.
//
// Everything lies on one host, so that one base address is enough:
//
//	/youtube/v3/videos          Data API v3: up to 50 ids, one unit a call
//	/youtube/v3/channels        Data API v3
//	/feeds/videos.xml           a channel's Atom feed, or 404
//	/oembed?url=                200, 400, 401 embedding off, 403 private, 404 unknown or removed
//	/vi/{id}/{size}.jpg         drawn pictures; a missing size is a 404 with a 120x90 picture as its body
//	/watch?v=, /shorts/, /live/ pages for people: always 200, also for what does not exist
//	/embed/{id}                 the player, which speaks the IFrame API's postMessage protocol
//	/_control                   where a person sets states and faults; state.json for programs
//
// Start serves it on loopback; RoundTripper answers in memory. Many puts any number of
// videos on it at no cost.
//
// What a state looks like from each of these is the table of State; which of
// them a Fault touches is the table of Fault. ControlID always plays.
//
// All pictures are drawn: rooms, chairs, lecterns. No person is shown and each
// frame says that it is a simulation.
package archivetest
