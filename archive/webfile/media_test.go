package webfile

import (
	"bytes"
	"encoding/binary"
	"math"
	"net/url"
	"strings"
	"testing"
)

// mp4Box writes one box.
func mp4Box(kind string, body ...[]byte) []byte {
	content := bytes.Join(body, nil)
	out := binary.BigEndian.AppendUint32(nil, uint32(8+len(content)))
	return append(append(out, kind...), content...)
}

// mvhd is a movie header of version 0.
func mvhd(scale, length uint32) []byte {
	body := make([]byte, 100)
	binary.BigEndian.PutUint32(body[12:], scale)
	binary.BigEndian.PutUint32(body[16:], length)
	return mp4Box("mvhd", body)
}

// tkhd is a track header of version 0; turned is a rotation by 90 degrees.
func tkhd(width, height uint32, turned bool) []byte {
	body := make([]byte, 84)
	a, b := 40, 44
	if turned {
		a, b = 44, 40
	}
	binary.BigEndian.PutUint32(body[a:], 1<<16)
	binary.BigEndian.PutUint32(body[b:], 0)
	if !turned {
		binary.BigEndian.PutUint32(body[56:], 1<<16)
	}
	binary.BigEndian.PutUint32(body[76:], width<<16)
	binary.BigEndian.PutUint32(body[80:], height<<16)
	return mp4Box("tkhd", body)
}

func ftyp() []byte { return mp4Box("ftyp", []byte("isom\x00\x00\x02\x00")) }

// film is a moov box of 90.5 seconds with a sound and a picture track.
func film(turned bool) []byte {
	return mp4Box("moov", mvhd(1000, 90_500),
		mp4Box("trak", tkhd(0, 0, false)),
		mp4Box("trak", tkhd(1280, 720, turned), mp4Box("mdia", make([]byte, 64))))
}

