// Package webfile is the platform "web": a media file or HLS playlist at a plain
// address, played by the browser's own <video> element.
//
// There is one method, "web.get": a GET of the first 64 KiB, which are looked at,
// since a status alone says little of a file. A probing asks with HEAD first, and takes
// 200, a type video/* and a length of 64 KiB or more for what the GET would show; of
// anything else, and of all that is bad, only the GET is believed. What its answers mean:
//
//	200, 206 and the bytes are media    playable
//	200, 206 and they are not           unclear: error pages come with 200
//	404                                 missing
//	410                                 removed
//	451                                 removed, for legal reasons
//	401, 403                            unclear: hot-link guards, bot walls and expired
//	                                    signatures refuse the asker, not the reader
//	404, 410, 451 of somebody else's    unclear: a redirect led there
//	everything else, and no answer      unclear: a vanished host is unheard, never dead
//
// A playlist that stands while what it names does not is unclear too.
//
// No address on a foreign host is known to be good, so the control is the host's
// front page: where a file's answer is bad, "https://host/" is asked, and if it
// answers 2xx the host works and the answer about the file was its own. Where it
// does not, the bad answer remains without a control, which Judge takes for unclear.
// Hosts that show no front page thus keep their files from being called gone; the
// mark "unheard" brings them before a person.
package webfile
