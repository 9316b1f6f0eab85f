// Package oembed is the archive.Platform for hosts of videos that speak oEmbed
// (https://oembed.com): Vimeo, Dailymotion, TikTok, X, PeerTube on any host, and
// the video hosts of the public provider list (providers.md).
//
// It asks in these ways, which count as independent methods:
//
//	oembed.<provider>   every provider: the oEmbed endpoint
//	peertube.api        PeerTube alone: /api/v1/videos/<uuid> of the host
//	vimeo.player        Vimeo alone, where oEmbed did not see the video alive: the player's page
//
// Ids, which stand in records for ever:
//
//	vimeo         76979871, or 76979871:8272103f6e with the hash of an unlisted one
//	dailymotion   x7tgad0
//	tiktok, x     the digits of the post
//	peertube      host/uuid, the uuid in its long form; the uuid alone where Options.Origin is set
//	others        the canonical address
//
// What the answers of oEmbed mean:
//
//	200 and an oEmbed document            playable; sees no restriction
//	200, with domain_status_code 403      embedding-disabled (Vimeo: limited to some sites)
//	404, 410                              missing
//	everything else, and no answer        unclear: 401 and 403 may mean private, limited to
//	                                      some sites, or that we are refused; consent pages,
//	                                      redirects to another host, 429, 5xx
//
// Playable says that the source stands. Whether a page may play it is
// Player's to say: a platform with the zero kind is a link.
//
// Vimeo's oEmbed has been seen to answer 404 also for a video limited to sites of which
// Options.Site is none. Its 404 therefore only supports what the player's page says,
// which tells such a video (403, in words) from one that is not there (404).
//
// The html of an answer is never used for anything.
package oembed