func TestSniffGoesByTheBytes(t *testing.T) {
	packets := make([]byte, 189)
	packets[0], packets[188] = 0x47, 0x47
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"mp4":                {ftyp(), typeMP4},
		"mp4 segment":        {mp4Box("styp"), typeMP4},
		"webm":               {[]byte("\x1a\x45\xdf\xa3\x9fB\x82\x84webm"), typeWebM},
		"matroska":           {[]byte("\x1a\x45\xdf\xa3\x9fB\x82\x88matroska"), typeMatroska},
		"ogg":                {[]byte("OggS\x00"), typeOgg},
		"playlist":           {[]byte("#EXTM3U\n"), typePlaylist},
		"playlist with BOM":  {[]byte("\ufeff#EXTM3U\n"), typePlaylist},
		"transport stream":   {packets, typeTS},
		"a page":             {[]byte("<!doctype html><title>404</title>"), ""},
		"a picture":          {[]byte("\x89PNG\r\n\x1a\n"), ""},
		"nothing":            {nil, ""},
		"a word about ftyp":  {[]byte("see ftyp"), typeMP4},
		"one G and no other": {[]byte(strings.Repeat("G", 100)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sniff(c.data); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestParsePlaylist(t *testing.T) {
	const media = "#EXTM3U\r\n#EXT-X-VERSION:3\r\n#EXTINF:9.5,\r\nseg 1.ts\r\n#EXTINF:10,second\r\nseg2.ts\r\n"
	for name, c := range map[string]struct {
		data  string
		whole bool
		want  playlist
	}{
		"a film":            {media + "#EXT-X-ENDLIST\n", true, playlist{first: "seg 1.ts", seconds: 19.5}},
		"live":              {media, true, playlist{first: "seg 1.ts"}},
		"cut in an address": {"#EXTM3U\n#EXTINF:9,\nseg", false, playlist{}},
		"cut later":         {media + "#EXTINF:3,\nse", false, playlist{first: "seg 1.ts"}},
		"variants": {
			"\ufeff#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360,CODECS=\"a,b\"\nlow.m3u8\n#EXT-X-STREAM-INF:RESOLUTION=1280x720\nhigh.m3u8\n",
			true, playlist{first: "low.m3u8", width: 1280, height: 720},
		},
		"nonsense": {"#EXTM3U\n#EXTINF:NaN,\n#EXTINF:-4,\n#EXTINF:,\n#EXT-X-STREAM-INF:RESOLUTION=9e9x-1\na\n#EXT-X-ENDLIST", true, playlist{first: "a"}},
		"empty":    {"#EXTM3U", true, playlist{}},
		"nothing":  {"", false, playlist{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parsePlaylist([]byte(c.data), c.whole); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestAPlaylistLeadsToHTTPOnly(t *testing.T) {
	base := &url.URL{Scheme: "https", Host: "example.org", Path: "/live/index.m3u8"}
	for first, want := range map[string]string{
		"low.m3u8":                 "https://example.org/live/low.m3u8",
		"/seg 1.ts?x=1":            "https://example.org/seg%201.ts?x=1",
		"//cdn.example.org/a.ts":   "https://cdn.example.org/a.ts",
		"http://10.0.0.5/a.ts":     "http://10.0.0.5/a.ts", // the client refuses it
		"file:///etc/passwd":       "",
		"data:video/mp2t;base64,A": "",
		"":                         "",
		"http://[bad":              "",
	} {
		if got := (playlist{first: first}).next(base); got != want {
			t.Errorf("%q: got %q, want %q", first, got, want)
		}
	}
}

func TestMoovTellsLengthAndSize(t *testing.T) {
	long := mp4Box("mvhd", append([]byte{1}, make([]byte, 110)...))
	binary.BigEndian.PutUint32(long[8+20:], 600)
	binary.BigEndian.PutUint64(long[8+24:], 600*7200)
	huge := mvhd(1, math.MaxUint32)
	for name, c := range map[string]struct {
		moov []byte
		want movie
	}{
		"a film":                    {film(false), movie{90.5, 1280, 720}},
		"a phone's vertical film":   {film(true), movie{90.5, 720, 1280}},
		"64-bit times":              {mp4Box("moov", long), movie{seconds: 7200}},
		"136 years":                 {mp4Box("moov", huge), movie{}},
		"no scale":                  {mp4Box("moov", mvhd(0, 5)), movie{}},
		"a side over 16K":           {mp4Box("moov", mp4Box("trak", tkhd(40_000, 10, false))), movie{}},
		"not a moov":                {mp4Box("mdat", film(false)), movie{}},
		"cut in the second track":   {film(false)[:300], movie{seconds: 90.5}},
		"a box smaller than itself": {append(mp4Box("moov")[:4:4], "moov\x00\x00\x00\x01mvhd"...), movie{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parseMoov(c.moov); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestFindMoov(t *testing.T) {
	mdat := mp4Box("mdat", make([]byte, 5000))
	wide := append([]byte{0, 0, 0, 1}, "mdat\x00\x00\x00\x02\x00\x00\x00\x00"...) // 8 GiB
	endless := append([]byte{0, 0, 0, 1}, "mdat\x7f\xff\xff\xff\xff\xff\xff\xff"...)
	start := int64(len(ftyp()))
	for name, c := range map[string]struct {
		head []byte
		at   int64
		ok   bool
	}{
		"before the media": {append(ftyp(), film(false)...), start, true},
		"behind the media": {append(ftyp(), mdat[:100]...), start + int64(len(mdat)), true},
		"behind 8 GiB":     {append(ftyp(), wide...), start + 8<<30, true},
		"size past sense":  {append(ftyp(), endless...), start + maxOffset, false},
		"to the end":       {append(ftyp(), "\x00\x00\x00\x00mdat"...), start, false},
		"nowhere":          {append(ftyp(), mdat...), start + int64(len(mdat)), false},
	} {
		t.Run(name, func(t *testing.T) {
			if at, ok := findMoov(c.head); at != c.at || ok != c.ok {
				t.Errorf("got %d, %v; want %d, %v", at, ok, c.at, c.ok)
			}
		})
	}
}

// FuzzMedia: whatever a server sends is looked at without a panic, and what is
// told of it is within bounds.
func FuzzMedia(f *testing.F) {
	f.Add(append(ftyp(), film(true)...))
	f.Add(film(false))
	f.Add([]byte("#EXTM3U\n#EXTINF:9.5,\na.ts\n#EXT-X-ENDLIST\n"))
	f.Add([]byte("#EXTM3U\n#EXT-X-STREAM-INF:RESOLUTION=32767x32767\n../b.m3u8"))
	f.Add([]byte("\x1a\x45\xdf\xa3"))
	base := &url.URL{Scheme: "https", Host: "example.org"}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = sniff(data), whatInstead(data)
		at, ok := findMoov(data)
		if ok && (at < 0 || at >= maxOffset) {
			t.Fatalf("moov at %d", at)
		}
		if m := parseMoov(data); m.seconds < 0 || m.seconds > longestClip || m.width > maxPixels || m.height > maxPixels {
			t.Fatalf("%+v", m)
		}
		for _, whole := range []bool{true, false} {
			p := parsePlaylist(data, whole)
			if p.seconds < 0 || p.seconds > longestClip || p.width < 0 || p.height < 0 {
				t.Fatalf("%+v", p)
			}
			if next := p.next(base); next != "" && !strings.HasPrefix(next, "http") {
				t.Fatalf("leads to %q", next)
			}
		}
	})
}
