package webfile

import (
	"context"
	"net/http"

	"videoteca/archive"
)

// moovBytes is how much of a moov box is fetched where it is not among the first
// bytes: the header and the tracks' headers stand before the long tables.
const moovBytes = 64 << 10

// describe tells what a playable file shows of itself. length is what HEAD said.
func (a *Adapter) describe(ctx context.Context, l looked, length int64) archive.Fields {
	f := archive.Fields{Title: fileName(l.seen.Source.ID), MediaType: l.media}
	if l.media == typePlaylist {
		f.Seconds, f.Width, f.Height = l.list.seconds, l.list.width, l.list.height
		return f
	}
	f.Bytes = max(l.length, length)
	if l.media == typeMP4 {
		m := a.movie(ctx, l)
		f.Seconds, f.Width, f.Height = m.seconds, m.width, m.height
	}
	return f
}

// movie reads the moov box among the first bytes, or fetches it from where they
// say it is. What cannot be had is not told.
func (a *Adapter) movie(ctx context.Context, l looked) movie {
	at, ok := findMoov(l.data)
	if !ok {
		return movie{}
	}
	if at < int64(len(l.data)) {
		return parseMoov(l.data[at:])
	}
	got, err := a.get(ctx, l.seen.Source.ID, at, moovBytes)
	if err != nil || got.status != http.StatusPartialContent {
		return movie{}
	}
	return parseMoov(got.data)
}

// raw keeps a playlist as it came, or its first 64 KiB. The head of a media file is not kept: it is
// part of a work, and its digest stands in the observation.
func (l looked) raw() []archive.Raw {
	if l.media != typePlaylist {
		return nil
	}
	return []archive.Raw{{Label: "playlist", Extension: "m3u8", Type: typePlaylist, Data: l.data}}
}
