package youtube

import "videoteca/archive"

var _ archive.Keyed = (*Adapter)(nil)

// KeyedMethods are those of the Data API. YouTube's developer policies bound how long what they
// return may be kept; what oEmbed, the feeds and the thumbnails' host give to anybody is not theirs.
func (a *Adapter) KeyedMethods() []string { return []string{MethodList, MethodChannels} }
