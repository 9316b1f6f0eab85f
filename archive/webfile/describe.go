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

// headLength is the file's size by HEAD. Servers that refuse HEAD, with 405 or 501
// or by hanging up, have not told it; the GET decides everything else.
func (a *Adapter) headLength(ctx context.Context, address string) int64 {
	got, err := a.head(ctx, address)
	if err != nil || got.status != http.StatusOK {
		return 0
	}
	return got.length
}

// told is what a look alone shows of a playable file; nil of any other.
func (l looked) told() *archive.Fields {
	if !l.seen.Outcome.Good() {
		return nil
	}
	f := archive.Fields{Title: fileName(l.seen.Source.ID), MediaType: l.media}
	if l.media == typePlaylist {
		f.Seconds, f.Width, f.Height = l.list.seconds, l.list.width, l.list.height
	} else {
		f.Bytes = l.length
	}
	return &f
}

// evidence is what came where no media did, or the playlist. A page is kept as bytes: it
// is never to be opened as a page.
func (l looked) evidence() *archive.Raw {
	switch {
	case l.media == typePlaylist:
		return &archive.Raw{Label: Method, Extension: "m3u8", Type: typePlaylist, Data: l.data}
	case l.media != "" || len(l.data) == 0:
		return nil
	}
	return &archive.Raw{Label: Method, Extension: "bin", Type: "application/octet-stream", Data: l.data}
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
