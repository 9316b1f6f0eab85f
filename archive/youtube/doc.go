// Package youtube is the archive.Platform for YouTube and for anything that
// speaks like it: the make-believe platform of the demo is a second instance.
//
// It asks about videos in three ways, which count as independent methods:
//
//	youtube.videos.list   the Data API v3, with a key: 50 ids a call, one quota unit a call
//	youtube.oembed        no key; sees whether a video may be embedded, nothing else
//	youtube.thumbnail     no key; may only support that a video is missing
//
// and of channels in two:
//
//	youtube.channels.list  as youtube.videos.list
//	youtube.feed           no key; the channel's Atom feed
//
// With a key the API is asked first, and whatever it did not see alive is asked
// again in the two other ways. Without one, or with the day's quota gone, or with
// the key refused, those two are all there is.
//
// A watch page is never asked: it answers 200 whether or not the video exists.
package youtube
